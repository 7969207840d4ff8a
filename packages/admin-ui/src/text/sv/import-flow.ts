/** What an import will do, taking it back, and undoing what a shop did, in Swedish. */
import type { Format } from '../format.ts'
import type { ImportFlowText } from '../import-text.ts'

export function importFlow(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'Det här kommer att hända',
      nothingYet: 'Inget har skrivits till butiken än.',
      differ: (skus, units) =>
        `${format.count(skus, 'artikel', 'artiklar')} får ett nytt saldo, sammanlagt ${format.number(units)} st.`,
      noneDiffer: 'Inga artiklar får ett nytt saldo.',
      toZero: (skus) => `${format.count(skus, 'artikel', 'artiklar')} går till 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'artikel', 'artiklar')} finns bara i den här butiken, följer med och behåller sitt saldo.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'artikel', 'artiklar')} finns bara i andra butiker och berör inte den här.`,
      largest: 'De största ändringarna först',
      change: (from, to) => `Från ${format.number(from)} till ${format.number(to)}`,
    },
    importPause: {
      pause: 'Pausa importen',
      resume: 'Fortsätt importen',
      held: 'Importen är pausad. Det som butiken säljer räknas ändå.',
      shopPaused: 'Butiken är pausad, så importen väntar. Avsluta pausen först.',
      cancelling: 'Importen avbröts. Butiken får tillbaka sina gamla saldon.',
      cancel: 'Avbryt importen …',
      cancelTitle: 'Vill du avbryta importen?',
      cancelStays: [
        'Butiken får tillbaka de saldon den hade före importen.',
        'Det som butiken själv har sålt eller fått in sedan dess räknas fortfarande av och till.',
        'Du kan starta importen igen efteråt.',
      ],
      cancelDo: 'Avbryt importen',
    },
    undo: {
      title: 'Ångra importen',
      until: (at) => `Till och med ${at} kan du ångra det som importen ändrade i butiken.`,
      open: 'Ångra importen …',
      confirmTitle: 'Ska importen ångras?',
      stays: [
        'Butiken pausas och får tillbaka sina egna saldon från före importen.',
        'Det som butiken själv har sålt eller fått in sedan dess är fortfarande draget och tillagt.',
        'De andra butikerna märker inget: deras saldon är kvar som de är.',
        'När du avslutar pausen tar butiken nätverkets saldon igen.',
      ],
      do: 'Ångra importen',
      running: 'Importen håller på att ångras. Butiken är pausad under tiden.',
      done: 'Butiken har sina egna saldon igen och är pausad. Avsluta pausen, så tar den nätverkets saldon. Var det butikens saldon som stämde? Gör dem då först till nätverkets.',
      refused: (skus) => `Butiken tog inte emot ${format.count(skus, 'artikel', 'artiklar')}. Se efter i butiken.`,
      useOpen: 'Använd den här butikens saldon …',
      useTitle: 'Ska den här butikens saldon gälla i alla butiker?',
      useStays: [
        'Alla butiker får de saldon som den här butiken hade före importen.',
        'Allt som butikerna har sålt och fått in sedan dess är draget och tillagt.',
        'Artiklar som importen inte rörde behåller sina saldon.',
      ],
      useDo: 'Använd den här butikens saldon',
      used: (skus, units) =>
        skus === 0
          ? 'Saldona var redan den här butikens.'
          : `${format.count(skus, 'artikel', 'artiklar')} har fått den här butikens saldo, sammanlagt ${format.number(units)} st. ändrade.`,
    },
    memberUndo: {
      open: 'Ångra ändringar …',
      title: (name) => `Ska det som ${name} har gjort ångras?`,
      stays: [
        'Allt som butiken har sålt och ändrat sedan tidpunkten tas ut ur lagret igen.',
        'Det som de andra butikerna har sålt är kvar.',
        'Det som butiken säljer från och med nu räknas som vanligt.',
        'Att ångra två gånger är samma sak som en gång.',
      ],
      since: 'Sedan',
      sinceHint: 'Tidpunkten då det började gå fel.',
      look: 'Visa vad som händer',
      would: (skus, units) =>
        skus === 0
          ? 'Det finns inget att ångra sedan dess.'
          : `${format.count(skus, 'artikel', 'artiklar')} får ett nytt saldo, sammanlagt ${format.number(units)} st.`,
      unclear: (skus) =>
        `För ${format.count(skus, 'artikel', 'artiklar')} vet vi inte än när något hände. De rörs inte. Försök igen senare.`,
      withEvict: 'Ta också bort butiken ur nätverket',
      do: 'Ångra',
      done: (skus, units) =>
        `${format.count(skus, 'artikel', 'artiklar')} har rättats, sammanlagt ${format.number(units)} st. De andra butikerna följer efter.`,
    },
  }
}

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
        'Det som butiken själv har sålt eller fått in sedan dess räknas fortfarande med.',
        'Du kan starta importen igen efteråt.',
      ],
      cancelDo: 'Avbryt importen',
    },
    undo: {
      title: 'Ångra importen',
      until: (at) => `Fram till ${at} kan du ångra det som importen ändrade i butiken.`,
      open: 'Ångra importen …',
      confirmTitle: 'Vill du ångra importen?',
      stays: [
        'Butiken pausas och får tillbaka sina egna saldon från före importen.',
        'Det som butiken själv har sålt eller fått in sedan dess räknas fortfarande med.',
        'De andra butikerna märker inget: deras saldon är kvar som de är.',
        'När du avslutar pausen tar butiken nätverkets saldon igen.',
      ],
      do: 'Ångra importen',
      running: 'Importen håller på att ångras. Butiken är pausad under tiden.',
      done: 'Butiken har sina egna saldon igen och är pausad. Avsluta pausen, så tar den nätverkets saldon. Var det den här butikens saldon som stämde? Använd dem då först i alla butiker med knappen nedan.',
      refused: (skus) =>
        `Butiken tog inte emot ändringen av ${format.count(skus, 'artikel', 'artiklar')}. Se varför i butiken.`,
      useOpen: 'Använd den här butikens saldon …',
      useTitle: 'Ska den här butikens saldon gälla i alla butiker?',
      useStays: [
        'Alla butiker får de saldon som den här butiken hade före importen.',
        'Allt som butikerna har sålt och fått in sedan dess räknas med.',
        'Artiklar som importen inte rörde behåller sina saldon.',
      ],
      useDo: 'Använd den här butikens saldon',
      used: (skus, units) =>
        skus === 0
          ? 'Alla butiker hade redan den här butikens saldon.'
          : `${format.count(skus, 'artikel', 'artiklar')} har fått den här butikens saldo, sammanlagt ${format.number(units)} st. ändrade.`,
    },
    memberUndo: {
      open: 'Ångra ändringar …',
      title: (name) => `Vill du ångra det som ${name} har gjort?`,
      stays: [
        'Lagret blir som om butiken inte hade sålt eller ändrat något sedan dess.',
        'Det som de andra butikerna har sålt är kvar.',
        'Det som butiken säljer från och med nu räknas som vanligt.',
        'Det gör ingen skillnad om du ångrar två gånger.',
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

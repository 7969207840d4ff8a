/** What an import will do, taking it back, and undoing what a shop did, in German. */
import type { Format } from '../format.ts'
import type { ImportFlowText } from '../import-text.ts'

export function importFlow(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'Das wird geschehen',
      nothingYet: 'In den Shop wurde noch nichts geschrieben.',
      differ: (skus, units) =>
        `${format.count(skus, 'Artikel erhält', 'Artikel erhalten')} einen neuen Bestand, zusammen ${format.number(units)} Stück.`,
      noneDiffer: 'Kein Artikel erhält einen neuen Bestand.',
      toZero: (skus) => `${format.count(skus, 'Artikel geht', 'Artikel gehen')} auf 0.`,
      onlyHere: (skus) =>
        skus === 1
          ? '1 Artikel ist nur in diesem Shop, kommt mit und behält seinen Bestand.'
          : `${format.number(skus)} Artikel sind nur in diesem Shop, kommen mit und behalten ihren Bestand.`,
      onlyNetwork: (skus) =>
        skus === 1
          ? '1 Artikel ist nur in anderen Shops und betrifft diesen nicht.'
          : `${format.number(skus)} Artikel sind nur in anderen Shops und betreffen diesen nicht.`,
      largest: 'Die größten Änderungen zuerst',
      change: (from, to) => `Von ${format.number(from)} auf ${format.number(to)}`,
    },
    importPause: {
      pause: 'Import anhalten',
      resume: 'Import fortsetzen',
      held: 'Der Import ist angehalten. Was der Shop verkauft, wird trotzdem mitgezählt.',
      shopPaused: 'Der Shop pausiert, deshalb wartet der Import. Beenden Sie zuerst die Pause.',
      cancelling: 'Der Import wurde abgebrochen. Der Shop bekommt seine alten Bestände zurück.',
      cancel: 'Import abbrechen …',
      cancelTitle: 'Import abbrechen?',
      cancelStays: [
        'Der Shop bekommt die Bestände zurück, die er vor dem Import hatte.',
        'Was der Shop seitdem selbst verkauft oder erhalten hat, zählt weiterhin.',
        'Sie können den Import danach neu starten.',
      ],
      cancelDo: 'Import abbrechen',
    },
    undo: {
      title: 'Import rückgängig machen',
      until: (at) => `Bis ${at} können Sie rückgängig machen, was der Import im Shop geändert hat.`,
      open: 'Import rückgängig machen …',
      confirmTitle: 'Import rückgängig machen?',
      stays: [
        'Der Shop pausiert und erhält seine eigenen Bestände von vor dem Import zurück.',
        'Was der Shop seitdem selbst verkauft oder erhalten hat, zählt weiterhin.',
        'Die anderen Shops merken nichts davon: Ihre Bestände bleiben, wie sie sind.',
        'Beenden Sie die Pause, übernimmt der Shop wieder die Bestände des Netzwerks.',
      ],
      do: 'Import rückgängig machen',
      running: 'Der Import wird rückgängig gemacht. Der Shop pausiert so lange.',
      done: 'Der Shop hat wieder seine eigenen Bestände und pausiert. Beenden Sie die Pause, dann übernimmt er die Bestände des Netzwerks. Waren die Bestände dieses Shops die richtigen? Dann verwenden Sie sie zuerst in allen Shops, mit der Schaltfläche unten.',
      refused: (skus) =>
        `Der Shop hat die Änderung von ${format.count(skus, 'Artikel', 'Artikeln')} nicht angenommen. Sehen Sie im Shop nach, warum.`,
      useOpen: 'Bestände dieses Shops verwenden …',
      useTitle: 'Sollen die Bestände dieses Shops in allen Shops gelten?',
      useStays: [
        'Alle Shops erhalten die Bestände, die dieser Shop vor dem Import hatte.',
        'Alles, was die Shops seitdem verkauft und erhalten haben, wird mitgerechnet.',
        'Artikel, die der Import nicht geändert hat, behalten ihren Bestand.',
      ],
      useDo: 'Bestände dieses Shops verwenden',
      used: (skus, units) =>
        skus === 0
          ? 'Alle Shops hatten schon die Bestände dieses Shops.'
          : `${format.count(skus, 'Artikel hat', 'Artikel haben')} jetzt den Bestand dieses Shops, zusammen ${format.number(units)} Stück geändert.`,
    },
    memberUndo: {
      open: 'Änderungen rückgängig machen …',
      title: (name) => `Änderungen von ${name} rückgängig machen?`,
      stays: [
        'Der Bestand wird so, als hätte der Shop seit diesem Zeitpunkt nichts verkauft und nichts geändert.',
        'Was die anderen Shops verkauft haben, bleibt.',
        'Was der Shop ab jetzt verkauft, zählt wie immer.',
        'Es macht keinen Unterschied, ob Sie das einmal oder zweimal tun.',
      ],
      since: 'Seit',
      sinceHint: 'Der Zeitpunkt, ab dem es schiefging.',
      look: 'Anzeigen, was geschieht',
      would: (skus, units) =>
        skus === 0
          ? 'Seitdem gibt es nichts rückgängig zu machen.'
          : `${format.count(skus, 'Artikel erhält', 'Artikel erhalten')} einen neuen Bestand, zusammen ${format.number(units)} Stück.`,
      unclear: (skus) =>
        `Bei ${format.count(skus, 'Artikel', 'Artikeln')} ist noch nicht bekannt, wann etwas passiert ist. Sie bleiben unberührt. Versuchen Sie es später erneut.`,
      withEvict: 'Den Shop auch aus dem Netzwerk entfernen',
      do: 'Rückgängig machen',
      done: (skus, units) =>
        `${format.count(skus, 'Artikel wurde', 'Artikel wurden')} berichtigt, zusammen ${format.number(units)} Stück. Die anderen Shops folgen.`,
    },
  }
}

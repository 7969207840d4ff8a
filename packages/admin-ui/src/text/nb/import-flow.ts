/** What an import will do, taking it back, and undoing what a shop did, in Norwegian (bokmål). */
import type { Format } from '../format.ts'
import type { ImportFlowText } from '../import-text.ts'

export function importFlow(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'Dette kommer til å skje',
      nothingYet: 'Ingenting er skrevet til butikken ennå.',
      differ: (skus, units) =>
        `${format.count(skus, 'vare', 'varer')} får et nytt tall, til sammen ${format.number(units)} stk.`,
      noneDiffer: 'Ingen varer får et nytt tall.',
      toZero: (skus) => `${format.count(skus, 'vare', 'varer')} går til 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'vare', 'varer')} finnes bare i denne butikken, blir med og beholder tallet sitt.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'vare', 'varer')} finnes bare i andre butikker og berører ikke denne.`,
      largest: 'De største endringene først',
      change: (from, to) => `Fra ${format.number(from)} til ${format.number(to)}`,
    },
    importPause: {
      pause: 'Sett importen på pause',
      resume: 'Fortsett importen',
      held: 'Importen er på pause. Det butikken selger, telles med likevel.',
      shopPaused: 'Butikken er på pause, så importen venter. Avslutt pausen først.',
      cancelling: 'Importen er avbrutt. Butikken får de gamle tallene sine tilbake.',
      cancel: 'Avbryt importen …',
      cancelTitle: 'Vil du avbryte importen?',
      cancelStays: [
        'Butikken får tilbake tallene den hadde før importen.',
        'Det butikken selv har solgt eller fått inn siden, telles fortsatt med.',
        'Du kan starte importen igjen etterpå.',
      ],
      cancelDo: 'Avbryt importen',
    },
    undo: {
      title: 'Angre importen',
      until: (at) => `Fram til ${at} kan du angre det importen endret i butikken.`,
      open: 'Angre importen …',
      confirmTitle: 'Vil du angre importen?',
      stays: [
        'Butikken settes på pause og får tilbake sine egne tall fra før importen.',
        'Det butikken selv har solgt eller fått inn siden, telles fortsatt med.',
        'De andre butikkene merker ingenting: Tallene deres blir som de er.',
        'Når du avslutter pausen, tar butikken tallene fra nettverket igjen.',
      ],
      do: 'Angre importen',
      running: 'Importen blir angret. Butikken er på pause imens.',
      done: 'Butikken har sine egne tall igjen og er på pause. Avslutt pausen, så tar den tallene fra nettverket. Var det tallene i denne butikken som var riktige? Bruk dem da først i alle butikkene med knappen nedenfor.',
      refused: (skus) => `Butikken avviste å endre ${format.count(skus, 'vare', 'varer')}. Se hvorfor i butikken.`,
      useOpen: 'Bruk tallene fra denne butikken …',
      useTitle: 'Skal tallene fra denne butikken gjelde i alle butikker?',
      useStays: [
        'Alle butikker får tallene som denne butikken hadde før importen.',
        'Alt butikkene har solgt og fått inn siden, er regnet med.',
        'Varer som importen ikke rørte, beholder tallene sine.',
      ],
      useDo: 'Bruk tallene fra denne butikken',
      used: (skus, units) =>
        skus === 0
          ? 'Alle butikkene hadde allerede tallene fra denne butikken.'
          : `${format.count(skus, 'vare', 'varer')} har fått tallet fra denne butikken, til sammen ${format.number(units)} stk. endret.`,
    },
    memberUndo: {
      open: 'Angre endringer …',
      title: (name) => `Vil du angre det ${name} har gjort?`,
      stays: [
        'Lageret blir som om butikken ikke hadde solgt eller endret noe siden da.',
        'Det de andre butikkene har solgt, blir stående.',
        'Det butikken selger fra nå av, telles som vanlig.',
        'Det gjør ingen forskjell om du angrer to ganger.',
      ],
      since: 'Siden',
      sinceHint: 'Tidspunktet da det begynte å gå galt.',
      look: 'Vis hva som skjer',
      would: (skus, units) =>
        skus === 0
          ? 'Det er ingenting å angre siden da.'
          : `${format.count(skus, 'vare', 'varer')} får et nytt tall, til sammen ${format.number(units)} stk.`,
      unclear: (skus) =>
        `For ${format.count(skus, 'vare', 'varer')} vet vi ikke ennå når noe skjedde. De blir ikke rørt. Prøv igjen senere.`,
      withEvict: 'Fjern også butikken fra nettverket',
      do: 'Angre',
      done: (skus, units) =>
        `${format.count(skus, 'vare', 'varer')} er rettet, til sammen ${format.number(units)} stk. De andre butikkene følger etter.`,
    },
  }
}

/** What an import will do, taking it back, and undoing what a shop did, in Danish. */
import type { Format } from '../format.ts'
import type { ImportFlowText } from '../import-text.ts'

export function importFlow(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'Det vil ske',
      nothingYet: 'Der er endnu ikke skrevet noget til butikken.',
      differ: (skus, units) =>
        `${format.count(skus, 'vare', 'varer')} får et nyt tal, tilsammen ${format.number(units)} stk.`,
      noneDiffer: 'Ingen varer får et nyt tal.',
      toZero: (skus) => `${format.count(skus, 'vare', 'varer')} går til 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'vare', 'varer')} findes kun i denne butik, kommer med og beholder deres tal.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'vare', 'varer')} findes kun i andre butikker og berører ikke denne.`,
      largest: 'De største ændringer først',
      change: (from, to) => `Fra ${format.number(from)} til ${format.number(to)}`,
    },
    importPause: {
      pause: 'Sæt importen på pause',
      resume: 'Fortsæt importen',
      held: 'Importen er på pause. Det, butikken sælger, tælles med alligevel.',
      shopPaused: 'Butikken er på pause, så importen venter. Ophæv først pausen.',
      cancelling: 'Importen er afbrudt. Butikken får sine gamle tal igen.',
      cancel: 'Afbryd importen …',
      cancelTitle: 'Skal importen afbrydes?',
      cancelStays: [
        'Butikken får de tal igen, den havde før importen.',
        'Det, butikken selv har solgt eller fået ind siden, tæller stadig med.',
        'Du kan starte importen igen bagefter.',
      ],
      cancelDo: 'Afbryd importen',
    },
    undo: {
      title: 'Fortryd importen',
      until: (at) => `Indtil ${at} kan du fortryde, hvad importen ændrede i butikken.`,
      open: 'Fortryd importen …',
      confirmTitle: 'Skal importen fortrydes?',
      stays: [
        'Butikken sættes på pause og får sine egne tal fra før importen igen.',
        'Det, butikken selv har solgt eller fået ind siden, tæller stadig med.',
        'De andre butikker mærker ingenting: deres tal bliver, som de er.',
        'Ophæver du pausen, tager butikken netværkets tal igen.',
      ],
      do: 'Fortryd importen',
      running: 'Importen bliver fortrudt. Butikken er på pause imens.',
      done: 'Butikken har sine egne tal igen og er på pause. Ophæv pausen, så tager den netværkets tal. Var det denne butiks tal, der var de rigtige? Så brug dem først i alle butikker med knappen herunder.',
      refused: (skus) => `Butikken afviste at ændre ${format.count(skus, 'vare', 'varer')}. Se hvorfor i butikken.`,
      useOpen: 'Brug denne butiks tal …',
      useTitle: 'Skal denne butiks tal gælde i alle butikker?',
      useStays: [
        'Alle butikker får de tal, som denne butik havde før importen.',
        'Alt, hvad butikkerne har solgt og fået ind siden, er regnet med.',
        'Varer, som importen ikke rørte, beholder deres tal.',
      ],
      useDo: 'Brug denne butiks tal',
      used: (skus, units) =>
        skus === 0
          ? 'Alle butikker havde allerede denne butiks tal.'
          : `${format.count(skus, 'vare har', 'varer har')} fået denne butiks tal, tilsammen ${format.number(units)} stk. ændret.`,
    },
    memberUndo: {
      open: 'Fortryd ændringer …',
      title: (name) => `Skal det, ${name} har gjort, fortrydes?`,
      stays: [
        'Lageret bliver, som det ville være, hvis butikken intet havde solgt eller ændret siden da.',
        'Det, de andre butikker har solgt, bliver stående.',
        'Det, butikken sælger fra nu af, tælles med som altid.',
        'Det gør ingen forskel, om du fortryder én eller to gange.',
      ],
      since: 'Siden',
      sinceHint: 'Tidspunktet, da det begyndte at gå galt.',
      look: 'Vis, hvad der sker',
      would: (skus, units) =>
        skus === 0
          ? 'Der er intet at fortryde siden da.'
          : `${format.count(skus, 'vare', 'varer')} får et nyt tal, tilsammen ${format.number(units)} stk.`,
      unclear: (skus) =>
        `For ${format.count(skus, 'vare', 'varer')} ved vi endnu ikke, hvornår der skete noget. De bliver ikke rørt; prøv igen senere.`,
      withEvict: 'Fjern også butikken fra netværket',
      do: 'Fortryd',
      done: (skus, units) =>
        `${format.count(skus, 'vare', 'varer')} er rettet, tilsammen ${format.number(units)} stk. De andre butikker følger efter.`,
    },
  }
}

/** What a person reads and presses where changes wait, and where they are undone; not taken from the program. */
import type { Language } from './visitor.ts'

export interface UndoWords {
  readonly problemWaits: string
  readonly lookAtProblem: string
  readonly held: string
  readonly massChange: RegExp
  readonly massChangeOf: (shop: string) => RegExp
  readonly goToZero: string
  readonly fromTo: (from: number, to: number) => string
  readonly showProducts: string
  readonly level: string
  readonly shopHas: string
  readonly useNetwork: string
  readonly approve: string
  readonly undoForAll: string
  readonly sure: string
  readonly askOwn: string
  readonly soldOut: string
  readonly importUndo: string
  readonly importUndoUntil: RegExp
  readonly importUndoOpen: string
  readonly importUndoTitle: string
  readonly importUndoOthers: string
  readonly importUndone: RegExp
  readonly shopPaused: RegExp
  readonly useShopOpen: string
  readonly useShopTitle: string
  readonly useShopSales: string
  readonly useShop: string
  readonly usedShop: RegExp
  readonly usedAlready: string
  readonly memberUndoOpen: string
  readonly memberUndoTitle: (shop: string) => string
  readonly since: string
  readonly show: string
  readonly would: (products: number, units: number) => string
  readonly wouldNothing: string
  readonly undo: string
  readonly undone: (products: number, units: number) => string
  readonly undoneSome: RegExp
  readonly withRemoval: string
  readonly close: string
}

const danish: UndoWords = {
  problemWaits: '1 problem venter på dig.',
  lookAtProblem: 'Se på problemet',
  held: 'Venter på din afgørelse',
  massChange: /^60 varenumre blev ændret på én gang, uden at en ordre forklarer det\./,
  massChangeOf: (shop) => new RegExp(`^${shop} ændrede 60 varenumre på én gang, uden at en ordre forklarer det\\.`),
  goToZero: '60 af dem ville ende på 0.',
  fromTo: (from, to) => `Fra ${from} til ${to}`,
  showProducts: 'Vis 60 varer',
  level: 'Lagerantal',
  shopHas: 'Butikken melder',
  useNetwork: 'Brug netværkets tal',
  approve: 'Godkend ændringen',
  undoForAll: 'Fortryd for alle butikker',
  sure: 'Er du sikker?',
  askOwn: 'Spørg, før de andre butikker får en stor ændring i denne butik at vide',
  soldOut: 'Udsolgt',
  importUndo: 'Fortryd importen',
  importUndoUntil: /^Indtil .+ kan du fortryde, hvad importen ændrede i butikken\.$/,
  importUndoOpen: 'Fortryd importen …',
  importUndoTitle: 'Skal importen fortrydes?',
  importUndoOthers: 'De andre butikker mærker ingenting: deres tal bliver, som de er.',
  importUndone: /^Butikken har sine egne tal igen og er på pause\./,
  shopPaused: /^Butikken er på pause/,
  useShopOpen: 'Brug denne butiks tal …',
  useShopTitle: 'Skal denne butiks tal gælde i alle butikker?',
  useShopSales: 'Alt, hvad butikkerne har solgt og fået ind siden, er regnet med.',
  useShop: 'Brug denne butiks tal',
  usedShop: /^\d+ varer har fået denne butiks tal, tilsammen [\d.]+ stk\. ændret\.$/,
  usedAlready: 'Alle butikker havde allerede denne butiks tal.',
  memberUndoOpen: 'Fortryd ændringer …',
  memberUndoTitle: (shop) => `Skal det, ${shop} har gjort, fortrydes?`,
  since: 'Siden',
  show: 'Vis, hvad der sker',
  would: (products, units) =>
    `${products} ${products === 1 ? 'vare' : 'varer'} får et nyt tal, tilsammen ${units} stk.`,
  wouldNothing: 'Der er intet at fortryde siden da.',
  undo: 'Fortryd',
  undone: (products, units) =>
    `${products} ${products === 1 ? 'vare' : 'varer'} er rettet, tilsammen ${units} stk. De andre butikker følger efter.`,
  undoneSome: /^\d+ varer er rettet, tilsammen [\d.]+ stk\. De andre butikker følger efter\.$/,
  withRemoval: 'Fjern også butikken fra netværket',
  close: 'Luk',
}

const english: UndoWords = {
  problemWaits: '1 problem needs your attention.',
  lookAtProblem: 'Look at the problem',
  held: 'Held for your decision',
  massChange: /^60 SKUs were changed at once without an order that explains it\./,
  massChangeOf: (shop) => new RegExp(`^${shop} changed 60 SKUs at once, and no order explains it\\.`),
  goToZero: '60 of them would go to zero.',
  fromTo: (from, to) => `From ${from} to ${to}`,
  showProducts: 'Show 60 products',
  level: 'Stock',
  shopHas: 'Shop reports',
  useNetwork: 'Use the network’s numbers',
  approve: 'Approve the change',
  undoForAll: 'Undo for all shops',
  sure: 'Are you sure?',
  askOwn: 'Ask before the other shops hear of a large change in this shop',
  soldOut: 'Sold out',
  importUndo: 'Undo the import',
  importUndoUntil: /^Until .+ you can undo what the import changed in this shop\.$/,
  importUndoOpen: 'Undo the import …',
  importUndoTitle: 'Undo the import?',
  importUndoOthers: 'The other shops notice nothing: their numbers stay as they are.',
  importUndone: /^The shop has its own numbers again and is paused\./,
  shopPaused: /^This shop is paused/,
  useShopOpen: 'Use this shop’s numbers …',
  useShopTitle: 'Use this shop’s numbers in every shop?',
  useShopSales: 'All that the shops have sold and received since is counted in.',
  useShop: 'Use this shop’s numbers',
  usedShop: /^\d+ products have this shop’s number now, [\d,]+ units changed in all\.$/,
  usedAlready: 'Every shop had this shop’s numbers already.',
  memberUndoOpen: 'Undo changes …',
  memberUndoTitle: (shop) => `Undo what ${shop} did?`,
  since: 'Since',
  show: 'Show what will happen',
  would: (products, units) =>
    `${products} ${products === 1 ? 'product gets' : 'products get'} a new number, ${units} units in all.`,
  wouldNothing: 'There is nothing to undo since then.',
  undo: 'Undo',
  undone: (products, units) =>
    `${products} ${products === 1 ? 'product is' : 'products are'} put right, ${units} units in all. The other shops follow.`,
  undoneSome: /^\d+ products are put right, [\d,]+ units in all\. The other shops follow\.$/,
  withRemoval: 'Remove the shop from the network as well',
  close: 'Close',
}

export const undoWordsOf: Readonly<Record<Language, UndoWords>> = { da: danish, en: english }

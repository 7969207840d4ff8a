/** What a person reads and presses on the forms, written down once for each language and not taken from the program. */
import type { Language } from './visitor.ts'

export interface FormWords {
  readonly counted: string
  readonly unsent: string
  readonly saveCount: string
  readonly countList: string
  readonly lines: string
  readonly head: string
  readonly showDifferences: string
  readonly noSuchSku: RegExp
  readonly saveList: string
  readonly listSaved: RegExp
  readonly lastDays: RegExp
  readonly showNumbers: string
  readonly received: string
  readonly note: string
  readonly saveReceived: string
  readonly changed: (from: number, to: number) => string
  readonly settings: string
  readonly shopName: string
  readonly buffer: string
  readonly webhook: string
  readonly saved: string
  readonly formWrong: string
  readonly guard: string
  readonly shares: string
  readonly saveShares: string
  readonly sharesSaved: string
  readonly testAlerts: string
  readonly alertsNotSet: RegExp
  readonly backup: string
  readonly mayWrite: string
  readonly pause: string
  readonly pausedSince: RegExp
  readonly lookMeanwhile: string
  readonly changedMeanwhile: RegExp
  readonly skuChoice: string
  readonly ownBuffer: string
  readonly saveBuffer: string
  readonly choiceSaved: string
  readonly choices: string
  readonly ownBufferOf: (units: number) => string
  readonly stopAll: string
  readonly stoppedAll: RegExp
  readonly resumeAll: string
  readonly oversoldLink: string
  readonly twoOrders: RegExp
  readonly writeToBuyer: string
  readonly sendAsUsual: string
  readonly restock: string
  readonly nothingOversold: string
  readonly resume: string
  readonly remove: string
  readonly removeTitle: (shop: string) => string
  readonly removeStays: string
  readonly removeConfirm: string
  readonly evicted: RegExp
}

const danish: FormWords = {
  counted: 'Talt på hylden',
  unsent: 'Heraf solgt og ikke sendt',
  saveCount: 'Gem optælling',
  countList: 'Optælling og varemodtagelse',
  lines: 'Varenr. og antal',
  head: 'Varenr.\tAntal',
  showDifferences: 'Se forskellene',
  noSuchSku: /Ingen vare har dette varenr/,
  saveList: 'Gem optællingen',
  listSaved: /^Gemt: 1 varenr\./,
  lastDays: /^Lagerantal for 20668 de sidste 30 dage$/,
  showNumbers: 'Vis tallene',
  received: 'Modtaget antal',
  note: 'Note',
  saveReceived: 'Læg på lager',
  changed: (from, to) => `Gemt: lagerantallet er ændret fra ${from} til ${to}.`,
  settings: 'Indstillinger',
  shopName: 'Butikkens navn',
  buffer: 'Buffer',
  webhook: 'Webhook-adresse',
  saved: 'Indstillingerne er gemt.',
  formWrong: 'Noget i formularen passer ikke. Se felterne efter, og prøv igen.',
  guard: 'Undgå oversalg, når en butik er uden kontakt',
  shares: 'Sådan deles lageret',
  saveShares: 'Gem delingen',
  sharesSaved: 'Gemt. De andre butikker får det at vide af sig selv.',
  testAlerts: 'Send en prøvebesked',
  alertsNotSet: /^Beskeder sendes ingen steder hen\./,
  backup: 'Hent en sikkerhedskopi',
  mayWrite: 'Nøglen må ændre lagertal.',
  pause: 'Sæt på pause',
  pausedSince: /^Butikken har været på pause siden \d\d\.\d\d\.$/,
  lookMeanwhile: 'Se, hvad der er ændret',
  changedMeanwhile: /^1 varenr\. er ændret, tilsammen \d+ stk\.$/,
  skuChoice: 'Buffer, eller hold varen udenfor',
  ownBuffer: 'Buffer for denne vare',
  saveBuffer: 'Gem buffer',
  choiceSaved: 'Gemt.',
  choices: 'Varer med egen buffer eller holdt udenfor',
  ownBufferOf: (units) => `Egen buffer: ${units}`,
  stopAll: 'Stop alt',
  stoppedAll: /^Alt er stoppet/,
  resumeAll: 'Lad alt fortsætte',
  oversoldLink: 'Vis oversolgte varer',
  twoOrders: /^De to ordrer kom med .+ imellem\.$/,
  writeToBuyer: 'Skriv til køberen: 1 stk. mangler',
  sendAsUsual: 'Send som normalt',
  restock: 'Modtag eller tæl varen',
  nothingOversold: 'Intet er oversolgt.',
  resume: 'Ophæv pausen',
  remove: 'Fjern …',
  removeTitle: (shop) => `Skal ${shop} fjernes fra netværket?`,
  removeStays: 'Den beholder de tal, den viser nu, og kan sælge videre for sig selv.',
  removeConfirm: 'Fjern butikken',
  evicted: /^En anden butik har fjernet denne fra netværket\./,
}

const english: FormWords = {
  counted: 'Counted on the shelf',
  unsent: 'Of these sold and not sent yet',
  saveCount: 'Save the count',
  countList: 'Count and receive',
  lines: 'SKU and quantity',
  head: 'SKU\tQuantity',
  showDifferences: 'See the differences',
  noSuchSku: /No product has this SKU/,
  saveList: 'Save the stock count',
  listSaved: /^Saved: 1 SKU,/,
  lastDays: /^Stock of 20668 in the last 30 days$/,
  showNumbers: 'Show the numbers',
  received: 'Units received',
  note: 'Note',
  saveReceived: 'Add to the stock',
  changed: (from, to) => `Saved: the stock changed from ${from} to ${to}.`,
  settings: 'Settings',
  shopName: 'Name of the shop',
  buffer: 'Buffer',
  webhook: 'Address of the webhook',
  saved: 'The settings are saved.',
  formWrong: 'Something in the form does not fit. Check the fields and try again.',
  guard: 'Avoid overselling while a shop is out of reach',
  shares: 'How the stock is shared',
  saveShares: 'Save the sharing',
  sharesSaved: 'Saved. The other shops are told by themselves.',
  testAlerts: 'Send a test message',
  alertsNotSet: /^Alerts are sent nowhere\./,
  backup: 'Download a backup',
  mayWrite: 'The key may change stock.',
  pause: 'Pause',
  pausedSince: /^This shop has been paused since \d\d:\d\d\.$/,
  lookMeanwhile: 'See what was changed',
  changedMeanwhile: /^1 SKU was changed, by \d+ units? together\.$/,
  skuChoice: 'Buffer, or leave the product out',
  ownBuffer: 'Buffer of this product',
  saveBuffer: 'Save buffer',
  choiceSaved: 'Saved.',
  choices: 'Products with a buffer of their own, or left out',
  ownBufferOf: (units) => `Own buffer: ${units}`,
  stopAll: 'Stop everything',
  stoppedAll: /^Everything is stopped/,
  resumeAll: 'Let everything go on',
  oversoldLink: 'Show oversold products',
  twoOrders: /^The two orders came .+ apart\.$/,
  writeToBuyer: 'Write to the buyer: 1 unit missing',
  sendAsUsual: 'Send as always',
  restock: 'Receive or count the product',
  nothingOversold: 'Nothing is oversold.',
  resume: 'Resume',
  remove: 'Remove …',
  removeTitle: (shop) => `Remove ${shop} from the network?`,
  removeStays: 'It keeps the numbers it shows now, and can go on selling by itself.',
  removeConfirm: 'Remove the shop',
  evicted: /^This shop was removed from the network by another shop\./,
}

export const formWordsOf: Readonly<Record<Language, FormWords>> = { da: danish, en: english }

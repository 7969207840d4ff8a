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
  readonly tryShop: string
  readonly mayWrite: string
  readonly checkCatalogue: string
  readonly allGood: string
  readonly pause: string
  readonly pausedSince: RegExp
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
  tryShop: 'Prøv forbindelsen',
  mayWrite: 'Nøglen må ændre lagertal.',
  checkCatalogue: 'Gennemgå kataloget',
  allGood: 'Alt kan synkroniseres.',
  pause: 'Sæt på pause',
  pausedSince: /^Butikken har været på pause siden \d\d\.\d\d\.$/,
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
  tryShop: 'Try the connection',
  mayWrite: 'The key may change stock.',
  checkCatalogue: 'Check the catalogue',
  allGood: 'All of it can be synchronised.',
  pause: 'Pause',
  pausedSince: /^This shop has been paused since \d\d:\d\d\.$/,
  resume: 'Resume',
  remove: 'Remove …',
  removeTitle: (shop) => `Remove ${shop} from the network?`,
  removeStays: 'It keeps the numbers it shows now, and can go on selling by itself.',
  removeConfirm: 'Remove the shop',
  evicted: /^This shop was removed from the network by another shop\./,
}

export const formWordsOf: Readonly<Record<Language, FormWords>> = { da: danish, en: english }

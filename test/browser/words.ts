/** What a person reads and presses in the walk, written down once for each language and not taken from the program. */
import type { Language } from './visitor.ts'

export interface Words {
  readonly nav: Readonly<Record<'overview' | 'products' | 'problems' | 'log' | 'shops', string>>
  readonly language: string
  readonly notConnected: string
  readonly alone: string
  readonly inStep: string
  readonly connected: RegExp
  readonly choosePlatform: string
  readonly tryShop: string
  /** One product, as the trial of the connection read it. */
  readonly sample: RegExp
  readonly checkCatalogue: string
  readonly allGood: string
  readonly import: string
  /** Both numbers of "n of N", then the time. */
  readonly importDone: RegExp
  readonly importListing: RegExp
  readonly memberImporting: RegExp
  readonly importReady: string
  readonly duplicates: string
  readonly duplicatesNone: string
  readonly allProducts: string
  readonly noProblems: string
  readonly joinAddress: string
  readonly sendJoinRequest: string
  readonly joinReceived: RegExp
  readonly requests: string
  readonly accept: string
  readonly acceptTitle: (shop: string) => string
  readonly acceptConfirm: string
  readonly latestLog: string
  readonly sale: string
  readonly manualChange: string
  readonly joined: string
  readonly lastChanged: string
  readonly explained: string
  readonly correctStock: string
  readonly sort: string
  readonly onlyHere: string
  readonly synchronised: string
  readonly leave: string
  readonly leaveTitle: string
  readonly leaveStays: string
  readonly leaveConfirm: string
  readonly facts: (shops: number) => RegExp
  readonly sku: string
  readonly name: string
  readonly stock: string
  readonly edit: string
  readonly save: string
  readonly buy: string
  readonly ordered: RegExp
  readonly inStock: (units: number) => string
  readonly newProduct: string
  readonly setUp: {
    readonly title: string
    readonly code: string
    readonly shopName: string
    readonly password: string
    readonly do: string
    readonly wrongCode: string
    readonly signOut: string
    readonly signIn: string
    readonly signInPassword: string
  }
}

const danish: Words = {
  nav: { overview: 'Overblik', products: 'Varer', problems: 'Problemer', log: 'Log', shops: 'Butikker' },
  language: 'Sprog',
  notConnected: 'Butikken er endnu ikke forbundet med andre.',
  alone: 'Butikken er klar, men er endnu den eneste i netværket.',
  inStep: 'Alt er synkroniseret.',
  connected: /Forbundet|Online/,
  choosePlatform: 'Vælg platform og nøgle',
  tryShop: 'Prøv forbindelsen',
  sample: /En vare derfra: .+, varenr\. \S+, \d+ på lager\.$/,
  checkCatalogue: 'Gennemgå kataloget',
  allGood: 'Alt kan synkroniseres.',
  import: 'Importér',
  importDone: /^([\d.]+) af ([\d.]+) · færdig \d/,
  importListing: /^Butikkens varer læses: \d+ indtil nu\.$/,
  memberImporting: /^Importerer: \d+ af \d+$/,
  importReady: 'Importen er klar til at blive startet.',
  duplicates: 'Med dobbelt model/varenr.',
  duplicatesNone: 'Ingen dubletter: hvert varenr. hører til én vare.',
  allProducts: 'Alle varer',
  noProblems: 'Ingen problemer',
  joinAddress: 'Den anden butiks adresse',
  sendJoinRequest: 'Send anmodning til butik',
  joinReceived: /Modtaget$/,
  requests: 'Anmodninger',
  accept: 'Godkend',
  acceptTitle: (shop) => `Viser ${shop} den samme kode?`,
  acceptConfirm: 'Koderne er ens: godkend',
  latestLog: 'Seneste log',
  sale: 'Salg',
  manualChange: 'Manuel ændring',
  joined: 'Butik kom med',
  lastChanged: 'Sidst ændret',
  explained: 'Tallet forklaret',
  correctStock: 'Ret lageret',
  sort: 'Sortér efter',
  onlyHere: 'Kun i denne butik',
  synchronised: 'Synkroniseret',
  leave: 'Afbryd …',
  leaveTitle: 'Skal butikken afbrydes fra netværket?',
  leaveStays: 'Butikken beholder de tal, den viser nu, og sælger videre.',
  leaveConfirm: 'Afbryd butikken',
  facts: (shops) => new RegExp(`^${shops} butikker, \\d+ varer, sidste ændring (nu|for \\d+ sekund(er)? siden)\\.$`),
  sku: 'Varenr.',
  name: 'Navn',
  stock: 'Lagerantal',
  edit: 'Ret',
  save: 'Gem',
  buy: 'Køb',
  ordered: /Tak\. Ordre (\S+) er afgivet\./,
  inStock: (units) => `${units} på lager`,
  newProduct: 'Ny vare',
  setUp: {
    title: 'Sæt noden op',
    code: 'Opsætningskode',
    shopName: 'Butikkens navn',
    password: 'Vælg en adgangskode',
    do: 'Sæt op',
    wrongCode: 'Opsætningskoden er ikke rigtig. Kopiér den fra linjen, noden skrev, da den startede.',
    signOut: 'Log ud',
    signIn: 'Log ind',
    signInPassword: 'Adgangskode',
  },
}

const english: Words = {
  nav: { overview: 'Overview', products: 'Products', problems: 'Problems', log: 'Log', shops: 'Shops' },
  language: 'Language',
  notConnected: 'This shop is not connected to any other yet.',
  alone: 'This shop is ready and still the only one in its network.',
  inStep: 'Everything is in step.',
  connected: /Connected|Online/,
  choosePlatform: 'Choose platform and key',
  tryShop: 'Try the connection',
  sample: /A product of it: .+, SKU \S+, \d+ in stock\.$/,
  checkCatalogue: 'Check the catalogue',
  allGood: 'All of it can be synchronised.',
  import: 'Import',
  importDone: /^([\d,]+) of ([\d,]+) · done \d/,
  importListing: /^The shop’s products are being read: \d+ so far\.$/,
  memberImporting: /^Importing: \d+ of \d+$/,
  importReady: 'The import is ready to be started.',
  duplicates: 'With duplicate model/SKU',
  duplicatesNone: 'No duplicates: every SKU belongs to one product.',
  allProducts: 'All products',
  noProblems: 'No problems',
  joinAddress: 'Address of the other shop',
  sendJoinRequest: 'Send join request to store',
  joinReceived: /Received$/,
  requests: 'Join requests',
  accept: 'Accept',
  acceptTitle: (shop) => `Does ${shop} show the same code?`,
  acceptConfirm: 'The codes are equal: accept',
  latestLog: 'Latest logs',
  sale: 'Sale',
  manualChange: 'Manual change',
  joined: 'Shop joined',
  lastChanged: 'Last changed',
  explained: 'The number explained',
  correctStock: 'Correct the stock',
  sort: 'Sort by',
  onlyHere: 'Only in this shop',
  synchronised: 'In step',
  leave: 'Disconnect …',
  leaveTitle: 'Disconnect this shop from the network?',
  leaveStays: 'The shop keeps the numbers it shows now, and goes on selling.',
  leaveConfirm: 'Disconnect',
  facts: (shops) => new RegExp(`^${shops} shops, \\d+ products, last change (now|\\d+ seconds? ago)\\.$`),
  sku: 'SKU',
  name: 'Name',
  stock: 'Stock',
  edit: 'Edit',
  save: 'Save',
  buy: 'Buy',
  ordered: /Thank you\. Order (\S+) is placed\./,
  inStock: (units) => `${units} in stock`,
  newProduct: 'New product',
  setUp: {
    title: 'Set up this node',
    code: 'Set-up token',
    shopName: 'Name of the shop',
    password: 'Choose a password',
    do: 'Set up',
    wrongCode: 'The set-up token is not right. Copy it from the line the node printed when it started.',
    signOut: 'Sign out',
    signIn: 'Sign in',
    signInPassword: 'Password',
  },
}

export const wordsOf: Readonly<Record<Language, Words>> = { da: danish, en: english }

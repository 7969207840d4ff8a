/**
 * Every sentence of the storefront and of the shop's own admin page, in both languages and as one type.
 */
import type { Format, Language } from './format.ts'

export interface ShopText {
  readonly loading: string
  readonly search: string
  readonly searchHint: string
  readonly more: string
  readonly language: string
  readonly demoHint: string
  readonly welcome: string
  readonly noSku: string
  readonly noName: string
  readonly quantity: string
  readonly buy: string
  readonly add: string
  readonly basket: string
  readonly basketEmpty: string
  readonly order: string
  readonly remove: string
  readonly soldOut: string
  readonly inStockUntracked: string
  readonly empty: string
  readonly emptySearch: string
  readonly signInHere: string
  readonly nodeAdmin: string
  readonly node: string
  readonly untracked: string
  readonly storefront: string
  readonly admin: string
  readonly adminIntro: string
  readonly key: string
  readonly keyHint: string
  readonly signIn: string
  readonly signOut: string
  readonly all: string
  readonly duplicates: string
  readonly duplicatesHelp: string
  readonly duplicatesNone: string
  readonly create: string
  readonly sku: string
  readonly name: string
  readonly stock: string
  readonly stockHint: string
  readonly variants: string
  readonly addVariant: string
  readonly save: string
  readonly cancel: string
  readonly delete: string
  readonly deleteIntro: string
  readonly edit: string
  readonly actions: string
  readonly orders: string
  readonly ordersNone: string
  readonly cancelOrder: string
  readonly cancelled: string
  readonly saved: string
  readonly products: string
  readonly inStockAfter: string
  inStock(count: number): string
  ordered(id: string): string
  lines(count: number): string
  deleteTitle(name: string): string
  variantOf(name: string): string
  stockNow(count: string): string
  total(count: number): string
  orderCancelled(id: string, skipped: number): string
}

function english(format: Format): ShopText {
  return {
    loading: 'Loading …',
    search: 'Search',
    searchHint: 'Name or SKU',
    more: 'Show more',
    language: 'Language',
    demoHint:
      'This is a shop for trying things out: an order here is a real order in its stock, but nothing is paid or sent.',
    welcome: 'Welcome',
    noSku: 'no SKU',
    noName: 'No name',
    quantity: 'Quantity',
    buy: 'Buy',
    add: 'Add to basket',
    basket: 'Basket',
    basketEmpty: 'The basket is empty.',
    order: 'Order',
    remove: 'Remove',
    soldOut: 'Sold out',
    inStockUntracked: 'In stock',
    inStockAfter: 'in stock',
    empty: 'This shop has no products yet.',
    emptySearch: 'No products fit your search.',
    signInHere: 'This shop is open to those who are signed in.',
    nodeAdmin: 'Sign in on the admin pages',
    node: 'Node',
    untracked: 'not tracked',
    storefront: 'Storefront',
    admin: 'Shop admin',
    adminIntro: 'The shop’s own products and orders, as a shop platform has them.',
    key: 'Shop key',
    keyHint: 'The key the shop was started with (STOCKMESH_SHOP_KEY).',
    signIn: 'Sign in',
    signOut: 'Sign out',
    all: 'All products',
    duplicates: 'With duplicate model/SKU',
    duplicatesHelp:
      'These products share their SKU with another. Give each its own; the list must be empty before they can be synchronised.',
    duplicatesNone: 'No duplicates: every SKU belongs to one product.',
    create: 'New product',
    sku: 'SKU',
    name: 'Name',
    stock: 'Stock',
    stockHint: 'Empty means that stock is not tracked.',
    variants: 'Variants',
    addVariant: 'Add variant',
    save: 'Save',
    cancel: 'Cancel',
    delete: 'Delete',
    deleteIntro: 'The product leaves this shop. Other shops keep theirs.',
    edit: 'Edit',
    actions: 'Actions',
    orders: 'Latest orders',
    ordersNone: 'No orders yet.',
    cancelOrder: 'Cancel order',
    cancelled: 'Cancelled',
    saved: 'Saved',
    products: 'Products',
    inStock: (count) => `${format.number(count)} in stock`,
    ordered: (id) => `Thank you. Order ${id} is placed.`,
    lines: (count) => format.count(count, 'unit', 'units'),
    deleteTitle: (name) => `Delete ${name}?`,
    variantOf: (name) => `Variant of ${name}`,
    stockNow: (count) => `The stock is now ${count}.`,
    total: (count) => format.count(count, 'product', 'products'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Order ${id} is cancelled and its units are back in stock.`
        : `Order ${id} is cancelled. ${format.count(skipped, 'line was', 'lines were')} skipped because the product no longer exists.`,
  }
}

function danish(format: Format): ShopText {
  return {
    loading: 'Henter …',
    search: 'Søg',
    searchHint: 'Navn eller varenr.',
    more: 'Vis flere',
    language: 'Sprog',
    demoHint:
      'Dette er en butik til at prøve ting af i: en ordre her er en rigtig ordre på lageret, men intet betales eller sendes.',
    welcome: 'Velkommen',
    noSku: 'uden varenr.',
    noName: 'Uden navn',
    quantity: 'Antal',
    buy: 'Køb',
    add: 'Læg i kurv',
    basket: 'Kurv',
    basketEmpty: 'Kurven er tom.',
    order: 'Bestil',
    remove: 'Fjern',
    soldOut: 'Udsolgt',
    inStockUntracked: 'På lager',
    inStockAfter: 'på lager',
    empty: 'Butikken har ingen varer endnu.',
    emptySearch: 'Ingen varer passer til søgningen.',
    signInHere: 'Butikken er åben for dem, der er logget ind.',
    nodeAdmin: 'Log ind på nodens sider',
    node: 'Noden',
    untracked: 'styres ikke',
    storefront: 'Butikken',
    admin: 'Butikkens administration',
    adminIntro: 'Butikkens egne varer og ordrer, som en butiksplatform har dem.',
    key: 'Butikkens nøgle',
    keyHint: 'Den nøgle, butikken blev startet med (STOCKMESH_SHOP_KEY).',
    signIn: 'Log ind',
    signOut: 'Log ud',
    all: 'Alle varer',
    duplicates: 'Med dobbelt model/varenr.',
    duplicatesHelp:
      'Disse varer deler varenr. med en anden. Giv hver sit eget; listen skal være tom, før de kan synkroniseres.',
    duplicatesNone: 'Ingen dubletter: hvert varenr. hører til én vare.',
    create: 'Ny vare',
    sku: 'Varenr.',
    name: 'Navn',
    stock: 'Lagerantal',
    stockHint: 'Tomt betyder, at lageret ikke styres.',
    variants: 'Varianter',
    addVariant: 'Tilføj variant',
    save: 'Gem',
    cancel: 'Annullér',
    delete: 'Slet',
    deleteIntro: 'Varen forsvinder fra denne butik. Andre butikker beholder deres.',
    edit: 'Ret',
    actions: 'Handlinger',
    orders: 'Seneste ordrer',
    ordersNone: 'Ingen ordrer endnu.',
    cancelOrder: 'Annullér ordre',
    cancelled: 'Annulleret',
    saved: 'Gemt',
    products: 'Varer',
    inStock: (count) => `${format.number(count)} på lager`,
    ordered: (id) => `Tak. Ordre ${id} er afgivet.`,
    lines: (count) => format.count(count, 'stk.', 'stk.'),
    deleteTitle: (name) => `Slet ${name}?`,
    variantOf: (name) => `Variant af ${name}`,
    stockNow: (count) => `Lagerantallet er nu ${count}.`,
    total: (count) => format.count(count, 'vare', 'varer'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Ordre ${id} er annulleret, og varerne er lagt tilbage på lager.`
        : `Ordre ${id} er annulleret. ${format.count(skipped, 'linje blev', 'linjer blev')} sprunget over, fordi varen ikke findes længere.`,
  }
}

export function shopTextOf(language: Language, format: Format): ShopText {
  return language === 'da' ? danish(format) : english(format)
}

/** The storefront and the shop's own admin page in Danish. */
import type { Format } from '../format.ts'
import type { ShopText } from '../shop-text.ts'

export { errors } from './errors.ts'

export function createText(format: Format): ShopText {
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

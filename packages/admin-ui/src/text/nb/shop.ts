/** The storefront and the shop's own admin page in Norwegian (bokmål). */
import type { Format } from '../format.ts'
import type { ShopText } from '../shop-text.ts'

export { errors } from './errors.ts'

export function createText(format: Format): ShopText {
  return {
    loading: 'Henter …',
    search: 'Søk',
    searchHint: 'Navn eller varenr.',
    more: 'Vis flere',
    language: 'Språk',
    demoHint:
      'Dette er en butikk til å prøve ting i: En ordre her er en ekte ordre på lageret, men ingenting betales eller sendes.',
    welcome: 'Velkommen',
    noSku: 'uten varenr.',
    noName: 'Uten navn',
    quantity: 'Antall',
    buy: 'Kjøp',
    add: 'Legg i handlekurven',
    basket: 'Handlekurv',
    basketEmpty: 'Handlekurven er tom.',
    order: 'Bestill',
    remove: 'Fjern',
    soldOut: 'Utsolgt',
    inStockUntracked: 'På lager',
    inStockAfter: 'på lager',
    empty: 'Butikken har ingen varer ennå.',
    emptySearch: 'Ingen varer passer til søket.',
    signInHere: 'Butikken er åpen for dem som er logget inn.',
    nodeAdmin: 'Logg inn på sidene til noden',
    node: 'Noden',
    untracked: 'uten lagerstyring',
    storefront: 'Butikken',
    admin: 'Butikkadministrasjon',
    adminIntro: 'Butikkens egne varer og ordrer, slik en butikkplattform har dem.',
    key: 'Nøkkelen til butikken',
    keyHint: 'Nøkkelen butikken ble startet med (STOCKMESH_SHOP_KEY).',
    signIn: 'Logg inn',
    signOut: 'Logg ut',
    all: 'Alle varer',
    duplicates: 'Med dobbel modell/varenr.',
    duplicatesHelp:
      'Disse varene deler varenummer med en annen. Gi hver av dem sitt eget. Listen må være tom før de kan synkroniseres.',
    duplicatesNone: 'Ingen duplikater: Hvert varenummer hører til én vare.',
    create: 'Ny vare',
    sku: 'Varenr.',
    name: 'Navn',
    stock: 'Lagerbeholdning',
    stockHint: 'Tomt betyr at lageret ikke styres.',
    variants: 'Varianter',
    addVariant: 'Legg til variant',
    save: 'Lagre',
    cancel: 'Avbryt',
    delete: 'Slett',
    deleteIntro: 'Varen forsvinner fra denne butikken. Andre butikker beholder sine.',
    edit: 'Rediger',
    actions: 'Handlinger',
    orders: 'Siste ordrer',
    ordersNone: 'Ingen ordrer ennå.',
    cancelOrder: 'Kanseller ordren',
    cancelled: 'Kansellert',
    saved: 'Lagret',
    products: 'Varer',
    inStock: (count) => `${format.number(count)} på lager`,
    ordered: (id) => `Takk! Ordre ${id} er lagt inn.`,
    lines: (count) => `${format.number(count)} stk.`,
    deleteTitle: (name) => `Slette ${name}?`,
    variantOf: (name) => `Variant av ${name}`,
    stockNow: (count) => `Beholdningen er nå ${count}.`,
    total: (count) => format.count(count, 'vare', 'varer'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Ordre ${id} er kansellert, og varene er lagt tilbake på lager.`
        : `Ordre ${id} er kansellert. ${format.count(skipped, 'linje', 'linjer')} ble hoppet over fordi varen ikke finnes lenger.`,
  }
}

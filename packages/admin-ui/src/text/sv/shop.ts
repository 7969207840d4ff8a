/** The storefront and the shop's own admin page in Swedish. */
import type { Format } from '../format.ts'
import type { ShopText } from '../shop-text.ts'

export { errors } from './errors.ts'

export function createText(format: Format): ShopText {
  return {
    loading: 'Hämtar …',
    search: 'Sök',
    searchHint: 'Namn eller artikelnr',
    more: 'Visa fler',
    language: 'Språk',
    demoHint:
      'Det här är en butik att prova i: en order här är en riktig order i lagret, men inget betalas eller skickas.',
    welcome: 'Välkommen',
    noSku: 'utan artikelnr',
    noName: 'Utan namn',
    quantity: 'Antal',
    buy: 'Köp',
    add: 'Lägg i varukorgen',
    basket: 'Varukorg',
    basketEmpty: 'Varukorgen är tom.',
    order: 'Beställ',
    remove: 'Ta bort',
    soldOut: 'Slutsåld',
    inStockUntracked: 'I lager',
    inStockAfter: 'i lager',
    empty: 'Butiken har inga artiklar än.',
    emptySearch: 'Inga artiklar matchar sökningen.',
    signInHere: 'Butiken är öppen för den som är inloggad.',
    nodeAdmin: 'Logga in på nodens sidor',
    node: 'Noden',
    untracked: 'lagerförs inte',
    storefront: 'Butiken',
    admin: 'Butikens administration',
    adminIntro: 'Butikens egna artiklar och ordrar, så som en butiksplattform har dem.',
    key: 'Butikens nyckel',
    keyHint: 'Nyckeln som butiken startades med (STOCKMESH_SHOP_KEY).',
    signIn: 'Logga in',
    signOut: 'Logga ut',
    all: 'Alla artiklar',
    duplicates: 'Med dubbel modell/artikelnr',
    duplicatesHelp:
      'De här artiklarna delar artikelnummer med en annan. Ge varje artikel ett eget. Listan måste vara tom innan de kan synkroniseras.',
    duplicatesNone: 'Inga dubbletter: varje artikelnummer hör till en enda artikel.',
    create: 'Ny artikel',
    sku: 'Artikelnr',
    name: 'Namn',
    stock: 'Lagersaldo',
    stockHint: 'Tomt betyder att artikeln inte lagerförs.',
    variants: 'Varianter',
    addVariant: 'Lägg till variant',
    save: 'Spara',
    cancel: 'Avbryt',
    delete: 'Radera',
    deleteIntro: 'Artikeln försvinner från den här butiken. Andra butiker behåller sina.',
    edit: 'Ändra',
    actions: 'Åtgärder',
    orders: 'Senaste ordrar',
    ordersNone: 'Inga ordrar än.',
    cancelOrder: 'Makulera ordern',
    cancelled: 'Makulerad',
    saved: 'Sparat',
    products: 'Artiklar',
    inStock: (count) => `${format.number(count)} i lager`,
    ordered: (id) => `Tack! Order ${id} är lagd.`,
    lines: (count) => `${format.number(count)} st.`,
    deleteTitle: (name) => `Radera ${name}?`,
    variantOf: (name) => `Variant av ${name}`,
    stockNow: (count) => `Lagersaldot är nu ${count}.`,
    total: (count) => format.count(count, 'artikel', 'artiklar'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Order ${id} är makulerad, och artiklarna är tillbaka i lagret.`
        : `Order ${id} är makulerad. ${format.count(skipped, 'rad', 'rader')} hoppades över eftersom artikeln inte finns längre.`,
  }
}

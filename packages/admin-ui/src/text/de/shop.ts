/** The storefront and the shop's own admin page in German. */
import type { Format } from '../format.ts'
import type { ShopText } from '../shop-text.ts'

export { errors } from './errors.ts'

export function createText(format: Format): ShopText {
  return {
    loading: 'Wird geladen …',
    search: 'Suchen',
    searchHint: 'Name oder Artikelnr.',
    more: 'Mehr anzeigen',
    language: 'Sprache',
    demoHint:
      'Dies ist ein Shop zum Ausprobieren: Eine Bestellung hier zählt im Bestand wirklich, aber nichts wird bezahlt oder versandt.',
    welcome: 'Willkommen',
    noSku: 'ohne Artikelnr.',
    noName: 'Ohne Namen',
    quantity: 'Menge',
    buy: 'Kaufen',
    add: 'In den Warenkorb',
    basket: 'Warenkorb',
    basketEmpty: 'Der Warenkorb ist leer.',
    order: 'Bestellen',
    remove: 'Entfernen',
    soldOut: 'Ausverkauft',
    inStockUntracked: 'Auf Lager',
    inStockAfter: 'auf Lager',
    empty: 'Der Shop hat noch keine Artikel.',
    emptySearch: 'Keine Artikel passen zur Suche.',
    signInHere: 'Der Shop ist für angemeldete Personen geöffnet.',
    nodeAdmin: 'Auf den Seiten des Knotens anmelden',
    node: 'Zum Knoten',
    untracked: 'ohne Bestandsführung',
    storefront: 'Zum Shop',
    admin: 'Shop-Verwaltung',
    adminIntro: 'Die eigenen Artikel und Bestellungen des Shops, wie eine Shop-Plattform sie hat.',
    key: 'Schlüssel des Shops',
    keyHint: 'Der Schlüssel, mit dem der Shop gestartet wurde (STOCKMESH_SHOP_KEY).',
    signIn: 'Anmelden',
    signOut: 'Abmelden',
    all: 'Alle Artikel',
    duplicates: 'Mit doppelter Modell-/Artikelnummer',
    duplicatesHelp:
      'Diese Artikel teilen sich ihre Artikelnummer mit einem anderen. Geben Sie jedem eine eigene. Die Liste muss leer sein, bevor sie synchronisiert werden können.',
    duplicatesNone: 'Keine Duplikate: Jede Artikelnummer gehört zu genau einem Artikel.',
    create: 'Neuer Artikel',
    sku: 'Artikelnr.',
    name: 'Name',
    stock: 'Bestand',
    stockHint: 'Leer heißt, dass der Bestand nicht geführt wird.',
    variants: 'Varianten',
    addVariant: 'Variante hinzufügen',
    save: 'Speichern',
    cancel: 'Abbrechen',
    delete: 'Löschen',
    deleteIntro: 'Der Artikel verschwindet aus diesem Shop. Andere Shops behalten ihren.',
    edit: 'Bearbeiten',
    actions: 'Aktionen',
    orders: 'Letzte Bestellungen',
    ordersNone: 'Noch keine Bestellungen.',
    cancelOrder: 'Bestellung stornieren',
    cancelled: 'Storniert',
    saved: 'Gespeichert',
    products: 'Artikel',
    inStock: (count) => `${format.number(count)} auf Lager`,
    ordered: (id) => `Vielen Dank. Ihre Bestellung ${id} ist aufgegeben.`,
    lines: (count) => `${format.number(count)} Stück`,
    deleteTitle: (name) => `${name} löschen?`,
    variantOf: (name) => `Variante von ${name}`,
    stockNow: (count) => `Der Bestand ist jetzt ${count}.`,
    total: (count) => format.count(count, 'Artikel', 'Artikel'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Bestellung ${id} ist storniert, und die Artikel sind wieder auf Lager.`
        : `Bestellung ${id} ist storniert. ${format.count(skipped, 'Zeile wurde', 'Zeilen wurden')} übersprungen, weil es den Artikel nicht mehr gibt.`,
  }
}

/**
 * What the columns of a list and the words in its cells are called in a CSV for people: in the order of `languages`
 * (Danish, Swedish, Norwegian, English, German). A column or a word that is missing here does not compile; states and
 * causes are the words of the pages.
 */
import { type Cause, type Language, languages, type StockState } from '@stockmesh/protocol'

type Words = readonly [string, string, string, string, string]

/** Every column of a list. */
export type CsvColumn =
  | 'at'
  | 'cancelledAt'
  | 'createdAt'
  | 'lastContactAt'
  | 'since'
  | 'updatedAt'
  | 'usedAt'
  | 'address'
  | 'behind'
  | 'buffer'
  | 'by'
  | 'call'
  | 'cause'
  | 'code'
  | 'count'
  | 'delta'
  | 'from'
  | 'id'
  | 'kind'
  | 'level'
  | 'levelAfter'
  | 'lines'
  | 'member'
  | 'message'
  | 'name'
  | 'online'
  | 'orders'
  | 'parentId'
  | 'productId'
  | 'products'
  | 'reference'
  | 'result'
  | 'role'
  | 'self'
  | 'shopLevel'
  | 'shown'
  | 'sku'
  | 'state'
  | 'stock'
  | 'stockId'
  | 'subject'
  | 'to'
  | 'url'
  | 'version'

const heads: Readonly<Record<CsvColumn, Words>> = {
  at: ['Tidspunkt (UTC)', 'Tidpunkt (UTC)', 'Tidspunkt (UTC)', 'Time (UTC)', 'Zeitpunkt (UTC)'],
  cancelledAt: ['Annulleret (UTC)', 'Makulerad (UTC)', 'Kansellert (UTC)', 'Cancelled (UTC)', 'Storniert (UTC)'],
  createdAt: ['Oprettet (UTC)', 'Skapad (UTC)', 'Opprettet (UTC)', 'Created (UTC)', 'Angelegt (UTC)'],
  lastContactAt: [
    'Sidste kontakt (UTC)',
    'Senaste kontakt (UTC)',
    'Siste kontakt (UTC)',
    'Last contact (UTC)',
    'Letzter Kontakt (UTC)',
  ],
  since: ['Siden (UTC)', 'Sedan (UTC)', 'Siden (UTC)', 'Since (UTC)', 'Seit (UTC)'],
  updatedAt: ['Ændret (UTC)', 'Ändrad (UTC)', 'Endret (UTC)', 'Changed (UTC)', 'Geändert (UTC)'],
  usedAt: ['Brugt sidst (UTC)', 'Senast använd (UTC)', 'Sist brukt (UTC)', 'Last used (UTC)', 'Zuletzt benutzt (UTC)'],
  address: ['Fra adressen', 'Från adressen', 'Fra adressen', 'From the address', 'Von der Adresse'],
  behind: ['Mangler ændringer', 'Saknade ändringar', 'Mangler endringer', 'Changes behind', 'Fehlende Änderungen'],
  buffer: ['Buffer', 'Buffert', 'Buffer', 'Buffer', 'Puffer'],
  by: ['Af', 'Av', 'Av', 'By', 'Von'],
  call: ['Handling', 'Åtgärd', 'Handling', 'Call', 'Vorgang'],
  cause: ['Årsag', 'Orsak', 'Årsak', 'Cause', 'Ursache'],
  code: ['Kode', 'Kod', 'Kode', 'Code', 'Code'],
  count: ['Antal', 'Antal', 'Antall', 'Count', 'Anzahl'],
  delta: ['Ændring', 'Ändring', 'Endring', 'Change', 'Änderung'],
  from: ['Fra', 'Från', 'Fra', 'From', 'Von'],
  id: ['Id', 'Id', 'Id', 'Id', 'Id'],
  kind: ['Art', 'Typ', 'Type', 'Kind', 'Art'],
  level: ['Lagerantal', 'Lagersaldo', 'Lagerbeholdning', 'Stock', 'Bestand'],
  levelAfter: ['Lager efter', 'Saldo efter', 'Beholdning etter', 'Stock after', 'Bestand danach'],
  lines: ['Linjer', 'Rader', 'Linjer', 'Lines', 'Zeilen'],
  member: ['Butik', 'Butik', 'Butikk', 'Shop', 'Shop'],
  message: ['Besked', 'Meddelande', 'Melding', 'Message', 'Meldung'],
  name: ['Navn', 'Namn', 'Navn', 'Name', 'Name'],
  online: ['Online', 'Online', 'Tilkoblet', 'Online', 'Online'],
  orders: ['Ordrer', 'Order', 'Ordrer', 'Orders', 'Bestellungen'],
  parentId: ['Hovedvarens id', 'Huvudartikelns id', 'Hovedvarens id', 'Parent id', 'Id des Hauptartikels'],
  productId: ['Varens id', 'Artikelns id', 'Varens id', 'Product id', 'Id des Artikels'],
  products: ['Varer', 'Artiklar', 'Varer', 'Products', 'Artikel'],
  reference: ['Ordre/reference', 'Order/referens', 'Ordre/referanse', 'Order/reference', 'Bestellung/Referenz'],
  result: ['Resultat', 'Resultat', 'Resultat', 'Result', 'Ergebnis'],
  role: ['Rolle', 'Roll', 'Rolle', 'Role', 'Rolle'],
  self: ['Denne butik', 'Den här butiken', 'Denne butikken', 'This shop', 'Dieser Shop'],
  shopLevel: ['Butikken melder', 'Butiken visar', 'Butikken viser', 'Shop reports', 'Shop meldet'],
  shown: ['Vises her', 'Visas här', 'Vises her', 'Shown here', 'Hier angezeigt'],
  sku: ['Varenr.', 'Artikelnr', 'Varenr.', 'SKU', 'Artikelnr.'],
  state: ['Tilstand', 'Status', 'Status', 'State', 'Status'],
  stock: ['Lagerantal', 'Lagersaldo', 'Lagerbeholdning', 'Stock', 'Bestand'],
  subject: ['Om', 'Om', 'Om', 'About', 'Betrifft'],
  stockId: ['Lagerrækkens id', 'Lagerradens id', 'Lagerradens id', 'Stock id', 'Id des Bestands'],
  to: ['Til', 'Till', 'Til', 'To', 'Auf'],
  url: ['Adresse', 'Adress', 'Adresse', 'Address', 'Adresse'],
  version: ['Version', 'Version', 'Versjon', 'Version', 'Version'],
}

const states: Readonly<Record<StockState, Words>> = {
  'left-out': ['Holdt udenfor', 'Undantagen', 'Holdt utenfor', 'Left out', 'Ausgenommen'],
  duplicate: ['Dobbelt varenr.', 'Dubbelt artikelnr', 'Dobbelt varenr.', 'Duplicate SKU', 'Doppelte Artikelnr.'],
  held: ['Venter på dig', 'Väntar på dig', 'Venter på deg', 'Held', 'Zurückgehalten'],
  untracked: ['Uden lagerstyring', 'Utan lagerhållning', 'Uten lagerstyring', 'Not tracked', 'Ohne Bestandsführung'],
  'not-here': [
    'Ikke i denne butik',
    'Finns inte i den här butiken',
    'Ikke i denne butikken',
    'Not in this shop',
    'Nicht in diesem Shop',
  ],
  'only-here': [
    'Kun i denne butik',
    'Bara i den här butiken',
    'Bare i denne butikken',
    'Only in this shop',
    'Nur in diesem Shop',
  ],
  oversold: ['Oversolgt', 'Översåld', 'Oversolgt', 'Oversold', 'Überverkauft'],
  waiting: ['På vej', 'På väg', 'På vei', 'On the way', 'Unterwegs'],
  synced: ['Synkroniseret', 'Synkroniserad', 'Synkronisert', 'In step', 'Synchron'],
}

const causes: Readonly<Record<Cause, Words>> = {
  sale: ['Salg', 'Försäljning', 'Salg', 'Sale', 'Verkauf'],
  cancel: ['Annulleret ordre', 'Makulerad order', 'Kansellert ordre', 'Cancelled order', 'Stornierte Bestellung'],
  return: ['Retur', 'Retur', 'Retur', 'Return', 'Retoure'],
  manual: ['Manuel ændring', 'Manuell ändring', 'Manuell endring', 'Manual change', 'Manuelle Änderung'],
  'stock-count': ['Optælling', 'Inventering', 'Varetelling', 'Stock count', 'Inventur'],
  received: ['Varemodtagelse', 'Inleverans', 'Varemottak', 'Goods received', 'Wareneingang'],
  created: ['Oprettet', 'Skapad', 'Opprettet', 'Created', 'Angelegt'],
  import: ['Import', 'Import', 'Import', 'Import', 'Import'],
  repair: ['Rettelse', 'Rättelse', 'Retting', 'Repair', 'Berichtigung'],
  undo: ['Fortrudt', 'Ångrat', 'Angret', 'Undo', 'Rückgängig gemacht'],
  'catch-up': ['Talt med bagefter', 'Inräknat i efterhand', 'Talt med i etterkant', 'Counted afterwards', 'Nachgeholt'],
  unknown: ['Ukendt', 'Okänd', 'Ukjent', 'Unknown', 'Unbekannt'],
}

const truths: Readonly<Record<'true' | 'false', Words>> = {
  true: ['ja', 'ja', 'ja', 'yes', 'ja'],
  false: ['nej', 'nej', 'nei', 'no', 'nein'],
}

export function csvHead(language: Language, column: CsvColumn): string {
  return heads[column][languages.indexOf(language)] ?? column
}

/** The word for a value that is one of a few; null for every other. */
export function csvWord(language: Language, column: string, value: unknown): string | null {
  const words = wordsOf(column, value)
  return words === null ? null : (words[languages.indexOf(language)] ?? null)
}

function wordsOf(column: string, value: unknown): Words | null {
  if (typeof value === 'boolean') return truths[value ? 'true' : 'false']
  if (typeof value !== 'string') return null
  const known: Readonly<Record<string, Words>> = column === 'state' ? states : column === 'cause' ? causes : {}
  return Object.hasOwn(known, value) ? (known[value] ?? null) : null
}

/**
 * A stock count or a delivery as CSV, as spreadsheets write it: SKU and quantity, with or without a head, with a comma,
 * a semicolon or a tab between them. A line that is in doubt is a fault, never a guess.
 */
import { CsvError, parse } from 'csv-parse/sync'

export interface SheetLine {
  readonly sku: string
  readonly quantity: number
  readonly unsent?: number
}

export interface StockSheet {
  readonly lines: readonly SheetLine[]
  /** Sentences with the number of the line. */
  readonly faults: readonly string[]
}

interface Places {
  readonly sku: number
  readonly quantity: number
  readonly unsent: number | null
}

/** What a head may call them, in the languages of the pages. */
const skuNames = namesOf(`
  sku model varenr varenr. varenummer model/varenr. artikelnummer artikelnr artikelnr. art.nr art.nr.`)
const quantityNames = namesOf(`
  quantity count stock level antal antall anzahl menge
  lager lagerantal lagersaldo saldo lagerbeholdning beholdning bestand lagerbestand`)

const wholeNumber = /^\d{1,10}$/

/** `extra`: whether a column "unsent" means something here. */
export function parseStockSheet(text: string, extra: 'unsent' | null): StockSheet {
  let rows: readonly (readonly string[])[]
  try {
    rows = parse(text, { bom: true, delimiter: delimiterOf(text), relax_column_count: true, trim: true })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { lines: [], faults: [`The file is not CSV: ${error.message}.`] }
  }
  const [first] = rows
  const places = first === undefined ? null : placesIn(first, extra)
  const faults: string[] = []
  const lines: SheetLine[] = []
  const seen = new Map<string, number>()
  for (const [index, row] of rows.entries()) {
    if ((index === 0 && places !== null) || row.every((cell) => cell === '')) continue
    const line = parseLine(row, places ?? { sku: 0, quantity: 1, unsent: null })
    const number = index + 1
    if (typeof line === 'string') {
      faults.push(`Line ${number}: ${line}`)
      continue
    }
    const before = seen.get(line.sku)
    if (before !== undefined) faults.push(`Line ${number}: ${line.sku} stands in line ${before} already.`)
    seen.set(line.sku, number)
    lines.push(line)
  }
  if (lines.length === 0 && faults.length === 0) faults.push('The file has no lines with an SKU and a quantity.')
  return { lines, faults }
}

function namesOf(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

function parseLine(row: readonly string[], places: Places): SheetLine | string {
  const sku = withoutEscape(row[places.sku] ?? '')
  const quantity = row[places.quantity] ?? ''
  if (sku === '') return 'the SKU is missing.'
  if (!wholeNumber.test(quantity)) return `"${quantity}" is not a whole number of units.`
  const unsent = places.unsent === null ? '' : (row[places.unsent] ?? '')
  if (unsent === '') return { sku, quantity: Number(quantity) }
  if (!wholeNumber.test(unsent)) return `"${unsent}" is not a whole number of unsent units.`
  return { sku, quantity: Number(quantity), unsent: Number(unsent) }
}

/** The columns by the names in the head; null where the first line is none. */
function placesIn(head: readonly string[], extra: 'unsent' | null): Places | null {
  const names = head.map((name) => name.toLowerCase())
  const sku = names.findIndex((name) => skuNames.includes(name))
  const quantity = names.findIndex((name) => quantityNames.includes(name))
  if (sku < 0 || quantity < 0) return null
  const unsent = extra === null ? -1 : names.indexOf(extra)
  return { sku, quantity, unsent: unsent < 0 ? null : unsent }
}

/** The one that stands most often in the first line that is not empty. */
function delimiterOf(text: string): string {
  const line = text.split(/\r?\n/).find((candidate) => candidate.trim() !== '') ?? ''
  const [best] = [';', '\t', ','].toSorted((left, right) => line.split(right).length - line.split(left).length)
  return best ?? ','
}

/** Our own lists put an apostrophe before what a spreadsheet would take for a formula. */
function withoutEscape(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
}

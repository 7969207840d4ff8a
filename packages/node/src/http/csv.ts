/**
 * Lists as CSV (RFC 4180, UTF-8): plain for machines, or as the spreadsheets of a language read it, with its words, its
 * decimal sign and the separator that goes with it. In both a text that a spreadsheet would take for a formula gets a
 * leading apostrophe; numbers are left alone, so that a negative level stays a number.
 */
import type { Language } from '@stockmesh/protocol'
import { type CsvColumn, csvHead, csvWord } from './csv-text.ts'

/** null: plain. */
export type CsvLocale = Language | null

const formulaStart = /^[=+\-@\t\r]/
const mustQuote = { plain: /[",\r\n]/, local: /[",;\r\n]/ }
/** As the interface writes a time. */
const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/

/** A line for each item, in the order of the columns. */
export function encodeCsv(columns: readonly CsvColumn[], items: readonly object[], locale: CsvLocale): string {
  const encode = (item: object): string =>
    encodeLine(
      columns.map((column) => encodeCell(column, (item as Readonly<Record<string, unknown>>)[column], locale)),
      locale,
    )
  return items.map(encode).join('')
}

export function encodeCsvHead(columns: readonly CsvColumn[], locale: CsvLocale): string {
  return encodeLine(
    columns.map((column) => encodeText(locale === null ? column : csvHead(locale, column), locale)),
    locale,
  )
}

/** English spreadsheets read commas; where the comma is the decimal sign they read semicolons. */
function encodeLine(cells: readonly string[], locale: CsvLocale): string {
  return `${cells.join(locale === null || locale === 'en' ? ',' : ';')}\r\n`
}

function encodeCell(column: CsvColumn, cell: unknown, locale: CsvLocale): string {
  if (cell === null || cell === undefined) return ''
  const word = locale === null ? null : csvWord(locale, column, cell)
  if (word !== null) return encodeText(word, locale)
  if (typeof cell === 'number') return locale === null || locale === 'en' ? String(cell) : encodeDecimal(cell)
  if (typeof cell === 'boolean') return String(cell)
  if (typeof cell !== 'string') return encodeText(JSON.stringify(cell), locale)
  // A spreadsheet takes this form for a time, and the other for a text.
  return encodeText(locale === null ? cell : cell.replace(instant, '$1 $2'), locale)
}

function encodeDecimal(number: number): string {
  return String(number).replace('.', ',')
}

function encodeText(text: string, locale: CsvLocale): string {
  const safe = formulaStart.test(text) ? `'${text}` : text
  return mustQuote[locale === null ? 'plain' : 'local'].test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

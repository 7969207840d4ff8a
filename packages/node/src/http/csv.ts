/**
 * Lists as CSV (RFC 4180, UTF-8). A text that a spreadsheet would take for a formula gets a leading apostrophe;
 * numbers are left alone, so that a negative level stays a number.
 */

const formulaStart = /^[=+\-@\t\r]/
const mustQuote = /[",\r\n]/

/** A line for each item, in the order of the columns. */
export function encodeCsv(columns: readonly string[], items: readonly object[]): string {
  return items.map((item) => encodeLine(columns.map((column) => (item as Record<string, unknown>)[column]))).join('')
}

export function encodeCsvHead(columns: readonly string[]): string {
  return encodeLine(columns)
}

function encodeLine(cells: readonly unknown[]): string {
  return `${cells.map(encodeCell).join(',')}\r\n`
}

function encodeCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  const safe = formulaStart.test(text) ? `'${text}` : text
  return mustQuote.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

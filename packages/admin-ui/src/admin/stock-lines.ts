/**
 * Lines that a person pastes or reads from a file: a SKU first, then a whole number, and for a stock count a second one
 * of what is sold and not sent. Cells are separated by tabs, semicolons or commas, as spreadsheets write them.
 */
interface StockLine {
  readonly sku: string
  readonly quantity: number
  readonly unsent?: number
}

export interface ParsedLines {
  readonly lines: readonly StockLine[]
  /** Numbers of the lines that cannot be read, from 1. */
  readonly unread: readonly number[]
}

export function parseStockLines(text: string, hasUnsent: boolean): ParsedLines {
  const lines: StockLine[] = []
  const unread: number[] = []
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const separator = separatorOf(rows)
  for (const [index, row] of rows.entries()) {
    if (row.trim() === '') continue
    const line = lineOf(cellsOf(row, separator), hasUnsent)
    if (line !== null) lines.push(line)
    // Of the first row the words are those of a head.
    else if (lines.length > 0 || unread.length > 0 || hasDigit(row)) unread.push(index + 1)
  }
  return { lines, unread }
}

/** When counting began: the last time that the clock showed this time; null where none is given. */
export function begunAt(clock: string, nowMs: number): string | null {
  const [hours, minutes] = clock.split(':').map(Number)
  if (clock === '' || hours === undefined || minutes === undefined) return null
  const at = new Date(nowMs)
  at.setHours(hours, minutes, 0, 0)
  if (at.getTime() > nowMs) at.setDate(at.getDate() - 1)
  return at.toISOString()
}

function hasDigit(row: string): boolean {
  return /[0-9]/.test(row)
}

/** A comma may stand in a SKU, so it separates only where nothing else does. */
function separatorOf(rows: readonly string[]): string {
  return ['\t', ';', ','].find((one) => rows.some((row) => row.includes(one))) ?? ' '
}

function lineOf(cells: readonly string[], hasUnsent: boolean): StockLine | null {
  const [sku = '', ...rest] = cells
  const numbers = rest.filter((cell) => cell !== '')
  if (sku === '' || numbers.length === 0 || !numbers.every((cell) => /^[0-9]{1,9}$/.test(cell))) return null
  const [quantity, unsent] = numbers.map(Number)
  if (quantity === undefined || numbers.length > (hasUnsent ? 2 : 1)) return null
  return unsent === undefined ? { sku, quantity } : { sku, quantity, unsent }
}

/** Cells with the quotation marks of RFC 4180 taken off; an apostrophe before a formula sign is a spreadsheet's. */
function cellsOf(row: string, separator: string): readonly string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < row.length; at += 1) {
    const sign = row.charAt(at)
    if (sign === '"' && isQuoted && row.charAt(at + 1) === '"') {
      cell += '"'
      at += 1
    } else if (sign === '"' && (isQuoted || cell === '')) {
      isQuoted = !isQuoted
    } else if (sign === separator && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else {
      cell += sign
    }
  }
  return [...cells, cell].map((one) => one.trim().replace(/^'(?=[=+\-@])/, ''))
}

/**
 * Rows as an aligned table, as wide as the terminal. Texts come from shops, so whatever could steer a terminal is made
 * visible first. What a person copies (SKUs, ids) is never cut; names and sentences are.
 */
import stringWidth from 'string-width'
import { plain } from './cell.ts'
import type { Terminal } from './terminal.ts'

export interface Column<T> {
  readonly title: string
  readonly align?: 'right'
  /** Characters that it has at least: what grows later would shift the columns after it. */
  readonly widthMin?: number
  /** May be cut where the terminal is too narrow. */
  readonly isFlexible?: true
  cell(item: T): string | number | null
}

type Sheet = Pick<Terminal, 'print' | 'hasColor' | 'columns'>

const gap = '  '
/** A flexible column is not cut below this width: a few letters of a name help nobody. */
const flexibleWidthMin = 10

export function printTable<T>(sheet: Sheet, columns: readonly Column<T>[], items: readonly T[]): void {
  openTable(sheet, columns)(items)
}

/** A table that grows: the head is printed once, and a column never gets narrower than it was. */
export function openTable<T>(sheet: Sheet, columns: readonly Column<T>[]): (items: readonly T[]) => void {
  const widths = columns.map(({ title, widthMin }) => Math.max(stringWidth(title), widthMin ?? 0))
  let hasHead = false
  return (items) => {
    const rows = items.map((item) => columns.map((column) => plain(column.cell(item))))
    for (const row of rows) {
      for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell))
    }
    const fitted = fit(widths, columns, sheet.columns)
    const line = (cells: readonly string[]): string =>
      cells
        .map((cell, index) => pad(cut(cell, fitted[index] ?? 0), fitted[index] ?? 0, columns[index]?.align))
        .join(gap)
        .trimEnd()
    if (!hasHead) {
      const head = line(columns.map(({ title }) => title))
      sheet.print(`${sheet.hasColor ? `\u001b[1m${head}\u001b[0m` : head}\n`)
      hasHead = true
    }
    for (const row of rows) sheet.print(`${line(row)}\n`)
  }
}

/** Takes from the widest flexible column until everything fits, or nothing is left to take. */
function fit(widths: readonly number[], columns: readonly Column<never>[], room: number | null): readonly number[] {
  const fitted = [...widths]
  if (room === null) return fitted
  let excess = fitted.reduce((sum, width) => sum + width, gap.length * (fitted.length - 1)) - room
  while (excess > 0) {
    const [widest, width] = columns
      .map(({ isFlexible }, index) => [index, isFlexible === true ? (fitted[index] ?? 0) : 0] as const)
      .reduce((best, candidate) => (candidate[1] > best[1] ? candidate : best), [-1, 0] as const)
    if (width <= flexibleWidthMin) break
    fitted[widest] = width - 1
    excess -= 1
  }
  return fitted
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const room = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'right' ? room + text : text + room
}

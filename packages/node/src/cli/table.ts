/**
 * Rows as an aligned table. Texts come from shops, so whatever could steer a terminal is made visible first.
 */
import type { Terminal } from './terminal.ts'

export interface Column<T> {
  readonly title: string
  readonly align?: 'right'
  cell(item: T): string | number | null
}

export function printTable<T>(terminal: Terminal, columns: readonly Column<T>[], items: readonly T[]): void {
  const rows = items.map((item) => columns.map((column) => plain(column.cell(item))))
  const titles = columns.map((column) => column.title)
  const widths = columns.map((_, index) =>
    [titles, ...rows].reduce((width, row) => Math.max(width, row[index]?.length ?? 0), 0),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const head = line(titles)
  terminal.print(`${terminal.hasColor ? `\u001b[1m${head}\u001b[0m` : head}\n`)
  for (const row of rows) terminal.print(`${line(row)}\n`)
}

/** Control characters and direction marks become a question mark; nothing known becomes a hyphen. */
export function plain(value: string | number | null): string {
  if (value === null) return '-'
  return String(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.print(`${JSON.stringify(value, null, 2)}\n`)
}

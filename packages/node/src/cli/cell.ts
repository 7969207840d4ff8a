/**
 * How a single value is printed, in a table or a sentence, and a whole answer for machines. Apart from the table, so that
 * whoever prints none does not load what measures the width of letters.
 */
import type { Terminal } from './terminal.ts'

/** Control characters and direction marks become a question mark; nothing known becomes a hyphen. */
export function plain(value: string | number | null): string {
  if (value === null) return '-'
  return String(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

export function printJson(terminal: Pick<Terminal, 'print'>, value: unknown): void {
  terminal.print(`${JSON.stringify(value, null, 2)}\n`)
}

/** Without the fractions of a second, which no person compares. */
export function shortTime(time: string | null): string | null {
  return time?.replace(/\.\d+Z$/, 'Z') ?? null
}

export function signed(delta: number | null): string | null {
  return delta !== null && delta > 0 ? `+${delta}` : delta === null ? null : String(delta)
}

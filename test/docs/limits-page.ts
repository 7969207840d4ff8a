/**
 * `docs/LIMITS.md`: every limit with its value and its reason, read from the files that hold them.
 */
import * as alerts from '../../packages/node/src/alerts/limits.ts'
import * as backup from '../../packages/node/src/backup/limits.ts'
import * as cli from '../../packages/node/src/cli/limits.ts'
import * as http from '../../packages/node/src/http/limits.ts'
import * as shop from '../../packages/node/src/shop/shop-limits.ts'
import * as core from '../../packages/protocol/src/limits.ts'
import { cell, readDocument } from './source.ts'

const files = [
  { title: 'Network and stock', path: 'packages/protocol/src/limits.ts', values: core },
  { title: 'HTTP interface', path: 'packages/node/src/http/limits.ts', values: http },
  { title: 'Alerts', path: 'packages/node/src/alerts/limits.ts', values: alerts },
  { title: 'Backups', path: 'packages/node/src/backup/limits.ts', values: backup },
  { title: 'Built-in shop', path: 'packages/node/src/shop/shop-limits.ts', values: shop },
  { title: 'Command line', path: 'packages/node/src/cli/limits.ts', values: cli },
] as const

export function limitsPage(): string {
  const sections = files.map(({ title, path, values }) => `## ${title}\n\n${table(readDocument(path), values)}`)
  return `# Limits

Everything has a limit, so that neither a mistake nor an attacker can make a node grow without bound. What reaches one is
refused with a code and a sentence, or waits. Written by \`npm run docs\` from the source.

${sections.join('\n\n')}
`
}

function table(source: string, values: Readonly<Record<string, unknown>>): string {
  const rows: string[] = []
  let reason = ''
  for (const [, comment, name] of source.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?export const (\w+)/g)) {
    if (name === undefined) continue
    if (comment !== undefined) reason = comment.replaceAll(/\n\s*\*/g, ' ')
    rows.push(`| ${spelled(name)} | ${shown(name, values[name])} | ${cell(reason)} |`)
  }
  return `| limit | value | |\n|---|---|---|\n${rows.join('\n')}`
}

/** `joinRequestMsMax` reads "join request, most". */
function spelled(name: string): string {
  const words = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase()
  const bare = words.replace(/ (ms|bytes)(?= |$)/, '')
  return bare.replace(/ max$/, ', most').replace(/ min$/, ', least')
}

function shown(name: string, value: unknown): string {
  if (typeof value !== 'number') return String(value)
  if (/Ms(?=[A-Z]|$)/.test(name)) return duration(value)
  if (/[bB]ytes(?=[A-Z]|$)/.test(name)) return size(value)
  return value.toLocaleString('en-GB')
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

function duration(ms: number): string {
  const [unit, length] = units.find(([, one]) => ms >= one && ms % one === 0) ?? ['ms', 1]
  const count = ms / length
  return unit === 'ms' ? `${count} ms` : `${count} ${unit}${count === 1 ? '' : 's'}`
}

function size(bytes: number): string {
  if (bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2} MiB`
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
}

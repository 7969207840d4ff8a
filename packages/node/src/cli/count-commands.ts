/**
 * `stockmesh count` and `stockmesh receive`: what a person says of the shelf, of one SKU or of a file of them. A line
 * that the node refuses never holds up the others; the exit code says whether there was one.
 */
import { readFile, stat } from 'node:fs/promises'
import type { CountAnswer, CountItem } from '@stockmesh/protocol'
import { changeAnswer } from '../http/stock-change-routes.ts'
import type { Invocation } from './client-command.ts'
import { exitFailed } from './exit-code.ts'
import { countsMsMax, faultsMax, inputBytesMax } from './limits.ts'
import { connectNode } from './node-client.ts'
import { parseStockSheet, type SheetLine } from './stock-sheet.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson, signed } from './cell.ts'
import { type Column, printTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const columns: readonly Column<CountItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'FROM', align: 'right', cell: (item) => item.from },
  { title: 'TO', align: 'right', cell: (item) => item.to },
  { title: 'CHANGE', align: 'right', cell: (item) => signed(changeOf(item)) },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
]

const refusedColumns: readonly Column<CountItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'REFUSED BECAUSE', isFlexible: true, cell: ({ error }) => `${error?.message ?? ''} (${error?.code ?? ''})` },
]

export async function count(invocation: Invocation): Promise<number> {
  const { settings, given } = invocation
  const times = settings['as-of'] === null ? {} : { asOf: settings['as-of'] }
  if (settings.file === null) {
    const [sku = '', quantity] = given
    const unsent = settings.unsent === null ? {} : { unsent: settings.unsent }
    return await send(invocation, `/stock/${pathPart(sku)}/count`, {
      quantity: Number(quantity),
      ...times,
      ...unsent,
    })
  }
  const lines = await readSheet(settings.file, invocation.terminal, 'unsent')
  return await send(invocation, '/counts', { items: lines.map((line) => ({ ...line, ...times })) })
}

export async function receive(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const [skuOrFile = '', quantity] = given
  const items =
    quantity === undefined
      ? await readSheet(skuOrFile, terminal, null)
      : [{ sku: skuOrFile, quantity: Number(quantity) }]
  return await send(invocation, '/received', { items, ...(settings.note === null ? {} : { note: settings.note }) })
}

async function send(invocation: Invocation, path: string, body: object): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const query = settings['dry-run'] ? '?dryRun=true' : ''
  const answer = await node.call('POST', `${path}${query}`, changeAnswer, { body, answerMsMax: countsMsMax })
  if (settings.json) printJson(terminal, answer)
  else printAnswer(terminal, answer)
  return answer.refused === 0 ? 0 : exitFailed
}

function printAnswer(
  terminal: Terminal,
  { items, counted, refused, unitsChanged, dryRun, unheard }: CountAnswer,
): void {
  const changed = items
    .filter((item) => item.error === null && changeOf(item) !== 0)
    .toSorted((left, right) => Math.abs(changeOf(right) ?? 0) - Math.abs(changeOf(left) ?? 0))
  if (changed.length > 0) {
    printTable(terminal, columns, changed)
    terminal.print('\n')
  }
  const fits = `${counted} SKUs, ${changed.length} of them changed, by ${unitsChanged} units in all.`
  terminal.print(dryRun ? `Nothing is changed yet. It would be ${fits}\n` : `Done: ${fits}\n`)
  if (unheard.length > 0) {
    const names = unheard.map((member) => plain(member)).join(', ')
    terminal.print(`Not heard of lately: ${names}. What was sold there is still subtracted when it comes.\n`)
  }
  if (refused === 0) return
  terminal.warn(`${refused} lines are refused, and the others are not held up by them:\n`)
  const errors = { print: (text: string) => terminal.warn(text), hasColor: false, columns: terminal.columns }
  const wrong = items.filter((item) => item.error !== null)
  printTable(errors, refusedColumns, wrong)
}

function changeOf({ from, to }: CountItem): number | null {
  return from === null && to === null ? null : (to ?? 0) - (from ?? 0)
}

/** A hyphen is what is piped in. Faults of the sheet are told all at once, and then nothing is sent. */
async function readSheet(file: string, terminal: Terminal, extra: 'unsent' | null): Promise<readonly SheetLine[]> {
  const { lines, faults } = parseStockSheet(file === '-' ? await terminal.readInput() : await readText(file), extra)
  if (faults.length > 0) {
    const more = faults.length > faultsMax ? [`... and ${faults.length - faultsMax} more.`] : []
    throw new UsageError([...faults.slice(0, faultsMax), ...more])
  }
  return lines
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > inputBytesMax) throw new UsageError([`${file} is over ${inputBytesMax} bytes. Send less at a time.`])
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new UsageError([`The file ${file} cannot be read (${why}).`])
  }
}

/**
 * `stockmesh import`: starts the import and follows it to its end. A shop that joins is asked about what will become of
 * its numbers before anything is written. On a terminal one line overwrites itself; elsewhere there is a line for every
 * tenth.
 */
import type { ImportAnswer, ImportFailedItem, ImportPreview, ImportPreviewItem } from '@stockmesh/protocol'
import { importAnswer, importFailedItem } from '../http/answers.ts'
import { pauseAnswer } from '../http/pause-routes.ts'
import { listOf } from '../http/answer-schema.ts'
import { importPreview, importPreviewItem } from '../http/import-routes.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { exitFailed } from './exit-code.ts'
import { NodeCallError } from './node-call-error.ts'
import { pathPart } from './path-part.ts'
import { printJson, signed } from './cell.ts'
import { type Column, printTable } from './table.ts'
import type { Terminal } from './terminal.ts'

const pollMs = 500

const failedColumns: readonly Column<ImportFailedItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
  { title: 'PRODUCT', cell: (item) => item.productId },
  { title: 'REASON', isFlexible: true, cell: (item) => item.message },
]

const previewColumns: readonly Column<ImportPreviewItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'FROM', align: 'right', cell: (item) => item.from },
  { title: 'TO', align: 'right', cell: (item) => item.to },
  { title: 'CHANGE', align: 'right', cell: (item) => signed(item.to - item.from) },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
]

/** What changes most is what a person looks at; the pages and the CSV have all of it. */
const previewRowsShown = 20

export async function importProducts(invocation: Invocation): Promise<number> {
  const { settings, terminal, given } = invocation
  const node = await connectNode(invocation)
  if (given[0] !== undefined) return await say(invocation, node, given[0])
  const report = settings.json ? () => undefined : createReport(terminal)
  const answer = await follow(invocation, node, report)
  if (answer === null) return exitFailed
  if (settings.json) printJson(terminal, answer)
  else await printEnd(node, terminal, answer)
  return answer.state === 'done' ? 0 : exitFailed
}

/** `pause`, `resume` or `cancel`. */
async function say(invocation: Invocation, node: NodeClient, word: string): Promise<number> {
  const { settings, terminal } = invocation
  if (word === 'cancel') {
    const question = 'This shop gets the numbers again that it had before the import. Cancel it?'
    if (!(await isConfirmed(invocation, question))) return exitFailed
  }
  const answer = await node.call('POST', `/import/${pathPart(word)}`, importAnswer)
  if (settings.json) printJson(terminal, answer)
  else terminal.print(`${sentenceOf(answer)}\n`)
  return 0
}

function sentenceOf({ state, done, total, pausedBy, cancelling }: ImportAnswer): string {
  if (cancelling) return `The import is cancelled: ${done} of ${total} SKUs have their old number again.`
  if (state === 'ready')
    return 'The import is cancelled, and nothing of it is left. Start it anew with: stockmesh import'
  if (pausedBy === 'shop') return 'The import waits, since the whole shop is paused. Go on with: stockmesh resume'
  if (pausedBy === 'import') return `The import is paused at ${done} of ${total}. Go on with: stockmesh import resume`
  return `The import goes on at ${done} of ${total}. Follow it with: stockmesh import`
}

/** Starts it, where that is left to do, and reads its state until nothing moves any more; null: it was not started, as was said. */
async function follow(
  invocation: Invocation,
  node: NodeClient,
  report: (answer: ImportAnswer) => void,
): Promise<ImportAnswer | null> {
  const { terminal } = invocation
  let answer = await node.call('GET', '/import', importAnswer)
  const isLeftToDo = answer.state === 'idle' || answer.state === 'ready' || answer.state === 'failed'
  if (isLeftToDo && (await node.call('GET', '/pause', pauseAnswer)).paused) {
    terminal.warn('This shop is paused, so nothing can be imported. End the pause first: stockmesh resume\n')
    return null
  }
  if (answer.state === 'idle' || answer.state === 'failed') answer = await node.call('POST', '/import', importAnswer)
  for (;;) {
    report(answer)
    if (answer.state === 'ready') {
      const started = await startFromPreview(invocation, node)
      if (started === null) return null
      answer = started
    } else if (answer.state === 'listing' || answer.state === 'running') {
      await terminal.pause(pollMs)
      answer = await node.call('GET', '/import', importAnswer)
    } else return answer
  }
}

/** Shows what will happen, asks, and starts it; again where more than sales changed meanwhile. */
async function startFromPreview(invocation: Invocation, node: NodeClient): Promise<ImportAnswer | null> {
  const { settings, terminal } = invocation
  for (;;) {
    const preview = await node.call('GET', '/import/preview', importPreview)
    if (!settings.json) await printPreview(node, terminal, preview)
    if (!(await isConfirmed(invocation, 'Nothing has been written to this shop yet. Start the import?'))) return null
    try {
      return await node.call('POST', '/import', importAnswer, { body: { preview: preview.id } })
    } catch (error) {
      if (!(error instanceof NodeCallError) || error.code !== 'preview-stale') throw error
      if (!settings.json) terminal.warn('More has changed meanwhile than was sold. This is what would happen now:\n')
    }
  }
}

async function printPreview(node: NodeClient, terminal: Terminal, preview: ImportPreview): Promise<void> {
  const { matched, differ, onlyHere, onlyNetwork, unitsChanged, toZero } = preview
  if (terminal.isTerminal) terminal.print('\n')
  if (differ > 0) {
    const page = await node.call('GET', `/import/preview/items?limit=${previewRowsShown}`, listOf(importPreviewItem))
    printTable(terminal, previewColumns, page.items)
    if (differ > page.items.length) terminal.print(`... and ${differ - page.items.length} more\n`)
  }
  terminal.print(
    `${matched} SKUs are in the network too; of them ${differ} change, by ${unitsChanged} units in all, and ${toZero} go to 0.\n` +
      `${onlyHere} are only in this shop and keep their number; ${onlyNetwork} of the network are not in this shop.\n`,
  )
}

function createReport(terminal: Terminal): (answer: ImportAnswer) => void {
  let told = -1
  return (answer) => {
    const { state, done, total, ratePerSecond } = answer
    const rate = ratePerSecond === null ? '' : `, ${Math.round(ratePerSecond)} a second`
    const line = `${state === 'listing' ? 'Reading the shop' : 'Importing'}: ${done} of ${total}${rate}`
    if (terminal.isTerminal) {
      terminal.print(`\r\u001b[K${line}${state === 'done' ? '\n' : ''}`)
      return
    }
    const tenth = total === 0 ? 0 : Math.floor((10 * done) / total)
    if (tenth <= told) return
    told = tenth
    terminal.print(`${line}\n`)
  }
}

async function printEnd(node: NodeClient, terminal: Terminal, answer: ImportAnswer): Promise<void> {
  const { state, done, total, failedCount } = answer
  if (state !== 'done') {
    const other = `The import is ${state} at ${done} of ${total}. Look at: stockmesh status`
    terminal.warn(`${terminal.isTerminal ? '\n' : ''}${state === 'paused' ? sentenceOf(answer) : other}\n`)
    return
  }
  terminal.print(`The import is done: ${done} of ${total}.\n`)
  if (failedCount === 0) return
  const failed = await node.readAll('/import/failed', importFailedItem)
  terminal.warn(`${failedCount} rows were left out; the others are synchronised:\n`)
  const errors = { print: (text: string) => terminal.warn(text), hasColor: false, columns: terminal.columns }
  printTable(errors, failedColumns, failed.items)
}

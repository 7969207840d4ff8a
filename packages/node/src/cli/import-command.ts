/**
 * `stockmesh import`: starts the import and follows it to its end. A shop that joins is asked about what will become of
 * its numbers before anything is written. On a terminal one line overwrites itself; elsewhere there is a line for every
 * tenth.
 */
import type { ImportAnswer, ImportFailedItem, ImportPreview, ImportPreviewItem } from '@stockmesh/protocol'
import { importAnswer, importFailedItem } from '../http/answers.ts'
import { listOf } from '../http/answer-schema.ts'
import { importPreview, importPreviewItem } from '../http/import-routes.ts'
import type { Invocation } from './catalogue.ts'
import { isConfirmed } from './confirmation.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { exitFailed } from './exit-code.ts'
import { NodeCallError } from './node-call-error.ts'
import { type Column, printJson, printTable, signed } from './table.ts'
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
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const report = settings.json ? () => undefined : createReport(terminal)
  const answer = await follow(invocation, node, report)
  if (answer === null) return exitFailed
  if (settings.json) printJson(terminal, answer)
  else await printEnd(node, terminal, answer)
  return answer.state === 'done' ? 0 : exitFailed
}

/** Starts it, where that is left to do, and reads its state until nothing moves any more; null: the person said no. */
async function follow(
  invocation: Invocation,
  node: NodeClient,
  report: (answer: ImportAnswer) => void,
): Promise<ImportAnswer | null> {
  const { terminal } = invocation
  let answer = await node.call('GET', '/import', importAnswer)
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
    const next = state === 'paused' ? 'Resume it in the admin pages.' : 'Look at: stockmesh status'
    terminal.warn(`${terminal.isTerminal ? '\n' : ''}The import is ${state} at ${done} of ${total}. ${next}\n`)
    return
  }
  terminal.print(`The import is done: ${done} of ${total}.\n`)
  if (failedCount === 0) return
  const failed = await node.readAll('/import/failed', importFailedItem)
  terminal.warn(`${failedCount} rows were left out; the others are synchronised:\n`)
  const errors = { print: (text: string) => terminal.warn(text), hasColor: false, columns: terminal.columns }
  printTable(errors, failedColumns, failed.items)
}

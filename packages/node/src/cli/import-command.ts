/**
 * `stockmesh import`: starts the import and follows it to its end. On a terminal one line overwrites itself; elsewhere
 * there is a line for every tenth.
 */
import type { ImportAnswer, ImportFailedItem } from '@stockmesh/protocol'
import { importAnswer, importFailedItem } from '../http/answers.ts'
import type { Invocation } from './catalogue.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { exitFailed } from './exit-code.ts'
import { type Column, printJson, printTable } from './table.ts'
import type { Terminal } from './terminal.ts'

const pollMs = 500

const failedColumns: readonly Column<ImportFailedItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
  { title: 'PRODUCT', cell: (item) => item.productId },
  { title: 'REASON', isFlexible: true, cell: (item) => item.message },
]

export async function importProducts(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const report = settings.json ? () => undefined : createReport(terminal)
  const answer = await follow(node, terminal, report)
  if (settings.json) printJson(terminal, answer)
  else await printEnd(node, terminal, answer)
  return answer.state === 'done' ? 0 : exitFailed
}

/** Starts it, once more when the preview is ready, and reads its state until nothing moves any more. */
async function follow(
  node: NodeClient,
  terminal: Terminal,
  report: (answer: ImportAnswer) => void,
): Promise<ImportAnswer> {
  let answer = await node.call('POST', '/import', importAnswer)
  let mayStart = true
  for (;;) {
    report(answer)
    if (answer.state === 'ready' && mayStart) {
      mayStart = false
      answer = await node.call('POST', '/import', importAnswer)
    } else if (answer.state === 'listing' || answer.state === 'running' || answer.state === 'ready') {
      await terminal.pause(pollMs)
      answer = await node.call('GET', '/import', importAnswer)
    } else return answer
  }
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

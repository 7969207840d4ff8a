/**
 * `stockmesh pause` and `stockmesh resume`. What the shop did meanwhile either comes in by itself, or a person decides
 * whose numbers hold, after seeing what has become different.
 */
import type { ResumeChoice, ResumeItem, ResumePreview } from '@stockmesh/protocol'
import { pauseAnswer, resumePreview } from '../http/pause-routes.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { connectNode } from './node-client.ts'
import { plain, printJson, shortTime, signed } from './cell.ts'
import { type Column, printTable } from './table.ts'
import { UsageError } from './usage-error.ts'

const columns: readonly Column<ResumeItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'SHOP', align: 'right', cell: (item) => item.shopLevel },
  { title: 'SHOWN', align: 'right', cell: (item) => item.shown },
  { title: 'DIFFERENCE', align: 'right', cell: (item) => signed(item.difference) },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
]

export async function pause(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const answer = await (await connectNode(invocation)).call('POST', '/pause', pauseAnswer)
  if (settings.json) printJson(terminal, answer)
  else {
    const since = plain(shortTime(answer.since))
    terminal.print(`Paused since ${since}: nothing is read or written in this shop. Go on with: stockmesh resume\n`)
  }
  return 0
}

export async function resume(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const preview = await node.call('GET', '/resume/preview', resumePreview)
  if (!settings.json) printPreview(invocation, preview)
  const differences = await decide(invocation, preview)
  if (differences === null) return exitFailed
  const answer = await node.call('POST', '/resume', pauseAnswer, { body: { differences } })
  if (settings.json) printJson(terminal, answer)
  else terminal.print('The shop is synchronised again.\n')
  return 0
}

function printPreview({ terminal }: Invocation, { paused, exact, differ, unitsChanged, items }: ResumePreview): void {
  if (!paused || differ === 0 || !terminal.isTerminal) return
  printTable(terminal, columns, items)
  terminal.print(`\n${differ} SKUs differ by ${unitsChanged} units.`)
  terminal.print(exact ? ' What was done here meanwhile comes in by itself.\n' : '\n')
}

/** Whose numbers hold; null where the person does not want to go on. */
async function decide(invocation: Invocation, { paused, exact, differ }: ResumePreview): Promise<ResumeChoice | null> {
  const { settings, terminal } = invocation
  const mustChoose = paused && differ > 0 && !exact
  if (settings.differences !== null) {
    const sentence =
      settings.differences === 'network'
        ? 'This shop takes the numbers of the network. Go on?'
        : 'What this shop has more or less counts in every shop. Go on?'
    return !mustChoose || (await isConfirmed(invocation, sentence)) ? settings.differences : null
  }
  if (!mustChoose) return 'network'
  if (!terminal.canAsk) {
    throw new UsageError([
      `${differ} SKUs differ. Say what holds: --differences network (the network's numbers) or --differences count-in (what this shop has more or less counts).`,
    ])
  }
  const question = "Whose numbers hold, the network's (n), or does what this shop has more or less count in (c)? [n/c] "
  const answer = (await terminal.ask(question)).trim().toLowerCase()
  if (answer === 'n' || answer === 'network') return 'network'
  if (answer === 'c' || answer === 'count-in') return 'count-in'
  terminal.warn('Nothing was changed.\n')
  return null
}

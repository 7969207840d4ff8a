/**
 * `stockmesh problems`: what a person should look at, and the actions that solve it. An action carries the version of
 * the problem as it was shown, so that nobody decides about more than was seen.
 */
import type { ProblemItem } from '@stockmesh/protocol'
import { noAnswer, problemItem, stockItem } from '../http/answers.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { stockColumns } from './stock-columns.ts'
import { plain, printJson, shortTime } from './cell.ts'
import { type Column, printTable } from './table.ts'

const columns: readonly Column<ProblemItem>[] = [
  { title: 'ID', cell: (problem) => problem.id },
  { title: 'KIND', cell: (problem) => problem.kind },
  { title: 'SKU', cell: (problem) => problem.sku },
  { title: 'COUNT', align: 'right', cell: (problem) => problem.count },
  { title: 'SINCE', cell: (problem) => shortTime(problem.since) },
  { title: 'ACTIONS', cell: (problem) => problem.actions.map(({ id }) => id).join(' ') || '-' },
  { title: 'WHAT TO DO', isFlexible: true, cell: (problem) => problem.message },
]

export async function problems(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const filter = settings.member === null ? '' : `?member=${encodeURIComponent(settings.member)}`
  const list = await node.readAll(`/problems${filter}`, problemItem)
  const [id, action] = given
  if (id !== undefined) {
    const problem = list.items.find((candidate) => candidate.id === id)
    if (action !== undefined) return await act(invocation, node, { id, action, problem })
    if (problem !== undefined) return await show(invocation, node, problem)
    terminal.warn(`There is no problem ${plain(id)}, or none any more. See: stockmesh problems\n`)
    return exitFailed
  }
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('There are no problems.\n')
  else {
    printTable(terminal, columns, list.items)
    terminal.print('\nMore on one of them: stockmesh problems ID. Solve it with: stockmesh problems ID ACTION\n')
  }
  return 0
}

async function show({ settings, terminal }: Invocation, node: NodeClient, problem: ProblemItem): Promise<number> {
  const items = await node.readAll(`/problems/${pathPart(problem.id)}/items`, stockItem)
  if (settings.json) {
    printJson(terminal, { ...problem, items: items.items })
    return 0
  }
  terminal.print(`${plain(problem.message)}\n`)
  for (const [name, value] of Object.entries(problem.details)) {
    terminal.print(`  ${plain(name)}: ${plain(typeof value === 'string' ? value : JSON.stringify(value))}\n`)
  }
  if (items.items.length > 0) {
    terminal.print('\n')
    printTable(terminal, stockColumns, items.items)
  }
  const actions = problem.actions.map((action) => `stockmesh problems ${plain(problem.id)} ${plain(action.id)}`)
  if (actions.length > 0) terminal.print(`\nWhat can be done:\n${actions.map((line) => `  ${line}\n`).join('')}`)
  return 0
}

async function act(
  invocation: Invocation,
  node: NodeClient,
  chosen: { readonly id: string; readonly action: string; readonly problem: ProblemItem | undefined },
): Promise<number> {
  const { settings, terminal } = invocation
  const { id, action, problem } = chosen
  const isDestructive = problem?.actions.find((candidate) => candidate.id === action)?.destructive === true
  const question = `${plain(problem?.message ?? null)}\n"${plain(action)}" cannot be taken back. Do it?`
  if (isDestructive && !(await isConfirmed(invocation, question))) return exitFailed
  // One that is gone is the node's to refuse, so that the sentence and its code are the same everywhere.
  const version = settings.seen ?? problem?.version ?? 0
  const path = `/problems/${pathPart(id)}/${pathPart(action)}`
  const answer = await node.call('POST', path, noAnswer, { body: { version } })
  if (settings.json) printJson(terminal, answer)
  else terminal.print('Done. What is left: stockmesh problems\n')
  return 0
}

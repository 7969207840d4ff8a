/** `stockmesh admin-log`: what was done over the interface, by whom, and with which result. */
import type { AdminActItem } from '@stockmesh/protocol'
import { adminActItem } from '../http/admin-log-routes.ts'
import { listOf } from '../http/answer-schema.ts'
import type { Invocation } from './client-command.ts'
import { connectNode } from './node-client.ts'
import { printJson, shortTime } from './cell.ts'
import { type Column, printTable } from './table.ts'

const columns: readonly Column<AdminActItem>[] = [
  { title: 'TIME', cell: ({ at }) => shortTime(at) },
  { title: 'BY', cell: ({ by, name }) => (name === null ? by : `${by} ${name}`) },
  { title: 'FROM', cell: ({ address }) => address },
  { title: 'CALL', cell: ({ call }) => call },
  { title: 'ABOUT', isFlexible: true, cell: ({ subject }) => subject },
  { title: 'RESULT', cell: ({ result }) => result ?? 'unknown' },
]

export async function adminLog(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const list = await (await connectNode(invocation)).call('GET', '/admin-log', listOf(adminActItem))
  if (settings.json) printJson(terminal, list)
  else printTable(terminal, columns, list.items.toReversed())
  return 0
}

/**
 * `stockmesh tokens`: the tokens with which programs call the node. A new one is printed once.
 */
import type { ApiTokenItem } from '@stockmesh/protocol'
import { noAnswer } from '../http/answers.ts'
import { apiTokenItem, madeApiToken } from '../http/token-routes.ts'
import type { Invocation } from './client-command.ts'
import { exitFailed } from './exit-code.ts'
import { connectNode } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson, shortTime } from './cell.ts'
import { type Column, printTable } from './table.ts'
import { UsageError } from './usage-error.ts'

const columns: readonly Column<ApiTokenItem>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'ROLE', cell: ({ role }) => role },
  { title: 'MADE', cell: ({ createdAt }) => shortTime(createdAt) },
  { title: 'LAST USED', cell: ({ usedAt }) => shortTime(usedAt) },
]

export async function tokens(invocation: Invocation): Promise<number> {
  const [action, name] = invocation.given
  if (action === undefined) return await list(invocation)
  if (name === undefined) throw new UsageError([`NAME is missing: which token to ${action}?`])
  return action === 'create' ? await create(invocation, name) : await revoke(invocation, name)
}

async function list(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const all = await (await connectNode(invocation)).readAll('/tokens', apiTokenItem)
  if (settings.json) printJson(terminal, all)
  else if (all.items.length === 0) terminal.print('There are no tokens. Make one with: stockmesh tokens create NAME\n')
  else printTable(terminal, columns, all.items)
  return 0
}

async function create(invocation: Invocation, name: string): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const made = await node.call('POST', '/tokens', madeApiToken, { body: { name, role: settings.role } })
  if (settings.json) printJson(terminal, made)
  else terminal.print(`${made.token}\nIt is shown only now. Send it as: Authorization: Bearer TOKEN\n`)
  return 0
}

async function revoke(invocation: Invocation, name: string): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const { items } = await node.readAll('/tokens', apiTokenItem)
  const token = items.find((item) => item.name === name || item.id === name)
  if (token === undefined) {
    terminal.warn(`There is no token ${plain(name)}. See: stockmesh tokens\n`)
    return exitFailed
  }
  const answer = await node.call('DELETE', `/tokens/${pathPart(token.id)}`, noAnswer)
  if (settings.json) printJson(terminal, answer)
  else terminal.print(`The token ${plain(token.name)} is revoked.\n`)
  return 0
}

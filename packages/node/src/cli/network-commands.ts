/**
 * The commands around the network: ask to join, answer requests, list the members.
 */
import type { JoinAnswer, JoinRequestItem, MemberStatus } from '@stockmesh/protocol'
import { joinAnswer, joinRequestItem, memberStatus } from '../http/answers.ts'
import type { Invocation } from './client-command.ts'
import { listed } from './listed.ts'
import { connectNode } from './node-client.ts'
import { isYes } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson, shortTime } from './cell.ts'
import { type Column, printTable } from './table.ts'
import { UsageError } from './usage-error.ts'

/** How long `join` waits for the code: the other node answers at once when it is up. */
const codeTries = 20
const codePauseMs = 250

const requestColumns: readonly Column<JoinRequestItem>[] = [
  { title: 'ID', cell: (request) => request.id },
  { title: 'NAME', isFlexible: true, cell: (request) => request.name },
  { title: 'CODE', cell: (request) => request.code },
  { title: 'STATE', cell: (request) => request.state },
  { title: 'ADDRESS', isFlexible: true, cell: (request) => request.url },
  { title: 'SINCE', cell: (request) => shortTime(request.at) },
]

const memberColumns: readonly Column<MemberStatus>[] = [
  { title: 'NAME', isFlexible: true, cell: (member) => (member.self ? `${member.name} (this shop)` : member.name) },
  { title: 'ONLINE', cell: (member) => (member.online ? 'yes' : 'no') },
  { title: 'BEHIND', align: 'right', cell: (member) => member.behind },
  { title: 'LAST CONTACT', cell: (member) => shortTime(member.lastContactAt) },
  { title: 'RELEASE', cell: (member) => member.release },
  { title: 'ADDRESS', isFlexible: true, cell: (member) => member.url },
  { title: 'ID', cell: (member) => member.id },
]

export async function join(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const body = { address: given[0], importWhenAccepted: settings['import-when-accepted'] }
  let answer = await node.call('POST', '/join', joinAnswer, { body })
  for (let tries = 0; tries < codeTries && answer.state === 'sent' && answer.code === null; tries += 1) {
    await terminal.pause(codePauseMs)
    answer = await node.call('GET', '/join', joinAnswer)
  }
  if (settings.json) printJson(terminal, answer)
  else terminal.print(`${joinSentence(answer)}\n`)
  return answer.state === 'refused' || answer.state === 'expired' || answer.state === 'none' ? exitFailed : 0
}

function joinSentence(answer: JoinAnswer): string {
  if (answer.state === 'none') return 'There is no join request any more.'
  const address = plain(answer.address)
  if (answer.code !== null && (answer.state === 'sent' || answer.state === 'seen')) {
    return `${address} has the request ${plain(answer.id)}. Accept it there if it shows the code ${plain(answer.code)}.`
  }
  switch (answer.state) {
    case 'accepted':
      return `${address} has accepted. Begin with: stockmesh import`
    case 'refused':
      return `${address} has refused the request.`
    case 'expired':
      return 'The request has expired. Ask again.'
    default:
      return `The request waits for an answer of ${address}. Look again with: stockmesh join ${address}`
  }
}

export async function requests(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const list = await (await connectNode(invocation)).readAll('/join-requests', joinRequestItem)
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('There are no open join requests.\n')
  else printTable(terminal, requestColumns, list.items)
  return 0
}

export async function accept(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  if (settings.code === null && !terminal.canAsk) {
    throw new UsageError(['Say which code the other shop shows, with --code.'])
  }
  const node = await connectNode(invocation)
  const { items } = await node.readAll('/join-requests', joinRequestItem)
  const request = listed(items, given[0] ?? '')
  const code = settings.code ?? (await confirmedCode(invocation, request))
  if (code === null) return exitFailed
  // One that is not open any more is the node's to answer: accepting it twice is as good as once.
  const id = request?.id ?? given[0] ?? ''
  const accepted = await node.call('POST', `/join-requests/${pathPart(id)}/accept`, joinRequestItem, {
    body: { code },
  })
  if (settings.json) printJson(terminal, accepted)
  else terminal.print(`${plain(accepted.name)} is accepted.\n`)
  return 0
}

/** The code of the request, once a person has seen the same one in the other shop; else null. */
async function confirmedCode({ given, terminal }: Invocation, request: JoinRequestItem | null): Promise<string | null> {
  if (request === null || request.code === null) {
    terminal.warn(`There is no open request ${plain(given[0] ?? '')} with a code. See: stockmesh requests\n`)
    return null
  }
  const question = `${plain(request.name)} asks to join. Does it show the code ${plain(request.code)}? [y/N] `
  if (isYes(await terminal.ask(question))) return request.code
  terminal.warn('Nothing was accepted.\n')
  return null
}

export async function refuse(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const { items } = await node.readAll('/join-requests', joinRequestItem)
  const id = listed(items, given[0] ?? '')?.id ?? given[0] ?? ''
  const request = await node.call('POST', `/join-requests/${pathPart(id)}/refuse`, joinRequestItem)
  if (settings.json) printJson(terminal, request)
  else terminal.print(`${plain(request.name)} is refused.\n`)
  return 0
}

export async function members(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const list = await (await connectNode(invocation)).readAll('/members', memberStatus)
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('This shop is in no network.\n')
  else printTable(terminal, memberColumns, list.items)
  return 0
}

/**
 * The two ways out of a network: this shop leaves, or another one is removed. Both are final, so a person is asked.
 */
import type { CountAnswer } from '@stockmesh/protocol'
import { memberStatus, noAnswer } from '../http/answers.ts'
import { changeAnswer } from '../http/stock-change-routes.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { leaveMsMax } from './limits.ts'
import { listed } from './listed.ts'
import { connectNode } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson } from './cell.ts'

export async function leave(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const question = 'Leaving is final: coming back takes a new join request. Leave the network?'
  if (!(await isConfirmed(invocation, question))) return exitFailed
  if (terminal.isTerminal && !settings.force) {
    terminal.warn('Waiting up to 60 s until another shop has everything that was sold here ...\n')
  }
  const answer = await node.call('POST', '/leave', noAnswer, {
    body: { force: settings.force },
    answerMsMax: leaveMsMax,
  })
  if (settings.json) printJson(terminal, answer)
  else terminal.print('This shop has left the network. Its numbers stay.\n')
  return 0
}

export async function evict(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const member = listed((await node.readAll('/members', memberStatus)).items, given[0] ?? '')
  // An unknown member is the node's to refuse, so that the sentence and its code are the same everywhere.
  const id = member?.id ?? given[0] ?? ''
  const name = plain(member?.name ?? id)
  const question = `${name} is removed for good: it can only come back as a new shop. Remove it from the network?`
  if (member !== null && !(await isConfirmed(invocation, question))) return exitFailed
  const path = `/members/${pathPart(id)}`
  const since = settings['undo-since']
  const undo = async (): Promise<CountAnswer> =>
    await node.call('POST', `${path}/undo`, changeAnswer, { body: { since } })
  // What cannot be undone is refused before anybody is removed.
  const undone = since === null ? null : await undo()
  const answer = await node.call('DELETE', path, noAnswer)
  // What it did between the two; undoing the rest again changes nothing.
  const last = undone === null ? null : await undo()
  if (settings.json) printJson(terminal, last === null ? answer : { undone, last })
  else terminal.print(`${name} is removed from the network. ${whatCounts(undone, last)}\n`)
  return last === null || last.refused === 0 ? 0 : exitFailed
}

function whatCounts(undone: CountAnswer | null, last: CountAnswer | null): string {
  if (undone === null || last === null) return 'What it has sold still counts.'
  const done = `Undone: ${undone.counted + last.counted} SKUs.`
  return last.refused === 0 ? done : `${done} Of ${last.refused} it is not known yet; undo them once more.`
}

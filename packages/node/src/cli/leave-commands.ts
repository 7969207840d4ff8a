/**
 * The two ways out of a network: this shop leaves, or another one is removed. Both are final, so a person is asked.
 */
import { memberStatus, noAnswer } from '../http/answers.ts'
import type { Invocation } from './catalogue.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { leaveMsMax } from './limits.ts'
import { listed } from './listed.ts'
import { connectNode } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson } from './table.ts'

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
  const answer = await node.call('DELETE', `/members/${pathPart(id)}`, noAnswer)
  if (settings.json) printJson(terminal, answer)
  else terminal.print(`${name} is removed from the network. What it has sold still counts.\n`)
  return 0
}

/**
 * `stockmesh stop-all` and `stockmesh resume-all`.
 */
import { stopAllAnswer } from '../http/answers.ts'
import type { Invocation } from './client-command.ts'
import { readMemberNames } from './member-names.ts'
import { connectNode } from './node-client.ts'
import { plain, printJson } from './cell.ts'

export async function stopAll(invocation: Invocation): Promise<number> {
  return await say(invocation, '/stop-all', 'No shop is written to until: stockmesh resume-all')
}

export async function resumeAll(invocation: Invocation): Promise<number> {
  return await say(invocation, '/resume-all', 'The shops are written to again.')
}

async function say(invocation: Invocation, path: string, done: string): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  const answer = await node.call('POST', path, stopAllAnswer)
  if (settings.json) {
    printJson(terminal, answer)
    return 0
  }
  terminal.print(`${done}\n`)
  if (answer.unheard.length === 0) return 0
  const nameOf = await readMemberNames(node)
  const names = answer.unheard.map((member) => plain(nameOf(member))).join(', ')
  terminal.print(`Not heard by: ${names}. They hear of it when they are back.\n`)
  return 0
}

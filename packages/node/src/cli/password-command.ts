/**
 * `stockmesh password`: a new password for the admin pages. Whoever can read the node's folder may choose one without
 * knowing the one before; that is how a forgotten password is replaced.
 */
import { z } from 'zod'
import { passwordCharactersMax, passwordCharactersMin } from '../http/limits.ts'
import { noAnswer, sessionAnswer } from '../http/answers.ts'
import type { Invocation } from './catalogue.ts'
import { NodeCallError } from './node-call-error.ts'
import { connectNode } from './node-client.ts'
import { printJson } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export async function password(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  // A node that is not there, or has no password to replace, is told before a person has typed anything.
  const { hasPassword } = await node.call('GET', '/session', sessionAnswer)
  if (!hasPassword) {
    // Anybody may ask for the session; whose token is refused hears that first.
    await node.call('GET', '/status', z.unknown())
    const sentence = 'This node has no password yet. Open its admin pages to set it up. (setup-first)'
    throw new NodeCallError('setup-first', sentence)
  }
  const chosen = await readPassword(terminal)
  const answer = await node.call('POST', '/password', noAnswer, { body: { password: chosen } })
  if (settings.json) printJson(terminal, answer)
  else terminal.print('The password is changed, and everybody is signed out.\n')
  return 0
}

async function readPassword(terminal: Terminal): Promise<string> {
  // The end of the last line is not part of what was piped in.
  const chosen = terminal.canAsk
    ? await terminal.askSecret('New password: ')
    : (await terminal.readInput()).replace(/\r?\n$/, '')
  if (chosen.length < passwordCharactersMin || chosen.length > passwordCharactersMax) {
    throw new UsageError([`The password must have ${passwordCharactersMin} to ${passwordCharactersMax} characters.`])
  }
  if (terminal.canAsk && (await terminal.askSecret('The same again: ')) !== chosen) {
    throw new UsageError(['The two passwords are not the same. Nothing was changed.'])
  }
  return chosen
}

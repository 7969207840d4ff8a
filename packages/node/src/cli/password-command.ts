/**
 * `stockmesh password` and `stockmesh viewers`: new passwords for the admin pages. Whoever can read the node's
 * folder may choose one without knowing the one before; that is how a forgotten password is replaced.
 */
import type { ViewerPasswordAnswer } from '@stockmesh/protocol'
import { z } from 'zod'
import { passwordCharactersMax, passwordCharactersMin } from '../http/limits.ts'
import { noAnswer, sessionAnswer } from '../http/answers.ts'
import { viewerPasswordAnswer } from '../http/password-routes.ts'
import type { Invocation } from './client-command.ts'
import { NodeCallError } from './node-call-error.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { printJson } from './cell.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export async function password(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  await assertSetUp(node)
  const chosen = await readPassword(terminal)
  const answer = await node.call('POST', '/password', noAnswer, { body: { password: chosen } })
  if (settings.json) printJson(terminal, answer)
  else terminal.print('The password is changed, and everybody is signed out.\n')
  return 0
}

export async function viewerPassword(invocation: Invocation): Promise<number> {
  const { settings, terminal, given } = invocation
  const node = await connectNode(invocation)
  if (given[0] !== undefined) await assertSetUp(node)
  const answer = await changeViewerPassword(invocation, node)
  if (settings.json) printJson(terminal, answer)
  else if (given[0] === 'set') terminal.print('The password of viewers is changed, and all viewers are signed out.\n')
  else if (given[0] === 'remove') terminal.print('Nobody can sign in as a viewer any more.\n')
  else if (answer.set) terminal.print('There is a password for viewers.\n')
  else terminal.print('There is no password for viewers. Choose one with: stockmesh viewers set\n')
  return 0
}

async function changeViewerPassword({ given, terminal }: Invocation, node: NodeClient): Promise<ViewerPasswordAnswer> {
  const path = '/viewer-password'
  if (given[0] === 'remove') return await node.call('DELETE', path, viewerPasswordAnswer)
  if (given[0] === undefined) return await node.call('GET', path, viewerPasswordAnswer)
  return await node.call('POST', path, viewerPasswordAnswer, { body: { password: await readPassword(terminal) } })
}

async function assertSetUp(node: NodeClient): Promise<void> {
  // A node that is not there, or has no password to replace, is told before a person has typed anything.
  const { hasPassword } = await node.call('GET', '/session', sessionAnswer)
  if (!hasPassword) {
    // Anybody may ask for the session; whose token is refused hears that first.
    await node.call('GET', '/status', z.unknown())
    const sentence = 'This node has no password yet. Open its admin pages to set it up. (setup-first)'
    throw new NodeCallError('setup-first', sentence)
  }
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

/**
 * `stockmesh partition-guard`: whether each side shows only its share while shops are out of reach.
 */
import type { GuardAnswer } from '@stockmesh/protocol'
import { guardAnswer } from '../http/answers.ts'
import type { Invocation } from './client-command.ts'
import { readMemberNames } from './member-names.ts'
import { connectNode } from './node-client.ts'
import { plain, printJson } from './cell.ts'

export async function partitionGuard(invocation: Invocation): Promise<number> {
  const { settings, terminal, given } = invocation
  const node = await connectNode(invocation)
  const [how] = given
  const path = '/partition-guard'
  const answer =
    how === undefined
      ? await node.call('GET', path, guardAnswer)
      : await node.call('POST', path, guardAnswer, { body: changeOf(how) })
  if (settings.json) {
    printJson(terminal, answer)
    return 0
  }
  const names = await readMemberNames(node)
  const listed = (members: readonly string[]): string => members.map((member) => plain(names(member))).join(', ')
  for (const sentence of sentencesOf(answer, listed)) terminal.print(`${sentence}\n`)
  return 0
}

function changeOf(how: string): object {
  if (how === 'off') return { on: false }
  return how === 'on' ? { on: true } : { on: true, shares: how }
}

function sentencesOf(answer: GuardAnswer, listed: (members: readonly string[]) => string): string[] {
  const { on, outOfReachSeconds, weights, outOfReach, shownPercent, unheard } = answer
  if (!on) return ['The partition guard is off: every shop shows all units, also while others are out of reach.']
  const shares = weights.map(({ member, weight }) => `${listed([member])} ${weight}`).join(', ')
  return [
    `The partition guard is on: after ${outOfReachSeconds} seconds each side shows its share (${shares}).`,
    ...(shownPercent === null ? [] : [`Out of reach: ${listed(outOfReach)}. This side shows ${shownPercent} %.`]),
    ...(unheard.length === 0 ? [] : [`Not heard by: ${listed(unheard)}. Until they have, the smaller share counts.`]),
  ]
}

/**
 * Looks at every node while faults go on, to tell whether they are felt at all: how often a node answered, missed a
 * member, or held what some member had not claimed.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { StatusAnswer } from '@stockmesh/protocol'
import { adminToken } from '../harness/process.ts'
import type { Member } from './ground.ts'

export interface Looks {
  readonly looks: number
  readonly unanswered: number
  readonly missing: number
  readonly behind: number
}

const everyMs = 500
const answerMsMax = 1_000

/** Until `over` resolves. */
export async function lookOut(members: readonly Member[], over: Promise<unknown>): Promise<Looks> {
  const seen = { looks: 0, unanswered: 0, missing: 0, behind: 0 }
  let isOver = false
  const end = over.then(
    () => (isOver = true),
    () => (isOver = true),
  )
  const lookAt = async ({ node }: Member): Promise<void> => {
    seen.looks += 1
    try {
      const answer = await fetch(`${node.url}/api/v1/status`, {
        headers: { authorization: `Bearer ${adminToken}` },
        signal: AbortSignal.timeout(answerMsMax),
      })
      const { network } = (await answer.json()) as StatusAnswer
      if (network?.members.some(({ online, self }) => !online && !self) === true) seen.missing += 1
      if (network?.members.some(({ behind }) => behind !== 0) === true) seen.behind += 1
    } catch {
      seen.unanswered += 1
    }
  }
  while (!isOver) {
    await Promise.all(members.map(lookAt))
    await Promise.race([pause(everyMs), end])
  }
  return seen
}

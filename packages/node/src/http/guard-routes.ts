/**
 * The partition guard: while members are out of reach, each side shows only its share of what is left.
 */
import type { GuardAnswer } from '@stockmesh/protocol'
import { guardShares, limits } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { memberId } from './answer-schema.ts'
import { guardAnswer, guardSeconds, guardWeight } from './answers.ts'
import { defineRoute, type Route } from './route.ts'

/** Absent: unchanged. */
export interface GuardChange {
  readonly on?: boolean | undefined
  readonly outOfReachSeconds?: number | undefined
  readonly shares?: GuardAnswer['shares'] | undefined
  /** With `shares: 'set'`: weight by member id; a member that is not named keeps its own. */
  readonly weights?: Readonly<Record<string, number>> | undefined
  readonly closed?: readonly string[] | undefined
}

/** What these calls need from the node. Error: 409 `no-network`. */
export interface GuardApi {
  guardState(): GuardAnswer
  /** Resolves when it is durable. Error: 404 `member-unknown`. */
  changeGuard(change: GuardChange): Promise<GuardAnswer>
}

const guardChange: ZodType<GuardChange> = z.strictObject({
  on: z.boolean().optional(),
  outOfReachSeconds: guardSeconds.optional(),
  shares: z.enum(guardShares).optional(),
  weights: z.record(memberId, guardWeight).optional(),
  closed: z.array(memberId).max(limits.guardShopsMax).readonly().optional(),
})

export function guardRoutes(node: GuardApi): readonly Route[] {
  return [
    defineRoute('GET', '/partition-guard', {
      summary: 'Whether each side shows only its share while members are out of reach, and what is shown now.',
      access: 'viewer',
      answers: guardAnswer,
      answer: () => node.guardState(),
    }),
    defineRoute('POST', '/partition-guard', {
      summary: 'Turns the partition guard on or off for the whole network, sets the shares, or declares a shop closed.',
      body: guardChange,
      answers: guardAnswer,
      errors: { 'no-network': 409, 'member-unknown': 404 },
      answer: ({ body }) => node.changeGuard(body),
    }),
  ]
}

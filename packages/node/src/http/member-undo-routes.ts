/**
 * Undoing what one member of the network did since a time.
 */
import { checkSince, type CountAnswer } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { ApiFailure } from './node-api.ts'
import { defineRoute, type Route } from './route.ts'
import { changeAnswer, changeRefusals } from './stock-change-routes.ts'
import { dryRunQuery } from './stock-lines.ts'

export interface MemberUndo {
  /** In milliseconds since 1970, by the clock of that shop. */
  readonly since: number
  readonly dryRun: boolean
}

export interface MemberUndoApi {
  /** Errors: 404 `member-unknown`, and those of `changeRefusals`. */
  undoMember(id: string, request: MemberUndo): Promise<CountAnswer>
}

const undoBody: ZodType<{ readonly since: number }> = z.strictObject({
  since: z.iso
    .datetime({ offset: true, error: 'Write a time as in 2026-03-01T12:00:00Z.' })
    .transform((text) => Date.parse(text)),
})

export function memberUndoRoutes(node: MemberUndoApi, clock: { now(): number }): readonly Route[] {
  return [
    defineRoute('POST', '/members/:id/undo', {
      summary:
        'Stock counts from the levels without what this shop moved since then; what it sells from now on counts. A dry run shows them.',
      answers: changeAnswer,
      errors: {
        'member-unknown': 404,
        ...changeRefusals,
        'since-future': 422,
        'since-too-old': 422,
      },
      query: dryRunQuery,
      body: undoBody,
      answer({ part, query: { dryRun }, body }) {
        const since = checkSince(body.since, clock.now())
        if (!since.ok) throw new ApiFailure(422, since.code, since.message)
        return node.undoMember(part('id'), { since: since.value, dryRun })
      },
    }),
  ]
}

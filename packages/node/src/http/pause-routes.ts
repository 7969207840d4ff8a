/**
 * Pausing and resuming this shop. While it is paused nothing is read from the shop or written to it; the node stays a
 * member and goes on exchanging what it holds.
 */
import { limits, type PauseAnswer, type ResumeChoice, type ResumePreview } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly, time, units } from './answer-schema.ts'
import { defineRoute, type Route } from './route.ts'
import { shopFailures } from './shop-failures.ts'

/** What these calls need from the node. Every method may throw an `ApiFailure`. */
export interface PauseApi {
  pauseState(): PauseAnswer
  /** Resolves when no call to the shop is under way any more. A shop that is paused stays so. */
  pause(): Promise<PauseAnswer>
  /** Reads the shop's rows afresh; nothing where the shop is not paused. Errors: 503 and the shop's own code. */
  resumePreview(): Promise<ResumePreview>
  /** A shop that is not paused stays so. */
  resume(): Promise<PauseAnswer>
}

/**
 * What is to become of numbers that changed meanwhile: the network's are taken, or the differences are counted in. It
 * decides only where no feed tells the changes one by one, as `exact` in the answer says.
 */
const resumeBody: ZodType<{ readonly differences: ResumeChoice }> = z.strictObject({
  differences: z.enum(['network', 'count-in']).default('network'),
})

export const pauseAnswer: ZodType<PauseAnswer> = exactly<PauseAnswer>()(
  z
    .strictObject({
      paused: z.boolean(),
      since: time.nullable(),
      exact: z.boolean().describe('Changes made meanwhile come in one by one, so `differences` decides nothing.'),
    })
    .meta({ id: 'Pause' }),
)

export const resumePreview: ZodType<ResumePreview> = exactly<ResumePreview>()(
  z
    .strictObject({
      paused: z.boolean(),
      exact: z.boolean(),
      differ: amount,
      unitsChanged: amount,
      items: z
        .array(z.strictObject({ sku: z.string(), name: z.string(), shopLevel: units, shown: units, difference: units }))
        .readonly()
        .describe(`The largest first, at most ${limits.resumeItemsMax}.`),
    })
    .meta({ id: 'ResumePreview' }),
)

export function pauseRoutes(node: PauseApi): readonly Route[] {
  return [
    defineRoute('GET', '/pause', {
      summary: 'Whether this shop is paused, and since when.',
      access: 'viewer',
      answers: pauseAnswer,
      answer: () => node.pauseState(),
    }),
    defineRoute('POST', '/pause', {
      summary: 'Pauses this shop; answers once nothing is read from it or written to it any more.',
      answers: pauseAnswer,
      answer: () => node.pause(),
    }),
    defineRoute('GET', '/resume/preview', {
      summary: 'What changed in the paused shop, read afresh.',
      access: 'viewer',
      answers: resumePreview,
      errors: shopFailures,
      answer: () => node.resumePreview(),
    }),
    defineRoute('POST', '/resume', {
      summary: 'The shop takes part again. Where `exact` is true, `differences` has nothing to decide.',
      answers: pauseAnswer,
      errors: { 'undo-running': 409 },
      body: resumeBody,
      answer: () => node.resume(),
    }),
  ]
}

/**
 * Alerts as the pages and scripts use them: a test message to wherever alerts are sent.
 */
import type { AlertTestAnswer } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { exactly } from './answer-schema.ts'
import { ApiFailure } from './node-api.ts'
import { defineRoute, type Route } from './route.ts'

const alertTestAnswer: ZodType<AlertTestAnswer> = exactly<AlertTestAnswer>()(
  z
    .strictObject({
      results: z
        .array(
          z.strictObject({
            target: z.enum(['webhook', 'email']),
            delivered: z.boolean(),
            code: z.string().nullable(),
            message: z.string().nullable(),
          }),
        )
        .readonly(),
    })
    .meta({ id: 'AlertTest' }),
)

export function alertRoutes(alerts: { test(): Promise<AlertTestAnswer> }): readonly Route[] {
  return [
    defineRoute('POST', '/settings/alerts/test', {
      summary: 'Sends a test message to wherever alerts are sent, and says what became of it.',
      answers: alertTestAnswer,
      errors: { 'alerts-not-set': 409 },
      async answer() {
        const answer = await alerts.test()
        if (answer.results.length > 0) return answer
        throw new ApiFailure(
          409,
          'alerts-not-set',
          'Alerts are sent nowhere. Set a webhook, or a mail server and an address, in the settings first.',
        )
      },
    }),
  ]
}

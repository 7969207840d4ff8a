/**
 * The audit of the running node. It takes as long as its records are many, and everything goes on meanwhile.
 */
import type { AuditAnswer } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly } from './answer-schema.ts'
import { defineRoute, type Route } from './route.ts'

export interface AuditApi {
  /** Error: 503 `node-restarting`. */
  verify(): Promise<AuditAnswer>
}

export const auditAnswer: ZodType<AuditAnswer> = exactly<AuditAnswer>()(
  z
    .strictObject({
      ok: z.boolean(),
      running: z.boolean(),
      checked: z.strictObject({
        rows: amount,
        replicas: amount,
        records: amount,
        movements: amount,
        shopRows: amount,
      }),
      faultCount: amount,
      faults: z
        .array(
          z.strictObject({
            code: z.string(),
            message: z.string(),
            replica: z.string().nullable(),
            sku: z.string().nullable(),
          }),
        )
        .readonly()
        .describe('At most 1,000.'),
    })
    .meta({ id: 'Audit' }),
)

export function auditRoutes(node: AuditApi): readonly Route[] {
  return [
    defineRoute('GET', '/verify', {
      summary:
        'Audits the node: checksums of all rows, records against claims and digests, signatures, movements against totals, and ' +
        'shadow levels against the shop. A fault has a stable code.',
      access: 'viewer',
      answers: auditAnswer,
      answer: () => node.verify(),
    }),
  ]
}

/**
 * Stock counts and received goods: what a person says of the shelf. Every call may be a dry run, which changes nothing.
 */
import type { CountAnswer, CountItem } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import type { CallKey } from '../storage/kept-answers.ts'
import { amount, exactly, memberId, units } from './answer-schema.ts'
import { ApiFailure } from './node-api.ts'
import { defineRoute, type Route } from './route.ts'
import {
  checkCounted,
  countBody,
  type CountedLine,
  countsBody,
  type DeliveredLine,
  deliveryBody,
  dryRunQuery,
  type GivenLine,
  parseCountLines,
  parseDeliveredLines,
} from './stock-lines.ts'

/** Lines that are changed together, in one durable step. */
export interface StockChange<Line> {
  readonly lines: readonly GivenLine<Line>[]
  readonly dryRun: boolean
  /** A repeat under the same key changes nothing and has the same answer. */
  readonly key: CallKey | null
}

export interface StockChanges {
  /** Errors: 409 `no-network`, 409 `import-first`, 422 `idempotency-key-reused`, 503 `shop-unreachable`. */
  count(change: StockChange<CountedLine>): Promise<CountAnswer>
  receive(change: StockChange<DeliveredLine> & { readonly note: string | null }): Promise<CountAnswer>
}

const item: ZodType<CountItem> = exactly<CountItem>()(
  z
    .strictObject({
      sku: z.string().describe('As it was sent; empty where the line has none.'),
      name: z.string().nullable(),
      from: units.nullable().describe('The level before; null where there was none, or the line was refused.'),
      to: units.nullable(),
      error: z.strictObject({ code: z.string(), message: z.string() }).nullable().describe('Why the line was refused.'),
    })
    .meta({ id: 'StockChangeItem' }),
)

export const changeAnswer: ZodType<CountAnswer> = exactly<CountAnswer>()(
  z
    .strictObject({
      items: z.array(item).readonly(),
      counted: amount.describe('Lines that were not refused.'),
      refused: amount,
      unitsChanged: amount.describe('Sum of the sizes of the differences.'),
      dryRun: z.boolean(),
      unheard: z
        .array(memberId)
        .readonly()
        .describe('Members of which not all may have been heard: what they sold is subtracted when it comes.'),
    })
    .meta({ id: 'StockChange' }),
)

/** Where a change of the stock by a person would not be heard of, or not counted. */
export const changeRefusals = {
  'no-network': 409,
  'not-a-member': 409,
  'import-first': 409,
  superseded: 409,
  'shop-leaving': 409,
} as const

export function stockChangeRoutes(changes: StockChanges, clock: { now(): number }): readonly Route[] {
  return [
    defineRoute('POST', '/stock/:sku/count', {
      summary:
        'A stock count of one SKU: what lies on the shelf, less what is sold and not sent, is its level from now.',
      answers: changeAnswer,
      errors: {
        ...changeRefusals,
        'shop-paused': 409,
        'sku-unknown': 404,
        'as-of-future': 422,
        'as-of-too-old': 422,
        'as-of-unclear': 422,
        'shop-unreachable': 503,
      },
      query: dryRunQuery,
      body: countBody,
      async answer({ part, query: { dryRun }, body, callKey }) {
        const line = { sku: part('sku'), line: checkCounted(body, clock.now()) }
        return assertCounted(await changes.count({ lines: [line], dryRun, key: callKey() }))
      },
    }),
    defineRoute('POST', '/counts', {
      summary: 'A stock count of many SKUs, taken together; a line that is refused holds up no other.',
      answers: changeAnswer,
      errors: { ...changeRefusals, 'shop-paused': 409, 'shop-unreachable': 503 },
      query: dryRunQuery,
      body: countsBody,
      answer: ({ query: { dryRun }, body: { items }, callKey }) =>
        changes.count({ lines: parseCountLines(items, clock.now()), dryRun, key: callKey() }),
    }),
    defineRoute('POST', '/received', {
      summary: 'Goods came in: so many more of each SKU, with a note that the log shows.',
      answers: changeAnswer,
      errors: changeRefusals,
      query: dryRunQuery,
      body: deliveryBody,
      answer: ({ query: { dryRun }, body: { items, note }, callKey }) =>
        changes.receive({ lines: parseDeliveredLines(items), note, dryRun, key: callKey() }),
    }),
  ]
}

/** A count of one SKU that is refused is an error of the call. */
function assertCounted(answer: CountAnswer): CountAnswer {
  const error = answer.items[0]?.error ?? null
  if (error !== null) throw new ApiFailure(error.code === 'sku-unknown' ? 404 : 422, error.code, error.message)
  return answer
}

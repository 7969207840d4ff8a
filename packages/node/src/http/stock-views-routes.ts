/**
 * What happened to stock beside the lists: the SKUs that are oversold with the orders that collided, and the figures of
 * the charts.
 */
import type { ActivityAnswer, CollidingOrder, List, OversoldItem, StockCourse } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly, memberId, time, units } from './answer-schema.ts'
import type { PageQuery } from './node-api.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import { pageQuery } from './schemas.ts'

/** What these calls need from the node. Every method may throw an `ApiFailure`. */
export interface StockViewsApi {
  oversold(query: PageQuery): Promise<List<OversoldItem>>
  /** Error: 404 `sku-unknown`. */
  course(sku: string): Promise<StockCourse>
  activity(): Promise<ActivityAnswer>
}

const collidingOrder: ZodType<CollidingOrder> = exactly<CollidingOrder>()(
  z
    .strictObject({
      member: memberId,
      reference: z.string().nullable(),
      delta: units,
      at: time,
      short: amount.describe('Units of it that there are not: the orders that came last are short.'),
    })
    .meta({ id: 'CollidingOrder' }),
)

const oversoldItem: ZodType<OversoldItem> = exactly<OversoldItem>()(
  z
    .strictObject({
      sku: z.string(),
      name: z.string(),
      level: units,
      orders: z
        .array(collidingOrder)
        .readonly()
        .describe('The newest first, back to the order that took the last unit that was there.'),
    })
    .meta({ id: 'Oversold' }),
)

const stockCourse: ZodType<StockCourse> = exactly<StockCourse>()(
  z
    .strictObject({
      from: time.nullable().describe('From when on everything that moved is known; null where nothing is.'),
      level: units.nullable().describe('Units that there were then.'),
      hours: z
        .array(z.strictObject({ at: time, added: amount, removed: amount, level: units }))
        .readonly()
        .describe('Hours in which something moved, the oldest first; `level` is that at the end of the hour.'),
    })
    .meta({ id: 'StockCourse' }),
)

const activityAnswer: ZodType<ActivityAnswer> = exactly<ActivityAnswer>()(
  z
    .strictObject({
      from: time.describe('From when on every change is counted.'),
      hours: z
        .array(
          z.strictObject({
            at: time,
            shops: z.array(z.strictObject({ member: memberId, changes: amount })).readonly(),
          }),
        )
        .readonly(),
    })
    .meta({ id: 'Activity' }),
)

export function stockViewsRoutes(node: StockViewsApi): readonly Route[] {
  return [
    defineList('/oversold', {
      summary: 'The SKUs of which more was sold than there was, with the orders that collided.',
      access: 'viewer',
      item: oversoldItem,
      query: pageQuery,
      columns: ['sku', 'name', 'level', 'orders'] satisfies (keyof OversoldItem)[],
      page: (query) => node.oversold(query),
    }),
    defineRoute('GET', '/stock/:sku/course', {
      summary: 'What became of one SKU in the last 30 days, hour by hour.',
      access: 'viewer',
      answers: stockCourse,
      errors: { 'sku-unknown': 404 },
      answer: ({ part }) => node.course(part('sku')),
    }),
    defineRoute('GET', '/activity', {
      summary: 'How many changes of stock each shop made in each of the last 24 hours.',
      access: 'viewer',
      answers: activityAnswer,
      answer: () => node.activity(),
    }),
  ]
}

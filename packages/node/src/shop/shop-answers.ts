/**
 * What the shop's HTTP interface answers, as schemas: its description is made from them. Each is exactly the type that
 * the shop answers with.
 */
import type { FeedRow, ShopProduct, StockRow } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import type { AdjustmentResult, Attachment, FeedPage, StockRowPage } from '../connectors/connector.ts'
import { amount, exactly, listOf, time, units } from '../http/answer-schema.ts'
import type { Order } from './orders.ts'
import type { ProductView, ProductWithVariants } from './products.ts'

const milliseconds = z.int().describe('Milliseconds since 1970.')

const facts = {
  id: z.string(),
  parentId: z.string().nullable().describe('Of a variant: the product that it belongs to.'),
  sku: z.string().nullable(),
  name: z.string(),
}

const shopProduct: ZodType<ShopProduct> = exactly<ShopProduct>()(z.strictObject(facts))

const productFields = {
  ...facts,
  stock: units.nullable().describe('Units; null where the stock is not tracked.'),
  stockId: z.string().describe('The stock row; products that share one share their stock.'),
  pool: z.string().nullable(),
  createdAt: time,
  version: amount.describe('Grows with every change of the product or its stock.'),
}

const productItem: ZodType<ProductView> = exactly<ProductView>()(z.strictObject(productFields).meta({ id: 'Product' }))

export const productAnswer: ZodType<ProductWithVariants> = exactly<ProductWithVariants>()(
  z.strictObject({ ...productFields, variants: z.array(productItem).readonly() }).meta({ id: 'ProductWithVariants' }),
)

const orderLineFields = {
  productId: z.string(),
  stockId: z.string(),
  sku: z.string().nullable(),
  name: z.string(),
  quantity: units.describe('Less than none: goods that came back.'),
  tracked: z.boolean(),
}
const orderLine = z.strictObject(orderLineFields)

export const orderAnswer: ZodType<Order> = exactly<Order>()(
  z
    .strictObject({
      id: z.string(),
      state: z.enum(['placed', 'cancelled']),
      createdAt: time,
      cancelledAt: time.nullable(),
      lines: z.array(orderLine).readonly(),
      restocked: z.array(orderLine).readonly().describe('What cancelling put back.'),
      skipped: z
        .array(z.strictObject({ ...orderLineFields, reason: z.enum(['product-deleted', 'untracked']) }))
        .readonly()
        .describe('What cancelling could not put back.'),
    })
    .meta({ id: 'Order' }),
)

export const attachAnswer: ZodType<Attachment> = exactly<Attachment>()(
  z.strictObject({ epoch: z.string(), start: amount }).meta({ id: 'Attachment' }),
)

const stockRow: ZodType<StockRow> = exactly<StockRow>()(
  z
    .strictObject({
      stockId: z.string(),
      sku: z.string().nullable(),
      name: z.string(),
      stock: units.nullable(),
      fault: z.exactOptional(z.string()),
      version: amount,
      createdAt: milliseconds,
      products: z.array(shopProduct).readonly(),
    })
    .meta({ id: 'StockRow' }),
)

export const stockRowPage: ZodType<StockRowPage> = exactly<StockRowPage>()(
  z
    .strictObject({
      epoch: z.string(),
      items: z.array(stockRow).readonly(),
      next: z.string().nullable(),
      total: amount,
    })
    .meta({ id: 'StockRowPage' }),
)

const feedRow: ZodType<FeedRow> = exactly<FeedRow>()(
  z
    .strictObject({
      id: amount,
      tag: z.string(),
      at: milliseconds,
      kind: z.enum(['attached', 'row', 'deleted', 'sale', 'cancel', 'return', 'manual', 'adjust']),
      stockId: z.string(),
      sku: z.string().nullable(),
      unique: z.boolean(),
      delta: units,
      stock: units.nullable(),
      reference: z.string().nullable(),
      opId: z.string().nullable(),
      row: stockRow.nullable(),
    })
    .meta({ id: 'FeedRow' }),
)

export const feedPage: ZodType<FeedPage> = exactly<FeedPage>()(
  z.strictObject({ rows: z.array(feedRow).readonly(), end: amount }).meta({ id: 'FeedPage' }),
)

const adjustmentResult: ZodType<AdjustmentResult> = exactly<AdjustmentResult>()(
  z.union([
    z.strictObject({ opId: z.string(), status: z.enum(['applied', 'repeated']), stock: units, feedId: amount }),
    z.strictObject({ opId: z.string(), status: z.literal('refused'), code: z.string() }),
  ]),
)

export interface AdjustAnswer {
  readonly results: readonly AdjustmentResult[]
}

export const adjustAnswer: ZodType<AdjustAnswer> = exactly<AdjustAnswer>()(
  z.strictObject({ results: z.array(adjustmentResult).readonly() }).meta({ id: 'AdjustmentResults' }),
)

export const productList: ZodType = listOf(productItem)
export const orderList: ZodType = listOf(orderAnswer)

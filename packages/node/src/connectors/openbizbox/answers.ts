/**
 * What OpenBizBox answers, parsed at the edge. Only what is needed is named; whatever else a shop adds is left alone.
 * A number that is no whole number is that row's fault and never holds up the others.
 */
import { z } from 'zod'

export interface Variant {
  readonly id: number
  readonly model: string | null
  readonly quantity?: unknown
  readonly attribute_values?: unknown
  readonly place_stocks?: readonly { readonly place: number; readonly local_quantity?: unknown }[] | null | undefined
}

export interface Product {
  readonly id: number
  readonly title: string | null
  readonly model: string | null
  readonly is_set: boolean
  readonly created_at: string | null
  /** Null: the shop does not give them, so that the stock of this product cannot be known. */
  readonly variants?: readonly Variant[] | null | undefined
}

interface LineAnswer {
  readonly order_line_id: number
  readonly product_id?: number | null | undefined
  readonly variant_id?: number | null | undefined
  /** Null: no whole number. */
  readonly quantity: number | null
}

interface Refund {
  readonly id: number
  readonly restock?: unknown
  readonly lines: readonly { readonly order_line_id: number; readonly quantity: number | null }[]
}

export interface Order {
  readonly id: number
  readonly status?: { readonly is_cancelled: boolean } | null | undefined
  readonly created_at: string | null
  readonly modified_at: string | null
  readonly lines?: readonly LineAnswer[] | null | undefined
  readonly refunds?: readonly Refund[] | null | undefined
}

const idNumber = z.union([
  z.int().min(1),
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
])
/** Texts may be null or, where a shop has several languages, one for each of them. */
const loose = z
  .unknown()
  .optional()
  .transform((value): string | null => {
    const one = typeof value === 'object' && value !== null ? Object.values(value)[0] : value
    if (typeof one === 'number') return String(one)
    return typeof one === 'string' ? one : null
  })
const flag = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 1 || value === '1' || value === 'true')
const moment = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? value : null))

const placeStock = z.object({
  place: z.union([idNumber, z.object({ id: idNumber }).transform(({ id }) => id)]),
  local_quantity: z.unknown().optional(),
})
const variant = z.object({
  id: idNumber,
  model: loose,
  quantity: z.unknown().optional(),
  attribute_values: z.unknown().optional(),
  place_stocks: z.array(placeStock).nullish(),
})
export const product: z.ZodType<Product> = z.object({
  id: idNumber,
  title: loose,
  model: loose,
  is_set: flag,
  created_at: moment,
  variants: z.array(variant).nullish(),
})
export const products: z.ZodType<readonly Product[]> = z.array(product)

const quantity = z
  .unknown()
  .optional()
  .transform((value) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
  })
const orderLine = z.object({
  order_line_id: idNumber,
  product_id: idNumber.nullish().catch(null),
  variant_id: idNumber.nullish().catch(null),
  quantity,
})
const refund = z.object({
  id: idNumber,
  restock: z.unknown().optional(),
  lines: z.array(z.object({ order_line_id: idNumber, quantity })).catch([]),
})
const orderLines = z.union([
  z.object({ products: z.array(orderLine).catch([]) }).transform((lines) => lines.products),
  z.array(orderLine),
])
const order = z.object({
  id: idNumber,
  status: z.object({ is_cancelled: flag }).nullish().catch(null),
  created_at: moment,
  modified_at: moment,
  lines: orderLines.nullish(),
  refunds: z.array(refund).nullish().catch(null),
})
export const orders: z.ZodType<readonly Order[]> = z.array(order)

export const token: z.ZodType<{ access_token: string; expires_in: number }> = z.object({
  access_token: z.string().min(1).max(4_096),
  expires_in: z.coerce
    .number()
    .min(1)
    .max(366 * 24 * 3_600),
})

export const places: z.ZodType<{ id: number; title: string | null; name: string | null }[]> = z.array(
  z.object({ id: idNumber, title: loose, name: loose }),
)
/** The answer to a write is not used: what the shop then has is read. */
export const anything: z.ZodType<unknown> = z.unknown()

const results = z.record(z.string(), z.unknown())
export interface BatchAnswer {
  readonly is_processed: boolean
  readonly results: Readonly<Record<string, unknown>>
}
/** PHP writes an empty list for an empty map. */
export const batch: z.ZodType<BatchAnswer> = z.object({
  is_processed: z.boolean(),
  results: z.union([results, z.array(z.unknown()).transform((list) => Object.fromEntries(Object.entries(list)))]),
})
/** The id alone, or an object with it. */
export const batchId: z.ZodType<number> = z.union([idNumber, z.object({ id: idNumber }).transform(({ id }) => id)])

export const mapping: z.ZodType<readonly { model: string | null; product_id: number; variant_id: number }[]> = z.array(
  z.object({ model: loose, product_id: idNumber, variant_id: idNumber }),
)

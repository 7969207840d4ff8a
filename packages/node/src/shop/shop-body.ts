/**
 * What the shop's HTTP interface accepts, parsed once at its edge. Unknown fields are refused, so that a misspelt
 * `stokc` is an error and not a silent nothing.
 */
import { limits } from '@stockmesh/protocol'
import { z } from 'zod'
import { ApiFailure } from '../http/node-api.ts'
import { parseQuery } from '../http/request-body.ts'
import { describedLimit } from '../http/schemas.ts'
import {
  adjustmentsMax,
  feedWaitMsMax,
  orderLinesMax,
  orderUnitsMax,
  pageItemsDefault,
  pageItemsMax,
  poolCharactersMax,
  shopTextCharactersMax,
  variantsMax,
} from './shop-limits.ts'

/** Minus zero is a number in JSON, and would be written back as another one. */
function units(max: number): z.ZodType<number> {
  return z
    .int()
    .min(-max)
    .max(max)
    .transform((value) => value + 0)
}

const id = z.string().min(1).max(shopTextCharactersMax)
const sku = z.string().max(shopTextCharactersMax).nullable()
const name = z.string().max(shopTextCharactersMax)
const stock = units(limits.stockUnitsMax).nullable()
const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))

interface VariantBody {
  readonly sku: string | null
  readonly name: string
  readonly stock?: number | null | undefined
}

export interface CreateProductBody extends VariantBody {
  readonly variants?: readonly VariantBody[] | undefined
  /** The name of a stock row to share, or true: the variants share the product's own. */
  readonly pool?: string | true | undefined
}

export interface ChangeProductBody {
  readonly sku?: string | null | undefined
  readonly name?: string | undefined
  readonly stock?: number | null | undefined
  readonly stockChange?: number | undefined
  readonly ifStock?: number | null | undefined
}

export interface OrderLineBody {
  readonly sku?: string | undefined
  readonly productId?: string | undefined
  readonly quantity: number
}

export interface OrderBody {
  readonly lines: readonly OrderLineBody[]
  readonly allowBackorder?: boolean | undefined
}

export interface AttachBody {
  readonly network: string
  readonly node: string
  readonly fresh?: boolean | undefined
}

export interface AdjustBody {
  readonly operations: readonly {
    readonly opId: string
    readonly stockId: string
    readonly key: string
    readonly delta: number
  }[]
}

export interface ListQuery {
  readonly after: string | null
  readonly limit: number
}

export interface ProductQuery extends ListQuery {
  readonly q: string | null
  readonly sku: string | null
  readonly duplicates: boolean
}

export interface FeedQuery extends ListQuery {
  readonly epoch: string
  readonly position: number
  readonly tag: string | null
  readonly waitMs: number
}

const variantBody: z.ZodType<VariantBody> = z.strictObject({ sku, name: name.default(''), stock: stock.optional() })

export const createProductBody: z.ZodType<CreateProductBody> = z
  .strictObject({
    sku,
    name: name.default(''),
    stock: stock.optional(),
    variants: z.array(variantBody).max(variantsMax).optional(),
    pool: z.union([z.string().min(1).max(poolCharactersMax), z.literal(true)]).optional(),
  })
  .refine((body) => body.stock !== undefined || body.pool !== undefined || (body.variants?.length ?? 0) > 0, {
    path: ['stock'],
    message: 'Give a number, or null for a product whose stock is not tracked.',
  })

export const changeProductBody: z.ZodType<ChangeProductBody> = z
  .strictObject({
    sku: sku.optional(),
    name: name.optional(),
    stock: stock.optional(),
    stockChange: units(limits.stockUnitsMax).optional(),
    ifStock: stock.optional(),
  })
  .refine((body) => body.stock === undefined || body.stockChange === undefined, {
    path: ['stockChange'],
    message: 'Give either the new stock or the change.',
  })

const orderLineBody: z.ZodType<OrderLineBody> = z
  .strictObject({
    sku: z.string().max(shopTextCharactersMax).optional(),
    productId: id.optional(),
    quantity: units(orderUnitsMax).refine((quantity) => quantity !== 0, { message: 'A line has at least one unit.' }),
  })
  .refine((line) => (line.sku === undefined) !== (line.productId === undefined), {
    path: ['sku'],
    message: 'Give either sku or productId.',
  })

export const orderBody: z.ZodType<OrderBody> = z.strictObject({
  lines: z.array(orderLineBody).min(1).max(orderLinesMax),
  allowBackorder: z.boolean().optional(),
})

export const emptyBody: z.ZodType<object> = z.strictObject({})

export const attachBody: z.ZodType<AttachBody> = z.strictObject({
  network: z.string().min(1).max(200),
  node: z.string().min(1).max(200),
  fresh: z.boolean().optional(),
})

export const adjustBody: z.ZodType<AdjustBody> = z.strictObject({
  operations: z
    .array(
      z.strictObject({
        opId: hex(16),
        stockId: id,
        key: z.string().max(3 * limits.skuCharactersMax),
        delta: units(limits.deltaUnitsMax),
      }),
    )
    .max(adjustmentsMax),
})

const after = z
  .string()
  .min(1)
  .max(4 * shopTextCharactersMax)
  .optional()
  .transform((text) => text ?? null)
  .describe('Where the page begins: `next` of the page before it.')
const limit = z.coerce
  .number()
  .pipe(z.int().min(1))
  .default(pageItemsDefault)
  .meta(describedLimit(pageItemsMax, pageItemsDefault))
/** A query is text; what the text must be is a whole number, from none on. */
const wholeNumber = { type: 'integer', minimum: 0 }

const filter = z
  .string()
  .max(shopTextCharactersMax)
  .optional()
  .transform((text) => (text === undefined || text === '' ? null : text))

export const listQuery: z.ZodType<ListQuery> = z.strictObject({
  after,
  limit,
})

export const productQuery: z.ZodType<ProductQuery> = z.strictObject({
  after,
  limit,
  q: filter,
  sku: filter,
  duplicates: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})

export const feedQuery: z.ZodType<FeedQuery> = z
  .strictObject({
    epoch: z.string().max(100),
    after: z.coerce.number().pipe(z.int().min(0)).meta(wholeNumber),
    tag: hex(8)
      .optional()
      .transform((text) => text ?? null),
    limit,
    wait: z.coerce.number().pipe(z.int().min(0)).default(0).meta(wholeNumber),
  })
  .transform(({ epoch, after: position, tag, limit: items, wait }) => ({
    epoch,
    position,
    tag,
    after: null,
    limit: items,
    waitMs: Math.min(wait, feedWaitMsMax),
  }))

/** Errors: 400 `limit-too-large`, 400 `query-invalid`. */
export function parseListQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = parseQuery(schema, query)
  const { limit: asked } = parsed as { readonly limit?: number }
  if (asked === undefined || asked <= pageItemsMax) return parsed
  throw new ApiFailure(400, 'limit-too-large', `A page has at most ${pageItemsMax} entries.`, { max: pageItemsMax })
}

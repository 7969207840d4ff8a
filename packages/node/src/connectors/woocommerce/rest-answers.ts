/**
 * What WooCommerce's REST interface (v3) answers, parsed at the edge. Only what is needed is named. A number that is no
 * whole number is that row's fault and never holds up the others.
 */
import { z } from 'zod'

const idNumber = z.int().min(1)
const text = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? value : ''))
const moment = z
  .unknown()
  .optional()
  .transform((value): number => {
    const at = typeof value === 'string' ? Date.parse(`${value.replace(/Z$/, '')}Z`) : Number.NaN
    return Number.isNaN(at) ? 0 : at
  })

export interface Product {
  readonly id: number
  readonly type: string
  readonly name: string
  readonly sku: string
  /** true, false, or of a variation that shares its parent's stock "parent". */
  readonly manage_stock?: unknown
  readonly stock_quantity?: unknown
  /** Milliseconds since 1970; 0 where it is not told. */
  readonly date_created_gmt: number
  /** Ids of a variable product's own; empty where it does not say. */
  readonly variations: readonly number[]
}

export interface Variation extends Product {
  /** 0 where it is not told. */
  readonly parent_id: number
}

interface LineItem {
  readonly id: number
  readonly product_id: number
  readonly variation_id: number
  readonly quantity: number
  readonly meta_data: readonly { readonly key?: unknown; readonly value?: unknown }[]
}

export interface Order {
  readonly id: number
  readonly number: string
  readonly status: string
  readonly date_created_gmt: number
  readonly date_modified_gmt: number
  readonly line_items: readonly LineItem[]
}

const product = z.object({
  id: idNumber,
  type: text,
  name: text,
  sku: text,
  manage_stock: z.unknown().optional(),
  stock_quantity: z.unknown().optional(),
  date_created_gmt: moment,
  variations: z.array(idNumber).catch([]),
})
export const products: z.ZodType<readonly Product[]> = z.array(product)
const rowFields = 'id,type,name,sku,manage_stock,stock_quantity,date_created_gmt'
export const productFields: string = `${rowFields},variations`

const variation = product.extend({ parent_id: z.int().min(0).catch(0) })
export const variations: z.ZodType<readonly Variation[]> = z.array(variation)
export const variationFields: string = `${rowFields},parent_id`

export const ids: z.ZodType<readonly { id: number }[]> = z.array(z.object({ id: idNumber }))

/** What a line has taken: the shop writes it as a number or as digits. */
const units = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,12}$/)
    .transform(Number),
])
const line = z.object({
  id: idNumber,
  product_id: z.int().min(0).catch(0),
  variation_id: z.int().min(0).catch(0),
  quantity: z.number().catch(0),
  meta_data: z.array(z.object({ key: z.unknown(), value: z.unknown() })).catch([]),
})
const order = z.object({
  id: idNumber,
  number: text,
  status: text,
  date_created_gmt: moment,
  date_modified_gmt: moment,
  line_items: z.array(line),
})
export const orders: z.ZodType<readonly Order[]> = z.array(order)
export const orderFields = 'id,number,status,date_created_gmt,date_modified_gmt,line_items'

/** What the line holds of the stock now; null: the shop does not say it in whole units. */
export function unitsHeld({ meta_data: meta }: LineItem): number | null {
  const found = meta.find(({ key }) => key === '_reduced_stock')
  if (found === undefined || found.value === '' || found.value === null) return 0
  const parsed = units.safeParse(found.value)
  return parsed.success ? parsed.data : null
}

/** Whether it has given back all that it took: the note is still there. One that is cancelled loses it. */
export function hasHeld({ meta_data: meta }: LineItem): boolean {
  const found = meta.find(({ key }) => key === '_reduced_stock')
  return units.safeParse(found?.value).data === 0
}

/** One item of a batch, or the answer to a single write. */
export interface Written {
  readonly id: number
  readonly manage_stock?: unknown
  readonly error?: { readonly code: string } | undefined
}
export const written: z.ZodType<Written> = z.object({
  id: z.int().min(0).catch(0),
  manage_stock: z.unknown().optional(),
  error: z.object({ code: z.string().catch('') }).optional(),
})
export const batch: z.ZodType<{ readonly update: readonly Written[] }> = z.object({ update: z.array(written) })

export interface Webhook {
  readonly id: number
  readonly topic: string
  readonly status: string
  readonly delivery_url: string
}
export const webhooks: z.ZodType<readonly Webhook[]> = z.array(
  z.object({ id: idNumber, topic: text, status: text, delivery_url: text }),
)
export const anything: z.ZodType<unknown> = z.unknown()

/**
 * The stock rows of variants, at one stock location: a unit that an order holds is not on the shelf any more for a
 * customer, so the number is what is on hand less what is allocated.
 */
import { z, type ZodType } from 'zod'
import type { ObservedRow } from '../observed/observed-shop.ts'

interface Level {
  readonly stockLocationId: string
  readonly stockOnHand: number
  readonly stockAllocated: number
}

interface Variant {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly createdAt: number
  readonly trackInventory: 'TRUE' | 'FALSE' | 'INHERIT'
  readonly product: { readonly id: string }
  readonly stockLevels: readonly Level[]
}

export interface Order {
  readonly id: string
  readonly code: string
  readonly createdAt: number
  readonly updatedAt: number
  /** null: it is still a cart. */
  readonly orderPlacedAt: number | null
  readonly lines: readonly {
    readonly id: string
    readonly quantity: number
    readonly orderPlacedQuantity: number
    readonly productVariant: { readonly id: string }
  }[]
}

export interface Listed<T> {
  readonly items: readonly T[]
  readonly totalItems: number
}

export interface VariantPage {
  readonly globalSettings: { readonly trackInventory: boolean }
  readonly productVariants: Listed<Variant>
}

/** A shop may number with whole numbers or texts. */
export const id: ZodType<string> = z.union([z.string().min(1).max(100), z.int().transform(String)])
const moment = z.string().transform((text, context) => {
  const at = Date.parse(text)
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: 'is no time' })
  return at
})
const totalItems = z.int().min(0)

export const levels: ZodType<readonly Level[]> = z.array(
  z.object({ stockLocationId: id, stockOnHand: z.int(), stockAllocated: z.int() }),
)
const variant: ZodType<Variant> = z.object({
  id,
  sku: z.string(),
  name: z.string(),
  createdAt: moment,
  trackInventory: z.enum(['TRUE', 'FALSE', 'INHERIT']),
  product: z.object({ id }),
  stockLevels: levels,
})
const order: ZodType<Order> = z.object({
  id,
  code: z.string(),
  createdAt: moment,
  updatedAt: moment,
  orderPlacedAt: moment.nullable(),
  lines: z.array(z.object({ id, quantity: z.int(), orderPlacedQuantity: z.int(), productVariant: z.object({ id }) })),
})

export const variantFields =
  'id sku name createdAt trackInventory product { id } stockLevels { stockLocationId stockOnHand stockAllocated }'
export const variantPage: ZodType<VariantPage> = z.object({
  globalSettings: z.object({ trackInventory: z.boolean() }),
  productVariants: z.object({ items: z.array(variant), totalItems }),
})
export const idPage: ZodType<{ readonly productVariants: Listed<{ readonly id: string }> }> = z.object({
  productVariants: z.object({ items: z.array(z.object({ id })), totalItems }),
})
export const orderFields =
  'id code createdAt updatedAt orderPlacedAt lines { id quantity orderPlacedQuantity productVariant { id } }'
export const orderPage: ZodType<{ readonly orders: Listed<Order> }> = z.object({
  orders: z.object({ items: z.array(order), totalItems }),
})

/** Of several locations the one that is kept in step. */
export function levelAt(all: readonly Level[], location: string): Level {
  const none = { stockLocationId: location, stockOnHand: 0, stockAllocated: 0 }
  return all.find(({ stockLocationId }) => stockLocationId === location) ?? none
}

export function rowsOf({ globalSettings, productVariants }: VariantPage, location: string): readonly ObservedRow[] {
  return productVariants.items.map(
    ({ id: stockId, name, createdAt, trackInventory, product, stockLevels, ...given }) => {
      const sku = given.sku.trim() === '' ? null : given.sku
      const isTracked = trackInventory === 'TRUE' || (trackInventory === 'INHERIT' && globalSettings.trackInventory)
      const { stockOnHand, stockAllocated } = levelAt(stockLevels, location)
      return {
        stockId,
        sku,
        name,
        stock: isTracked ? stockOnHand - stockAllocated : null,
        createdAt,
        products: [{ id: stockId, parentId: product.id, sku, name }],
      }
    },
  )
}

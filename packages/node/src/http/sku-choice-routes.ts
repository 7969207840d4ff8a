/**
 * What a person chooses for single SKUs in this shop: a buffer of its own, and whether the SKU is left out.
 */
import type { List, ResumeChoice, SkuChoiceItem } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { exactly, units } from './answer-schema.ts'
import { skuChoiceFields } from './answers.ts'
import { bufferUnitsMax } from './limits.ts'
import type { PageQuery } from './node-api.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import { pageQuery } from './schemas.ts'

/** Absent: unchanged. */
export interface SkuChoiceChange {
  /** null: the shop's buffer holds. */
  readonly buffer?: number | null | undefined
  readonly leftOut?: boolean | undefined
  /** What becomes of the shop's own changes when the SKU is taken in again. */
  readonly differences: ResumeChoice
}

/** What these calls need from the node. Every method may throw an `ApiFailure`. */
export interface SkuChoiceApi {
  /** The SKUs for which something was chosen. */
  choices(query: PageQuery): List<SkuChoiceItem>
  /** Resolves when the choice is durable. Error: 404 `sku-unknown`. */
  choose(sku: string, change: SkuChoiceChange): Promise<SkuChoiceItem>
}

const choiceBody: ZodType<SkuChoiceChange> = z.strictObject({
  buffer: z
    .int()
    .min(0)
    .max(bufferUnitsMax)
    .nullable()
    .optional()
    .describe("Units held back of this SKU in this shop; null: the shop's buffer holds."),
  leftOut: z.boolean().optional().describe('true: nothing of the SKU is counted or written in this shop.'),
  differences: z
    .enum(['network', 'count-in'])
    .default('network')
    .describe("Taken in again: the network's number holds, or what this shop added and removed meanwhile counts."),
})

export const skuChoiceItem: ZodType<SkuChoiceItem> = exactly<SkuChoiceItem>()(
  z
    .strictObject({
      sku: z.string(),
      name: z.string(),
      level: units.nullable(),
      shown: units.nullable(),
      shopLevel: units.nullable(),
      ...skuChoiceFields,
    })
    .meta({ id: 'SkuChoice' }),
)

export function skuChoiceRoutes(node: SkuChoiceApi): readonly Route[] {
  return [
    defineList('/sku-choices', {
      summary: 'The SKUs that have a buffer of their own in this shop, or are left out of it.',
      access: 'viewer',
      item: skuChoiceItem,
      query: pageQuery,
      columns: ['sku', 'name', 'level', 'shown', 'shopLevel', 'buffer'] satisfies (keyof SkuChoiceItem)[],
      page: (query) => node.choices(query),
    }),
    defineRoute('PATCH', '/stock/:sku', {
      summary: 'Sets the buffer of one SKU in this shop, leaves the SKU out, or takes it in again.',
      answers: skuChoiceItem,
      errors: { 'sku-unknown': 404 },
      body: choiceBody,
      answer: ({ part, body }) => node.choose(part('sku'), body),
    }),
  ]
}

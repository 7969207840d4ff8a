/**
 * The parts that answer schemas are made of. An answer's schema is exactly its type in `@stockmesh/protocol`: a field or
 * a value that stands in one of the two alone does not compile.
 */
import type { ApiError, List } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'

/** Takes a schema whose answers are exactly `T`, neither more nor less. */
export function exactly<T>(): <S extends ZodType>(schema: S & Exactly<T, z.output<S>>) => ZodType<T> {
  // What `Exactly` lets through has the output `T`.
  return (schema) => schema as unknown as ZodType<T>
}

type Exactly<T, Output> = [Output, T] extends [T, Output] ? unknown : never

export const time: ZodType<string> = z.iso.datetime().describe('ISO 8601, UTC.')
/** How many of something: never less than none. */
export const amount: ZodType<number> = z.int().min(0)
/** Units of a SKU, or a change of them; less than none where more was sold than there was. */
export const units: ZodType<number> = z.int()
export const memberId: ZodType<string> = z.string().describe("The id of a member of the network: of a shop's node.")

/** One page of a list. */
export function listOf<Item>(item: ZodType<Item>): ZodType<List<Item>> {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('The cursor of the next page, for `after`; null after the last one.'),
    total: amount.describe('Items on all pages.'),
  })
}

export const errorAnswer: ZodType<ApiError> = exactly<ApiError>()(
  z
    .strictObject({
      error: z.strictObject({
        code: z.string().describe('Stable; docs/ERRORS.md lists them all.'),
        message: z.string().describe('What is wrong and what to do; may change.'),
        details: z.record(z.string(), z.unknown()),
      }),
    })
    .meta({ id: 'Error' }),
)

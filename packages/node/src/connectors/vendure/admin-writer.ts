/**
 * Adds to the stock on hand of variants, though Vendure only takes a number: it keeps each change of the stock in a book of
 * movements, and ours with what it really changed. What a write overlapped is read there and put right at once, so a
 * write that is answered has changed the stock by what was asked. A sale is never overlapped: it changes what is
 * allocated, and the write what is on hand.
 */
import { z, type ZodType } from 'zod'
import type { StockWrite, StockWriteResult } from '../observed/observed-shop.ts'
import { ConnectorError } from '../connector.ts'
import { type AdminClient, AdminRefusal } from './admin-client.ts'
import { graphQlIntMax, movementsMax, repairsMax } from './admin-limits.ts'
import { addedBy, type Book, type Movement } from './admin-book.ts'
import { id, levelAt, levels } from './admin-rows.ts'

const movement: ZodType<Movement> = z.object({
  id,
  type: z.enum(['ADJUSTMENT', 'ALLOCATION', 'RELEASE', 'SALE', 'CANCELLATION', 'RETURN']),
  quantity: z.int(),
})
const bookAnswer = z.record(
  z.string(),
  z
    .object({
      stockLevels: levels,
      stockMovements: z.object({ totalItems: z.int(), items: z.array(movement) }),
    })
    .nullable(),
)
const written = z.object({ updateProductVariants: z.array(z.unknown()) })
const update =
  'mutation StockmeshWrite($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }'

/** The items of the book are a union. */
const movementFields = ['StockAdjustment', 'Allocation', 'Release', 'Sale', 'Cancellation', 'Return']
  .map((type) => `... on ${type} { id type quantity }`)
  .join(' ')

/** One write on its way, with what is still to be added. */
interface Step {
  readonly write: StockWrite
  readonly left: number
  readonly before: Book
}

export async function writeStock(
  client: AdminClient,
  location: string,
  writes: readonly StockWrite[],
  signal: AbortSignal,
): Promise<readonly StockWriteResult[]> {
  const results = new Map<string, StockWriteResult>()
  let books: ReadonlyMap<string, Book>
  try {
    const skips = new Map(writes.map(({ stockId }) => [stockId, 0]))
    books = await readBooks(client, { location, skips, take: 1 }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    return writes.map(({ opId }) => ({ opId, status: 'not-made' }))
  }
  let steps = writes.map((write) => ({ write, left: write.delta }))
  for (let repair = 0; repair <= repairsMax && steps.length > 0; repair += 1) {
    const ready: Step[] = []
    for (const { write, left } of steps) {
      const before = books.get(write.stockId)
      if (before === undefined) results.set(write.opId, refused(write, 'row-gone'))
      else if (Math.abs(before.onHand + left) <= graphQlIntMax) ready.push({ write, left, before })
      else if (repair === 0) results.set(write.opId, refused(write, 'out-of-range'))
    }
    const made = await writeSteps(client, location, ready, signal)
    for (const [opId, result] of made) if (result !== null) results.set(opId, repair === 0 ? result : unknown(opId))
    const sent = ready.filter(({ write: { opId } }) => made.get(opId) === null)
    if (sent.length === 0) break
    try {
      const skips = new Map(sent.map(({ write, before }) => [write.stockId, before.total]))
      books = await readBooks(client, { location, skips, take: movementsMax }, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ConnectorError)) throw error
      break
    }
    steps = []
    for (const step of sent) {
      const { opId, stockId } = step.write
      const after = books.get(stockId)
      const added = after === undefined ? null : addedBy(step.left, step.before, after)
      if (added === null || after === undefined) continue
      if (added === step.left) results.set(opId, { opId, status: 'applied', stock: after.onHand - after.allocated })
      else steps.push({ write: step.write, left: step.left - added })
    }
  }
  return writes.map((write) => results.get(write.opId) ?? unknown(write.opId))
}

/** By operation: null where it was sent and answered. */
async function writeSteps(
  client: AdminClient,
  location: string,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StockWriteResult | null>> {
  if (steps.length === 0) return new Map()
  const input = steps.map(({ write, left, before }) => ({
    id: write.stockId,
    stockLevels: [{ stockLocationId: location, stockOnHand: before.onHand + left }],
  }))
  try {
    await client.ask({ name: 'StockmeshWrite', query: update, variables: { input }, schema: written }, signal)
    return new Map(steps.map(({ write: { opId } }) => [opId, null]))
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    // One that is refused takes the others of its transaction with it: each is then made alone.
    if (error instanceof AdminRefusal && error.reason !== null && steps.length > 1) {
      const alone: [string, StockWriteResult | null][] = []
      for (const step of steps) alone.push(...(await writeSteps(client, location, [step], signal)))
      return new Map(alone)
    }
    return new Map(steps.map(({ write }) => [write.opId, failureOf(write, error)]))
  }
}

function failureOf(write: StockWrite, error: ConnectorError): StockWriteResult {
  if (!(error instanceof AdminRefusal)) return unknown(write.opId)
  if (error.code === 'key-rejected') return { opId: write.opId, status: 'not-made' }
  if (error.reason === 'ENTITY_NOT_FOUND') return refused(write, 'row-gone')
  return error.reason === null ? { opId: write.opId, status: 'not-made' } : refused(write, 'not-writable')
}

/** `skips`: for each variant how many of its movements are known already. A variant that is gone is absent. */
async function readBooks(
  client: AdminClient,
  asked: { readonly location: string; readonly skips: ReadonlyMap<string, number>; readonly take: number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Book>> {
  const { location, skips, take } = asked
  const ids = [...skips.keys()]
  const parameters = ids.map((_, index) => `$id${index}: ID!, $skip${index}: Int!`)
  const fields = ids.map(
    (_, index) =>
      `v${index}: productVariant(id: $id${index}) { stockLevels { stockLocationId stockOnHand stockAllocated } ` +
      `stockMovements(options: { skip: $skip${index}, take: $take }) { totalItems items { ${movementFields} } } }`,
  )
  const query = `query StockmeshBooks($take: Int!, ${parameters.join(', ')}) { ${fields.join(' ')} }`
  const numbered = [...skips].flatMap(([variant, skip], index) => [
    [`id${index}`, variant],
    [`skip${index}`, skip],
  ])
  const variables = { take, ...Object.fromEntries(numbered) }
  const { value } = await client.ask({ name: 'StockmeshBooks', query, variables, schema: bookAnswer }, signal)
  const books = new Map<string, Book>()
  for (const [index, variant] of ids.entries()) {
    const found = value[`v${index}`]
    if (found == null) continue
    const { stockOnHand: onHand, stockAllocated: allocated } = levelAt(found.stockLevels, location)
    books.set(variant, {
      onHand,
      allocated,
      isShared: found.stockLevels.some((level) => level.stockLocationId !== location),
      movements: found.stockMovements.items,
      total: found.stockMovements.totalItems,
    })
  }
  return books
}

function refused({ opId }: StockWrite, code: string): StockWriteResult {
  return { opId, status: 'refused', code }
}

function unknown(opId: string): StockWriteResult {
  return { opId, status: 'unknown' }
}

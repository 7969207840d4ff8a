/**
 * Writing stock to a shop without a companion, by `inventory_delta`: WooCommerce reads the number, adds, and sets it, so
 * a sale in between is lost, but in a window of one request and not in that of our reading and writing. A yes is no proof:
 * what the shop has then is read, and compared with the orders.
 */
import { ConnectorError } from '../connector.ts'
import type { StockWrite, StockWriteResult } from '../observed/observed-shop.ts'
import { WooCommerceRefusal } from './client.ts'
import { batch, type Written, written } from './rest-answers.ts'
import type { RestCalls } from './rest-calls.ts'
import { callsAtOnceMax } from './limits.ts'
import { partsOfStockId } from './rest-rows.ts'

/** Writes that go in one call: products among themselves, and the variations of one product. */
interface Group {
  /** Where they are written. */
  readonly path: string
  readonly writes: { readonly id: number; readonly write: StockWrite }[]
}

export async function writeStock(
  calls: RestCalls,
  writes: readonly StockWrite[],
  signal: AbortSignal,
): Promise<readonly StockWriteResult[]> {
  const results = new Map<string, StockWriteResult>()
  const groups = groupsOf(writes)
  const work = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      for (const result of await writeGroup(calls, group, signal)) results.set(result.opId, result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(callsAtOnceMax, groups.length) }, work))
  signal.throwIfAborted()
  return writes.map((write) => results.get(write.opId) ?? refused(write, 'row-gone'))
}

async function writeGroup(
  calls: RestCalls,
  { path, writes }: Group,
  signal: AbortSignal,
): Promise<readonly StockWriteResult[]> {
  const [one, ...others] = writes
  if (one === undefined) return []
  try {
    if (others.length === 0) {
      const body = { inventory_delta: one.write.delta }
      const answer = await calls.send({ method: 'PUT', path: `${path}/${one.id}`, body, schema: written }, signal)
      return [resultOf(one.write, answer)]
    }
    const update = writes.map(({ id, write }) => ({ id, inventory_delta: write.delta }))
    const body = { method: 'POST', path: `${path}/batch`, body: { update }, schema: batch } as const
    const answers = await calls.send(body, signal)
    return writes.map(({ id, write }, index) => {
      const answer = answers.update[index]
      // One for each, in their order; anything else says nothing of this one.
      return answer === undefined || answer.id !== id ? unknown(write) : resultOf(write, answer)
    })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    // A shop may be set to smaller batches: they are halved until one is taken.
    if (error instanceof WooCommerceRefusal && error.status === 413 && others.length > 0) {
      const middle = Math.ceil(writes.length / 2)
      const first = await writeGroup(calls, { path, writes: writes.slice(0, middle) }, signal)
      return [...first, ...(await writeGroup(calls, { path, writes: writes.slice(middle) }, signal))]
    }
    return writes.map(({ write }) => failureOf(write, error))
  }
}

function resultOf(write: StockWrite, { manage_stock: manages, error }: Written): StockWriteResult {
  const { opId } = write
  if (error !== undefined) {
    return refused(write, error.code.includes('invalid_id') ? 'row-gone' : 'not-writable')
  }
  // WooCommerce says yes to a product that is not tracked, and does nothing.
  if (manages !== undefined && manages !== true) return refused(write, 'untracked')
  return { opId, status: 'applied', stock: null }
}

function failureOf(write: StockWrite, error: ConnectorError): StockWriteResult {
  const { opId } = write
  if (!(error instanceof WooCommerceRefusal)) return unknown(write)
  const { status, reason } = error
  if (status === 404 && reason !== null && reason.includes('invalid_id')) {
    return refused(write, 'row-gone')
  }
  if (status === 400) return refused(write, 'not-writable')
  return { opId, status: 'not-made' }
}

function refused({ opId }: StockWrite, code: string): StockWriteResult {
  return { opId, status: 'refused', code }
}

function unknown({ opId }: StockWrite): StockWriteResult {
  return { opId, status: 'unknown' }
}

function groupsOf(writes: readonly StockWrite[]): Group[] {
  const groups = new Map<string, Group>()
  for (const write of writes) {
    const parts = partsOfStockId(write.stockId)
    if (parts === null) continue
    const { productId, variationId } = parts
    const path = variationId === null ? '/products' : `/products/${productId}/variations`
    const group = groups.get(path) ?? { path, writes: [] }
    group.writes.push({ id: variationId ?? productId, write })
    groups.set(path, group)
  }
  return [...groups.values()]
}

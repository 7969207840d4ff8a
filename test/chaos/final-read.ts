/**
 * What the members answer when everything is healed: waited for until they are in step and their histories are whole,
 * and read as it is when that never comes.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { disagreementOf, unsettled } from '../harness/agreement.ts'
import { createShopClient, type ShopClient } from '../harness/client.ts'
import { shopKey } from '../harness/process.ts'
import type { List } from '@stockmesh/protocol'
import type { Member } from './ground.ts'
import type { FinalOrder, FinalRead, FinalSku } from './history.ts'
import { markSku } from './workload.ts'

/** From the last healing: a dead link is noticed after 10 s and dialed again within 5. */
const restMsMax = 90_000
const pollMs = 250
const pageItems = 1_000

export interface FinalReading {
  readonly reads: readonly FinalRead[]
  /** From the healing until all were at rest, in milliseconds; null if that did not come. */
  readonly restMs: number | null
}

export async function readFinals(
  members: readonly Member[],
  ids: readonly (readonly string[])[],
  skus: readonly string[],
): Promise<FinalReading> {
  const from = performance.now()
  for (;;) {
    const waitedMs = performance.now() - from
    const unrest = await disagreementOf(members).catch((error: unknown) => String(error))
    if (unrest === null || waitedMs > restMsMax) {
      const reads = await Promise.all(
        members.map((member, index) => readFinal(member, index, { ids, skus, count: members.length })),
      )
      const restMs = performance.now() - from
      if (unrest === null && reads.every(isWhole)) return { reads, restMs }
      if (waitedMs > restMsMax) return { reads, restMs: null }
    }
    await pause(pollMs)
  }
}

/** Movements come behind the counters, and stand as `catch-up` in one line until then: whether those of every SKU are there. */
function isWhole(read: FinalRead): boolean {
  return (
    read.answers &&
    read.unrest === null &&
    read.skus.every(({ level, baseline, movements }) => {
      const moved = movements.reduce((sum, { delta }) => sum + delta, baseline ?? 0)
      return level === moved && movements.every(({ cause }) => cause !== 'catch-up')
    })
  )
}

interface Asked {
  readonly ids: readonly (readonly string[])[]
  readonly skus: readonly string[]
  readonly count: number
}

async function readFinal(
  { api, shop }: Member,
  member: number,
  { ids: allIds, skus, count }: Asked,
): Promise<FinalRead> {
  const ids = allIds[member] ?? []
  try {
    const shopApi = createShopClient(shop.url, shopKey)
    const stocks = new Map((await shopApi.products()).map(({ sku, stock }) => [sku, stock]))
    const read: FinalSku[] = []
    for (const sku of skus) {
      const detail = await api.stockOf(sku)
      const movements = detail === null ? [] : await api.movements(sku)
      read.push({
        sku,
        level: detail?.level ?? null,
        shopStock: stocks.get(sku) ?? null,
        baseline: detail?.baseline?.quantity ?? null,
        byShop: (detail?.byShop ?? []).reduce((sum, { added, removed }) => sum + added - removed, 0),
        movements: movements.map((one) => ({
          member: one.member,
          cause: one.cause,
          delta: one.delta,
          reference: one.reference,
        })),
      })
    }
    const problems = (await api.problems()).map(({ kind, sku, message }) => ({ kind, sku, message }))
    const orders = await readOrders(shopApi)
    const adjustedAgain = await readAdjustedAgain(shopApi)
    const unrest = unsettled(await api.status(), count)
    return { member, ids, answers: true, unrest, skus: read, orders, adjustedAgain, problems }
  } catch (error) {
    return { member, ids, answers: false, why: error instanceof Error ? error.message : String(error) }
  }
}

interface ListedOrder {
  readonly id: string
  readonly state: 'placed' | 'cancelled'
  readonly lines: readonly { readonly sku: string | null; readonly quantity: number }[]
}

async function readOrders(shop: ShopClient): Promise<readonly FinalOrder[]> {
  const orders: FinalOrder[] = []
  let after: string | null = null
  do {
    const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const page: List<ListedOrder> = await shop.call('GET', `/orders?limit=${pageItems}${cursor}`)
    for (const { id, state, lines } of page.items) {
      const mark = lines.find(({ sku }) => sku === markSku)?.quantity ?? 0
      orders.push({ id, mark, cancelled: state === 'cancelled' })
    }
    after = page.next
  } while (after !== null)
  return orders
}

interface FeedRows {
  readonly rows: readonly { readonly id: number; readonly kind: string; readonly opId: string | null }[]
  readonly end: number
}

/** From the shop's own feed, which has a row for each adjustment. */
async function readAdjustedAgain(shop: ShopClient): Promise<readonly string[]> {
  const { epoch } = await shop.call<{ readonly epoch: string }>('GET', '/stock-rows?limit=1')
  const made = new Set<string>()
  const again = new Set<string>()
  for (let position = 0, end = 1; position < end; ) {
    const page = await shop.call<FeedRows>('GET', `/feed?epoch=${epoch}&after=${position}&limit=${pageItems}`)
    for (const { kind, opId } of page.rows) {
      if (kind !== 'adjust' || opId === null) continue
      if (made.has(opId)) again.add(opId)
      made.add(opId)
    }
    position = page.rows.at(-1)?.id ?? page.end
    end = page.end
  }
  return [...again]
}

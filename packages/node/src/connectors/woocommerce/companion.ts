/**
 * A WooCommerce shop with the companion plugin, class *ledger*: it speaks the feed interface, but never keeps a call
 * open, which would hold one of the shop's few PHP workers. So the node waits here, and looks again when the shop hints,
 * when it has adjusted something itself, and every few seconds.
 */
import { z } from 'zod'
import type { Clock, Timers } from '../../ports.ts'
import { Wakeup } from '../../wakeup.ts'
import { ConnectorError, type FeedPage, type LedgerConnector } from '../connector.ts'
import { createFeedConnector } from '../feed-connector.ts'
import type { OpenConnector } from '../platform.ts'
import { type WooCommerceClient, WooCommerceRefusal } from './client.ts'
import { adjustmentsPerCallMax, pollMs } from './limits.ts'

const space = '/stockmesh/v1'
const text = z.string().max(2_000)
export interface About {
  /** Of WooCommerce, and of the plugin. */
  readonly version: string
  readonly plugin: string
  readonly shopUrl: string
  readonly isCopy: boolean
  /** What keeps the shop from being written to exactly, as `not-transactional`. */
  readonly faults: readonly string[]
  readonly sample: { readonly sku: string | null; readonly name: string; readonly stock: number | null } | null
}

const aboutAnswer: z.ZodType<About> = z.object({
  platform: z.literal('woocommerce'),
  version: text,
  plugin: text,
  shopUrl: text,
  isCopy: z.boolean(),
  faults: z.array(text).max(100),
  sample: z.object({ sku: text.nullable(), name: text, stock: z.number().nullable() }).nullable(),
})

interface CompanionParts {
  readonly clock: Clock
  readonly timers: Timers
  /** Where the shop's hints go, and the key that signs them; null: nowhere. */
  readonly hook: { readonly url: string; readonly key: string } | null
  readonly shopUrl: string
}

type FeedRequest = Parameters<LedgerConnector['feed']>[0]

/** null: this WordPress has no companion. Asked with POST, WooCommerce answers only to a key that may write. */
export async function readAbout(
  client: WooCommerceClient,
  method: 'GET' | 'POST',
  signal: AbortSignal,
): Promise<About | null> {
  try {
    const call = { method, path: `${space}/about`, schema: aboutAnswer, ...(method === 'POST' ? { body: {} } : {}) }
    return (await client.ask(call, signal)).value
  } catch (error) {
    if (error instanceof WooCommerceRefusal && error.reason === 'rest_no_route') return null
    throw error
  }
}

/** The client is closed with the connector. */
export function openCompanion(client: WooCommerceClient, parts: CompanionParts): OpenConnector {
  const { clock, timers, hook, shopUrl } = parts
  /** Of each feed read that waits. */
  const waiting = new Set<Wakeup>()
  const wake = (): void => {
    for (const wakeup of waiting) wakeup.wake()
  }
  let knowsHook = hook === null
  const feed = createFeedConnector({
    name: 'woocommerce',
    shopUrl,
    adjustmentsPerCallMax,
    ask: async ({ method, path, body, schema }, signal) => {
      const call = { method, path: space + path, schema, ...(body === undefined ? {} : { body }) }
      return (await client.ask(call, signal)).value
    },
  })

  /** Without it the shop is looked at every few seconds all the same. */
  async function tellHook(signal: AbortSignal): Promise<void> {
    if (knowsHook || hook === null) return
    try {
      await client.ask({ method: 'POST', path: `${space}/hook`, body: hook, schema: z.object({}) }, signal)
      knowsHook = true
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
    }
  }

  async function follow(request: FeedRequest, signal: AbortSignal): Promise<FeedPage> {
    const deadline = clock.now() + request.waitMs
    const wakeup = new Wakeup(timers)
    waiting.add(wakeup)
    try {
      for (;;) {
        const page = await feed.feed({ ...request, waitMs: 0 }, signal)
        const left = deadline - clock.now()
        if (page.rows.length > 0 || left <= 0) return page
        await tellHook(signal)
        await wakeup.wait(Math.min(left, pollMs), signal)
        signal.throwIfAborted()
      }
    } finally {
      waiting.delete(wakeup)
    }
  }

  return {
    name: feed.name,
    promise: feed.promise,
    shopUrl: feed.shopUrl,
    // The search finds a variation's product too, which has the form for both.
    adminUrl: (productId) => `${shopUrl}/wp-admin/edit.php?post_type=product&s=${encodeURIComponent(productId)}`,
    attach: (request, signal) => feed.attach(request, signal),
    list: (request, signal) => feed.list(request, signal),
    feed: follow,
    async adjust(adjustments, signal) {
      try {
        return await feed.adjust(adjustments, signal)
      } finally {
        // What was made stands in the feed, and so does what customers bought meanwhile.
        wake()
      }
    },
    hint: wake,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

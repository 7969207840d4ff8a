/**
 * The webhook by which a shop without a companion hints that a product has changed. WooCommerce sends each hint once at
 * most, late, and switches the webhook off for good after some failures: so it is looked after, and never relied on.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isPrivateHost } from '../../address-place.ts'
import type { Clock } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import type { HintVerdict, ShopHint } from '../platform.ts'
import { anything, webhooks } from './rest-answers.ts'
import type { RestCalls } from './rest-calls.ts'
import { pageItemsMax, webhookCheckMs } from './rest-limits.ts'

/** Fires for variations too, and when an order lowers the stock. */
const topic = 'product.updated'
/** Ports to which WordPress sends. */
const ports = new Set(['', '80', '443', '8080'])

export class RestWebhook {
  readonly #calls: RestCalls
  readonly #clock: Clock
  readonly #hook: { readonly url: string; readonly key: string } | null
  #lookedAt = Number.NEGATIVE_INFINITY

  /** `hook`: where the shop reaches this node, and the key that signs; null: nowhere. */
  constructor(calls: RestCalls, clock: Clock, hook: { readonly url: string; readonly key: string } | null) {
    this.#calls = calls
    this.#clock = clock
    this.#hook = hook !== null && isReachable(hook.url) ? hook : null
  }

  /** Makes the webhook, or switches it on again; now and then. Without it the shop is polled all the same. */
  async keep(signal: AbortSignal): Promise<void> {
    const hook = this.#hook
    const now = this.#clock.now()
    if (hook === null || Math.abs(now - this.#lookedAt) < webhookCheckMs) return
    this.#lookedAt = now
    try {
      const found = (await this.#calls.get('/webhooks', `status=all&per_page=${pageItemsMax}`, webhooks, signal)).value
      const own = found.filter((one) => one.topic === topic && one.delivery_url === hook.url)
      if (own.some(({ status }) => status === 'active')) return
      const body = { name: 'Stockmesh', topic, delivery_url: hook.url, secret: hook.key, status: 'active' }
      const [first] = own
      const call =
        first === undefined
          ? ({ method: 'POST', path: '/webhooks', body } as const)
          : ({ method: 'PUT', path: `/webhooks/${first.id}`, body } as const)
      await this.#calls.send({ ...call, schema: anything }, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ConnectorError)) throw error
    }
  }
}

/** `X-WC-Webhook-Signature` is the base64 of HMAC-SHA256 over the body's bytes. The ping at its making is not signed. */
export function checkWebhook(key: string, { body, headers }: ShopHint): HintVerdict {
  const given = Buffer.from(headers['x-wc-webhook-signature'] ?? '')
  // Compared as it is written: other texts decode to the same bytes.
  const expected = Buffer.from(createHmac('sha256', key).update(body).digest('base64'))
  if (given.length === expected.length && timingSafeEqual(given, expected)) return 'hint'
  const isPing = body.length < 100 && /^webhook_id=\d+$/.test(Buffer.from(body).toString('latin1'))
  return isPing ? 'ping' : 'signature-invalid'
}

/** WordPress sends to no private address, to none of IPv6, and to few ports. */
function isReachable(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { hostname, port } = new URL(text)
  return ports.has(port) && !isPrivateHost(hostname) && !hostname.startsWith('[')
}

/**
 * Carries planned operations out: each at its time, whether or not earlier ones were answered. What is not answered in
 * time is unknown; what was refused, or never reached a program, is certainly not done.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { adminToken, shopKey } from '../harness/process.ts'
import type { Member } from './ground.ts'
import { type HistoryLine, type Outcome, receivedNote } from './history.ts'
import type { PlannedAdd, PlannedRead } from './plan.ts'

/** How long a buyer waits for an answer, in milliseconds. */
const answerMsMax = 4_000
/** Before a call is sent again under its key, in milliseconds. */
const repeatMs = 400

/** An untracked product of every shop: its units in an order are the number of the operation. */
export const markSku = 'MARK'

type Line = HistoryLine extends infer Each ? (Each extends HistoryLine ? Omit<Each, 'atMs'> : never) : never
export type Record = (line: Line) => void

interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly url: string
  readonly token: string
  readonly key: string | null
  readonly body: unknown
}

type Answer =
  | { readonly kind: 'answered'; readonly json: unknown }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown'; readonly why: string }

export class Workload {
  readonly #members: readonly Member[]
  readonly #seed: number
  readonly #record: Record
  /** By member: the ids of its products. */
  readonly #products: readonly ReadonlyMap<string, string>[]
  /** Ids of acknowledged orders by the number of their operation. */
  readonly #orders = new Map<number, string>()

  constructor(
    members: readonly Member[],
    options: {
      readonly seed: number
      readonly products: readonly ReadonlyMap<string, string>[]
      readonly record: Record
    },
  ) {
    this.#members = members
    this.#seed = options.seed
    this.#products = options.products
    this.#record = options.record
  }

  /** Resolves when each of them was answered or given up. */
  async carryOut(operations: readonly (PlannedAdd | PlannedRead)[]): Promise<void> {
    const from = performance.now()
    await Promise.all(
      operations.map(async (operation) => {
        await pause(Math.max(0, from + operation.atMs - performance.now()))
        await this.#perform(operation)
      }),
    )
  }

  async #perform(operation: PlannedAdd | PlannedRead): Promise<void> {
    const call = this.#callOf(operation)
    if (call === null) return
    const { number } = operation
    const triesMax = operation.kind === 'read' ? 1 : operation.tries
    this.#record({ type: 'invoked', operation })
    let tries = 0
    let isOpen = false
    let outcome: Outcome
    do {
      if (tries > 0) await pause(repeatMs)
      tries += 1
      const answer = await ask(call)
      // What may have been done by an earlier try is not undone by a refusal.
      if (answer.kind === 'answered') outcome = this.#acknowledged(operation, answer.json)
      else if (answer.kind === 'unknown') outcome = { outcome: 'unknown', why: answer.why }
      else if (isOpen) outcome = { outcome: 'unknown', why: answer.code }
      else outcome = { outcome: 'refused', code: answer.code }
      if (answer.kind === 'unknown') isOpen = true
    } while (tries < triesMax && outcome.outcome !== 'acknowledged')
    this.#record({ type: 'answered', number, tries, ...outcome })
  }

  /** null: there is nothing to ask for, as of the cancellation of an order that was not acknowledged. */
  #callOf(operation: PlannedAdd | PlannedRead): Call | null {
    const { kind, number, sku } = operation
    const member = this.#members[operation.member]
    if (member === undefined) throw new Error(`There is no member ${operation.member}.`)
    const node = { url: `${member.node.url}/api/v1`, token: adminToken }
    const shop = { url: `${member.storefront}/shop/v1`, token: shopKey }
    const key = `chaos-${this.#seed}-${number}`
    switch (kind) {
      case 'read':
        return { ...node, method: 'GET', url: `${node.url}/stock/${sku}`, key: null, body: null }
      case 'received': {
        const body = { items: [{ sku, quantity: operation.delta }], note: receivedNote(number) }
        return { ...node, method: 'POST', url: `${node.url}/received`, key, body }
      }
      case 'change': {
        const product = this.#products[operation.member]?.get(sku)
        const body = { stockChange: operation.delta }
        return { ...shop, method: 'PATCH', url: `${shop.url}/products/${product}`, key: null, body }
      }
      case 'cancel': {
        const order = this.#orders.get(operation.order ?? 0)
        if (order === undefined) return null
        return { ...shop, method: 'POST', url: `${shop.url}/orders/${order}/cancel`, key, body: {} }
      }
      case 'order': {
        const lines = [
          { sku, quantity: -operation.delta },
          { sku: markSku, quantity: number },
        ]
        return { ...shop, method: 'POST', url: `${shop.url}/orders`, key, body: { lines, allowBackorder: true } }
      }
    }
  }

  #acknowledged({ kind, number }: PlannedAdd | PlannedRead, json: unknown): Outcome {
    const answer = json as { id?: string; level?: number | null; items?: { error: { code: string } | null }[] }
    const error = kind === 'received' ? (answer.items?.[0]?.error ?? null) : null
    if (error !== null) return { outcome: 'refused', code: error.code }
    if (kind === 'order' && answer.id !== undefined) this.#orders.set(number, answer.id)
    const reference = kind === 'order' ? (answer.id ?? null) : null
    return { outcome: 'acknowledged', reference, level: kind === 'read' ? (answer.level ?? null) : null }
  }
}

async function ask({ method, url, token, key, body }: Call): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { 'idempotency-key': key }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMsMax),
    })
    const text = await answer.text()
    if (answer.ok) return { kind: 'answered', json: JSON.parse(text) }
    if (answer.status >= 500) return { kind: 'unknown', why: `${answer.status} ${text.slice(0, 200)}` }
    return { kind: 'refused', code: `${answer.status} ${text.slice(0, 200)}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = cause instanceof Error ? `${(cause as { code?: string }).code ?? cause.name}` : String(cause)
    return why === 'ECONNREFUSED' ? { kind: 'refused', code: why } : { kind: 'unknown', why }
  }
}

/**
 * The answer to a POST, kept under its `Idempotency-Key`: whoever repeats the call, over a lost connection or a
 * restart, gets the first answer and nothing happens twice. A failure of ours is not kept, so that it can be retried.
 */
import { createHash } from 'node:crypto'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { idempotencyKeyCharactersMax, idempotencyMsMax, idempotencySweepMs } from './limits.ts'
import { ApiFailure } from './node-api.ts'

interface Outcome {
  /** The hash of the request's body. */
  readonly body: string
  readonly at: number
  readonly status: number
  readonly answer: unknown
}

export interface Answer {
  readonly status: number
  readonly answer: unknown
}

export interface PostCall {
  readonly key: string
  readonly path: string
  readonly body: unknown
}

export interface IdempotencyOptions {
  readonly storage: Storage
  readonly table: number
  readonly clock: Clock
}

export class Idempotency {
  readonly #options: IdempotencyOptions
  readonly #running = new Map<string, Promise<void>>()
  #sweptAt = 0

  constructor(options: IdempotencyOptions) {
    this.#options = options
  }

  /** Errors: 400 `idempotency-key-invalid`, 422 `idempotency-key-reused`; else what `run` answers or throws. */
  async answer(call: PostCall, run: () => Promise<Answer>): Promise<Answer & { readonly repeated: boolean }> {
    if (!/^[\x21-\x7e]+$/.test(call.key) || call.key.length > idempotencyKeyCharactersMax) {
      const message = `An Idempotency-Key has 1 to ${idempotencyKeyCharactersMax} visible ASCII characters.`
      throw new ApiFailure(400, 'idempotency-key-invalid', message)
    }
    const scope = hash([call.key, call.path])
    for (let first = this.#running.get(scope); first !== undefined; first = this.#running.get(scope)) await first
    const work = this.#answerOnce(scope, hash(call.body), run)
    // Those who wait for the first call only need to know that it is over.
    const over = work.then(
      () => undefined,
      () => undefined,
    )
    this.#running.set(scope, over)
    try {
      return await work
    } finally {
      this.#running.delete(scope)
    }
  }

  async #answerOnce(scope: string, body: string, run: () => Promise<Answer>): Promise<Answer & { repeated: boolean }> {
    const { storage, table, clock } = this.#options
    const key = encodeKey(table, 'answer', scope)
    const bytes = await storage.get(key)
    const kept = bytes === undefined ? null : decodeJson<Outcome>(bytes)
    if (kept !== null && !this.#isExpired(kept)) {
      if (kept.body === body) return { status: kept.status, answer: kept.answer, repeated: true }
      const message = 'This Idempotency-Key was used with another body. Use a new key for a new request.'
      throw new ApiFailure(422, 'idempotency-key-reused', message)
    }
    const { status, answer } = await run()
    if (status < 500) {
      const outcome: Outcome = { body, at: clock.now(), status, answer }
      // The deletions come first: an expired answer under this very key is replaced, not lost.
      await storage.write([...(await this.#expired()), put(key, encodeJson(outcome))])
    }
    return { status, answer, repeated: false }
  }

  async #expired(): Promise<readonly Operation[]> {
    const { storage, table, clock } = this.#options
    if (clock.now() - this.#sweptAt < idempotencySweepMs) return []
    this.#sweptAt = clock.now()
    const operations: Operation[] = []
    for await (const [key, value] of storage.scan(prefixRange(table, 'answer'))) {
      if (this.#isExpired(decodeJson<Outcome>(value))) operations.push(del(key))
    }
    return operations
  }

  #isExpired(outcome: Outcome): boolean {
    return this.#options.clock.now() - outcome.at >= idempotencyMsMax
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}

/**
 * Answers to calls that must happen once, kept for a while under the caller's key. The row of an answer is an operation,
 * so that it can become durable in the batch that it speaks of. Expired rows are swept now and then.
 */
import { failure, hasPassed, type Result, success } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'
import { decodeJson, encodeJson } from './json.ts'
import { encodeKey, prefixRange } from './key.ts'
import { del, type Operation, put, type Storage } from './storage.ts'

/** Which call it is, and what it carries: hashes, so that a row does not grow with what a caller sends. */
export interface CallKey {
  readonly id: string
  readonly body: string
}

export interface KeptAnswersParts {
  readonly storage: Storage
  readonly table: number
  readonly clock: Clock
  readonly keptMsMax: number
  readonly sweepMs: number
}

interface Row {
  readonly body: string
  readonly at: number
}

const prefix = 'answer'

export class KeptAnswers<Answer extends object> {
  readonly #parts: KeptAnswersParts
  #sweptAt = 0

  constructor(parts: KeptAnswersParts) {
    this.#parts = parts
  }

  /** What was answered under this key; null if nothing was. Error: `idempotency-key-reused`. */
  async find({ id, body }: CallKey): Promise<Result<Answer | null>> {
    const bytes = await this.#parts.storage.get(this.#rowKey(id))
    const kept = bytes === undefined ? null : decodeJson<Row & Answer>(bytes)
    if (kept === null || this.#isExpired(kept)) return success(null)
    if (kept.body === body) return success(kept)
    const message = 'This Idempotency-Key was used with another body. Use a new key for a new request.'
    return failure('idempotency-key-reused', message)
  }

  keep({ id, body }: CallKey, answer: Answer): Operation {
    return put(this.#rowKey(id), encodeJson({ body, at: this.#parts.clock.now(), ...answer } satisfies Row & Answer))
  }

  /**
   * What removes the expired answers, once in a while; goes into a batch before `keep`, which may replace one of them.
   */
  async expired(): Promise<readonly Operation[]> {
    const { storage, table, clock, sweepMs } = this.#parts
    if (!hasPassed(sweepMs, this.#sweptAt, clock.now())) return []
    this.#sweptAt = clock.now()
    const operations: Operation[] = []
    for await (const [key, value] of storage.scan(prefixRange(table, prefix))) {
      if (this.#isExpired(decodeJson<Row>(value))) operations.push(del(key))
    }
    return operations
  }

  #rowKey(id: string): Uint8Array {
    return encodeKey(this.#parts.table, prefix, id)
  }

  #isExpired({ at }: Row): boolean {
    return this.#parts.clock.now() - at >= this.#parts.keptMsMax
  }
}

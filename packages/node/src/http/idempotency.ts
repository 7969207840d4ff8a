/**
 * The answer to a POST, kept under its `Idempotency-Key`: whoever repeats the call, over a lost connection or a
 * restart, gets the first answer and nothing happens twice. A failure of ours is not kept, so that it can be retried.
 *
 * The answer is kept after the work is done. Work that must not happen twice even if the process dies in between keeps
 * a receipt in its own batch, under the same `CallKey`.
 */
import { createHash } from 'node:crypto'
import { type CallKey, KeptAnswers } from '../storage/kept-answers.ts'
import type { Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { idempotencyKeyCharactersMax, idempotencyMsMax, idempotencySweepMs } from './limits.ts'
import { ApiFailure } from './node-api.ts'

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
  readonly #storage: Storage
  readonly #kept: KeptAnswers<Answer>
  readonly #running = new Map<string, Promise<void>>()

  constructor({ storage, table, clock }: IdempotencyOptions) {
    this.#storage = storage
    this.#kept = new KeptAnswers({ storage, table, clock, keptMsMax: idempotencyMsMax, sweepMs: idempotencySweepMs })
  }

  /** Errors: 400 `idempotency-key-invalid`, 422 `idempotency-key-reused`; else what `run` answers or throws. */
  async answer(call: PostCall, run: () => Promise<Answer>): Promise<Answer & { readonly repeated: boolean }> {
    if (!/^[\x21-\x7e]+$/.test(call.key) || call.key.length > idempotencyKeyCharactersMax) {
      const message = `An Idempotency-Key has 1 to ${idempotencyKeyCharactersMax} visible ASCII characters.`
      throw new ApiFailure(400, 'idempotency-key-invalid', message)
    }
    const key = callKeyOf(call)
    for (let first = this.#running.get(key.id); first !== undefined; first = this.#running.get(key.id)) await first
    const work = this.#answerOnce(key, run)
    // Those who wait for the first call only need to know that it is over.
    const over = work.then(
      () => undefined,
      () => undefined,
    )
    this.#running.set(key.id, over)
    try {
      return await work
    } finally {
      this.#running.delete(key.id)
    }
  }

  async #answerOnce(key: CallKey, run: () => Promise<Answer>): Promise<Answer & { repeated: boolean }> {
    const kept = await this.#kept.find(key)
    if (!kept.ok) throw new ApiFailure(422, kept.code, kept.message)
    if (kept.value !== null) {
      const { status, answer } = kept.value
      return { status, answer, repeated: true }
    }
    const { status, answer } = await run()
    if (status < 500) {
      const expired = await this.#kept.expired()
      await this.#storage.write([...expired, this.#kept.keep(key, { status, answer })])
    }
    return { status, answer, repeated: false }
  }
}

export function callKeyOf({ key, path, body }: PostCall): CallKey {
  return { id: hash([key, path]), body: hash(body) }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}

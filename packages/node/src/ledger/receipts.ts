/**
 * Receipts: the answer to a call that must not happen twice, in the batch that does what it says. Whoever repeats the
 * call, also after the process was killed between the commit and its answer, gets that answer and nothing more happens.
 *
 * The calls under one key come one after the other; the HTTP interface sees to that.
 */
import { limits, type Result, success } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'
import { type CallKey, KeptAnswers } from '../storage/kept-answers.ts'
import type { Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Draft } from './ledger.ts'

export interface Receipt<Answer> {
  /** What an earlier call under the same key answered; null if there was none. */
  readonly kept: Answer | null
  /** Puts the answer into the commit that it speaks of. */
  keep(draft: Draft, answer: Answer): void
}

export class Receipts {
  readonly #kept: KeptAnswers<{ readonly answer: unknown }>

  constructor(storage: Storage, clock: Clock) {
    const { receiptMsMax: keptMsMax, receiptSweepMs: sweepMs } = limits
    this.#kept = new KeptAnswers({ storage, table: tables.receipt, clock, keptMsMax, sweepMs })
  }

  /** `key`: null where the caller gave none; nothing is kept then. Error: `idempotency-key-reused`. */
  async open<Answer>(key: CallKey | null): Promise<Result<Receipt<Answer>>> {
    if (key === null) return success({ kept: null, keep: () => undefined })
    const found = await this.#kept.find(key)
    if (!found.ok) return found
    const expired = await this.#kept.expired()
    return success({
      // The same call under the same key has the same answer, so the type is the one asked for.
      kept: found.value === null ? null : (found.value.answer as Answer),
      keep: (draft, answer) => {
        for (const operation of expired) draft.put(operation)
        draft.put(this.#kept.keep(key, { answer }))
      },
    })
  }
}

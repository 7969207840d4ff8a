/**
 * Answers kept under their Idempotency-Key: the same request twice is done once, also when both are under way at the
 * same time. An answer is written in the transaction that it speaks of. Only what succeeded is kept; a refusal changed
 * nothing and is decided afresh.
 */
import { ApiFailure } from '../http/node-api.ts'
import { lastNumber, prefixRange } from '../storage/key.ts'
import { del, put } from '../storage/storage.ts'
import type { Journal } from './journal.ts'
import { receiptMsMax, receiptsPrunedMax } from './shop-limits.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { keys, type ReceiptRecord, tables } from './shop-table.ts'
import type { Transaction } from './transaction.ts'

export interface Answer<T> {
  /** HTTP status, 2xx. */
  readonly status: number
  readonly body: T
}

export interface ReceiptKey {
  /** As the caller sent it. */
  readonly key: string
  /** Of method, path and body: the same key with another request is a mistake. */
  readonly hash: string
}

export class Receipts {
  readonly #running = new Map<string, { readonly hash: string; readonly answer: Promise<Answer<unknown>> }>()

  /** Errors: those of `produce`; 422 `idempotency-key-reused`. */
  async once<T>(journal: Journal, receipt: ReceiptKey | null, produce: () => Promise<Answer<T>>): Promise<Answer<T>> {
    if (receipt === null) return produce()
    const running = this.#running.get(receipt.key)
    if (running !== undefined) {
      assertSameRequest(receipt, running.hash)
      // The same request under the same key has the same answer, so the type is the one asked for.
      return (await running.answer) as Answer<T>
    }
    const answer = replayOr(journal, receipt, produce)
    this.#running.set(receipt.key, { hash: receipt.hash, answer })
    try {
      return await answer
    } finally {
      this.#running.delete(receipt.key)
    }
  }
}

/** Keeps the answer of a transaction in the transaction. */
export function recordReceipt(transaction: Transaction, receipt: ReceiptKey | null, answer: Answer<unknown>): void {
  if (receipt === null) return
  const record: ReceiptRecord = { ...answer, hash: receipt.hash, at: transaction.at }
  transaction.write(put(keys.receipt(receipt.key), encodeJson(record)))
  transaction.write(put(keys.receiptByTime(transaction.at, receipt.key), encodeJson({ key: receipt.key })))
}

/**
 * Removes answers that are older than promised. Until then an old answer stays valid, so that a key is never given a
 * new answer while its old one is about to be removed.
 */
export async function pruneReceipts(journal: Journal, now: number): Promise<void> {
  const expired: Uint8Array[] = []
  const { gte, lt } = prefixRange(tables.receiptByTime)
  const entries = journal.storage.scan({ gte, lt, limit: receiptsPrunedMax })
  for await (const [timeKey, value] of entries) {
    if (timeOf(timeKey) > now - receiptMsMax) break
    expired.push(timeKey, keys.receipt(decodeJson<{ key: string }>(value).key))
  }
  if (expired.length === 0) return
  await journal.commit(now, (transaction) => {
    for (const key of expired) transaction.write(del(key))
  })
}

async function replayOr<T>(
  journal: Journal,
  receipt: ReceiptKey,
  produce: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const kept = await journal.read<ReceiptRecord>(keys.receipt(receipt.key))
  if (kept === null) return produce()
  assertSameRequest(receipt, kept.hash)
  await journal.settled()
  return { status: kept.status, body: kept.body as T }
}

function assertSameRequest(receipt: ReceiptKey, hash: string): void {
  if (receipt.hash === hash) return
  throw new ApiFailure(
    422,
    'idempotency-key-reused',
    'This Idempotency-Key was used for another request. Make a new one for each request.',
  )
}

/** The time stands right after the table byte. */
function timeOf(key: Uint8Array): number {
  return lastNumber(key.subarray(0, 9))
}

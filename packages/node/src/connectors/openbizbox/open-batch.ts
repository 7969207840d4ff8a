/**
 * Batches of the shop: sent, followed until the shop has worked them off, and noted on disk before they are sent. A shop
 * works a batch off at its own time, so until one is known to be done its products have no number that can be trusted.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { batch, batchId } from './answers.ts'
import { CallRefused, type OpenBizBoxClient } from './client.ts'
import { batchLostMsMax, batchPauseMs, batchPauseMsMax } from './limits.ts'
import { StoredNote } from './stored-note.ts'

export interface BatchOperation {
  readonly url: string
  readonly method: 'PUT'
  readonly body: object
}

const note = z.object({
  at: z.number(),
  /** Null: its sending began, and no answer is known. */
  id: z.number().nullable(),
  productIds: z.array(z.number()),
})
type Note = z.infer<typeof note>

/** `done`: worked off, with or without errors. `refused`: the shop did not take it. `lost`: nothing is known of it. */
export type BatchOutcome = 'done' | 'refused' | 'lost'

export class OpenBatch {
  readonly #client: OpenBizBoxClient
  readonly #clock: Clock
  readonly #stored: StoredNote<Note>

  private constructor(client: OpenBizBoxClient, clock: Clock, stored: StoredNote<Note>) {
    this.#client = client
    this.#clock = clock
    this.#stored = stored
  }

  /** Without a directory nothing is left behind. */
  static async open(directory: string | null, client: OpenBizBoxClient, clock: Clock): Promise<OpenBatch> {
    const file = directory === null ? null : join(directory, 'open-batch.json')
    return new OpenBatch(client, clock, file === null ? StoredNote.inMemory() : await StoredNote.open(file, note))
  }

  /** Products whose stock a batch may still change. */
  async unsettled(signal: AbortSignal): Promise<ReadonlySet<number>> {
    const open = this.#stored.value
    if (open === null) return new Set()
    const isDone =
      open.id === null ? this.#clock.now() - open.at > batchLostMsMax : (await this.#look(open.id, signal)) === 'done'
    if (!isDone) return new Set(open.productIds)
    await this.#stored.clear()
    return new Set()
  }

  async run(
    operations: readonly BatchOperation[],
    productIds: readonly number[],
    signal: AbortSignal,
  ): Promise<BatchOutcome> {
    const begun = { at: this.#clock.now(), id: null, productIds: [...productIds] }
    await this.#stored.set(begun)
    let id: number
    try {
      const call = { method: 'POST', path: '/api/batches.json', body: operations, schema: batchId } as const
      id = (await this.#client.ask(call, signal)).value
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof CallRefused) {
        await this.#stored.clear()
        return 'refused'
      }
      if (error instanceof ConnectorError) return 'lost'
      throw error
    }
    await this.#stored.set({ ...begun, id })
    for (let pauseMs = batchPauseMs; ; pauseMs = Math.min(pauseMs * 2, batchPauseMsMax)) {
      const state = await this.#look(id, signal)
      if (state === 'done') break
      await this.#client.pause(pauseMs, signal)
    }
    await this.#stored.clear()
    return 'done'
  }

  /** An error of the shop while it works tells nothing about the batch. */
  async #look(id: number, signal: AbortSignal): Promise<'done' | 'open'> {
    try {
      const call = { method: 'GET', path: `/api/batches/${id}.json`, schema: batch } as const
      return (await this.#client.ask(call, signal)).value.is_processed ? 'done' : 'open'
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ConnectorError)) throw error
      const begun = this.#stored.value?.at ?? 0
      return this.#clock.now() - begun > batchLostMsMax ? 'done' : 'open'
    }
  }
}

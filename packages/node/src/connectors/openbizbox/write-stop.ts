/**
 * That nothing more may be written to the shop, and why. It is kept beside the connector, so that a restart does not
 * begin anew what had to be stopped; a newer trial of the writing lifts it.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import { StoredNote } from './stored-note.ts'

const note = z.object({ at: z.number(), reason: z.string() })

export class WriteStop {
  readonly #clock: Clock
  readonly #stored: StoredNote<z.infer<typeof note>>

  private constructor(clock: Clock, stored: StoredNote<z.infer<typeof note>>) {
    this.#clock = clock
    this.#stored = stored
  }

  /** `triedAt`: when the way of writing was last tried, in milliseconds since 1970; null: never. */
  static async open(directory: string, clock: Clock, triedAt: number | null): Promise<WriteStop> {
    const stored = await StoredNote.open(join(directory, 'write-stop.json'), note)
    const kept = stored.value
    if (kept !== null && triedAt !== null && triedAt > kept.at) await stored.clear()
    return new WriteStop(clock, stored)
  }

  get reason(): string | null {
    return this.#stored.value?.reason ?? null
  }

  async set(reason: string): Promise<void> {
    if (this.reason === null) await this.#stored.set({ at: this.#clock.now(), reason })
  }
}

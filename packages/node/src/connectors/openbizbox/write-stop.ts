/**
 * That nothing more may be written to the shop, and why. It is kept beside the connector, so that a restart does not
 * begin anew what had to be stopped; a newer trial of the writing lifts it.
 */
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import { syncDirectory, writeDurably } from '../../durable-file.ts'

const stored = z.object({ at: z.number(), reason: z.string() })

export class WriteStop {
  readonly #directory: string
  readonly #clock: Clock
  #reason: string | null

  private constructor(directory: string, clock: Clock, reason: string | null) {
    this.#directory = directory
    this.#clock = clock
    this.#reason = reason
  }

  /** `triedAt`: when the way of writing was last tried, in milliseconds since 1970; null: never. */
  static async open(directory: string, clock: Clock, triedAt: number | null): Promise<WriteStop> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const kept = await readStop(fileIn(directory))
    const reason = kept === null || (triedAt !== null && triedAt > kept.at) ? null : kept.reason
    return new WriteStop(directory, clock, reason)
  }

  get reason(): string | null {
    return this.#reason
  }

  async set(reason: string): Promise<void> {
    if (this.#reason !== null) return
    this.#reason = reason
    const file = fileIn(this.#directory)
    await rm(`${file}.new`, { force: true })
    await writeDurably(`${file}.new`, JSON.stringify({ at: this.#clock.now(), reason }))
    await rename(`${file}.new`, file)
    await syncDirectory(this.#directory)
  }
}

function fileIn(directory: string): string {
  return join(directory, 'write-stop.json')
}

async function readStop(file: string): Promise<z.infer<typeof stored> | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return stored.parse(JSON.parse(text))
}

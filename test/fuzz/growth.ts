/**
 * What stays in memory while it is fuzzed. The heap is looked at after a collection, at a tenth of the way, when
 * everything has been loaded and every cache has been met, and at the end: what was sent in between must be gone.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Finding } from './target.ts'

/** Between the two looks: what a node keeps on purpose, as answers under keys, is far less; a leak of a megabyte a minute is more. */
const grownMegabytesMax = 64
const firstLookAt = 0.1

export class Growth {
  readonly #collect: () => void
  #first: number | null = null
  #last: number | null = null

  constructor() {
    setFlagsFromString('--expose-gc')
    this.#collect = runInNewContext('gc') as () => void
  }

  /** `done`: how much of the whole is done, from 0 to 1. Error: `Finding`. */
  async look(done: number): Promise<void> {
    if (done >= firstLookAt) this.#first ??= await this.#megabytes()
    if (done < 1) return
    this.#last = await this.#megabytes()
    if (this.#last - (this.#first ?? this.#last) > grownMegabytesMax) throw new Finding(`memory grew: ${this.story}`)
  }

  get story(): string {
    return `heap ${this.#first ?? '?'} MB after a tenth, ${this.#last ?? '?'} MB at the end`
  }

  async #megabytes(): Promise<number> {
    this.#collect()
    // What was freed by a finalizer goes with the second one.
    await new Promise((resolve) => setImmediate(resolve))
    this.#collect()
    const { heapUsed, external } = process.memoryUsage()
    return Math.round((heapUsed + external) / 2 ** 20)
  }
}

/**
 * The loops that read the shop and write to it, at work or at rest. Once `rest` has resolved, no call to the shop is
 * under way: a read is called off, and a write is waited for, since a shop may still make what its caller gave up.
 */

export interface ShopTask {
  /** Takes no further step once `stop` aborts, and calls off its reads; its writes are called off by `life` alone. */
  run(stop: AbortSignal, life: AbortSignal): Promise<void>
}

export class ShopWork implements AsyncDisposable {
  readonly #tasks: readonly ShopTask[]
  readonly #onFailure: (error: unknown) => void
  readonly #life = new AbortController()
  #present: { readonly stop: AbortController; readonly ended: Promise<unknown> } | null = null

  constructor(tasks: readonly ShopTask[], onFailure: (error: unknown) => void) {
    this.#tasks = tasks
    this.#onFailure = onFailure
  }

  /** Aborts when the work ends for good. */
  get life(): AbortSignal {
    return this.#life.signal
  }

  /** For a read beside the loops: aborts when the present work ends, and has aborted while it rests. */
  get stop(): AbortSignal {
    return this.#present?.stop.signal ?? AbortSignal.abort()
  }

  start(): void {
    if (this.#present !== null || this.#life.signal.aborted) return
    const stop = new AbortController()
    this.#present = { stop, ended: Promise.all(this.#tasks.map((task) => this.#run(task, stop.signal))) }
  }

  async rest(): Promise<void> {
    const present = this.#present
    present?.stop.abort()
    await present?.ended
    if (this.#present === present) this.#present = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    await this.rest()
  }

  async #run(task: ShopTask, stop: AbortSignal): Promise<void> {
    try {
      await task.run(stop, this.#life.signal)
    } catch (error) {
      if (!stop.aborted) this.#onFailure(error)
    }
  }
}

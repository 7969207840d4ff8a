/** One thing after the other: what is run in a lane begins when all that was asked for before has ended. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** Whoever comes next does not care how this one ended; its caller does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#last
  }
}

/**
 * Runs one reading again and again without ever overlapping itself: wishes that arrive while it runs, or within the
 * pause after it, become one more run. Thousands of changes a second thus cost one reading a second.
 */
export class Refresher {
  readonly #load: () => Promise<void>
  readonly #pauseMs: number
  #isBusy = false
  #isWanted = false
  #isStopped = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(load: () => Promise<void>, pauseMs: number) {
    this.#load = load
    this.#pauseMs = pauseMs
  }

  request(): void {
    if (this.#isStopped) {
      return
    }
    if (this.#isBusy) {
      this.#isWanted = true
      return
    }
    this.#isBusy = true
    // The load shows its own failure; here only its end matters.
    void this.#load().then(this.#pause, this.#pause)
  }

  stop(): void {
    this.#isStopped = true
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
    }
  }

  readonly #pause = (): void => {
    if (this.#isStopped) {
      return
    }
    this.#timer = setTimeout(() => {
      this.#isBusy = false
      if (this.#isWanted) {
        this.#isWanted = false
        this.request()
      }
    }, this.#pauseMs)
  }
}

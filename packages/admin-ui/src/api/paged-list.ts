/**
 * One keyset list of the interface, shown as a window that grows page by page up to `rowsMax` and then moves on, so
 * that a list of 100,000 rows costs no more than a list of 500. A refresh reads the window again in one call and
 * replaces it at once: scroll position and open rows stay.
 */
import { type Signal, batch, signal } from '@preact/signals'
import type { List } from '@stockmesh/protocol/api'
import { type ApiFailure, failureOf, readApi } from './client.ts'
import { pathWith } from './query.ts'
import { Refresher } from './refresher.ts'

const rowsPerPage = 100
const rowsMax = 500
const refreshPauseMs = 1000

export class PagedList<T> {
  readonly items: Signal<readonly T[] | null> = signal(null)
  readonly total: Signal<number> = signal(0)
  readonly next: Signal<string | null> = signal(null)
  readonly failure: Signal<ApiFailure | null> = signal(null)
  readonly isLoading: Signal<boolean> = signal(false)
  /** How many rows lie before the window. */
  readonly before: Signal<number> = signal(0)
  readonly #path: string
  readonly #refresher: Refresher
  /** Where each earlier window began, and how many rows lay before it. */
  #windows: { readonly after: string | null; readonly before: number }[] = []
  #after: string | null = null
  #limit: number
  #generation = 0

  constructor(path: string, limit: number = rowsPerPage) {
    this.#path = path
    this.#limit = limit
    this.#refresher = new Refresher(() => this.#load(), refreshPauseMs)
  }

  refresh(): void {
    this.#refresher.request()
  }

  /** Shows one page more; from `rowsMax` on, the next window instead. */
  more(): void {
    const next = this.next.value
    if (next === null) {
      return
    }
    if (this.#limit < rowsMax) {
      this.#limit += rowsPerPage
    } else {
      this.#windows.push({ after: this.#after, before: this.before.value })
      this.before.value += this.items.value?.length ?? 0
      this.#after = next
    }
    void this.#load()
  }

  previous(): void {
    const window = this.#windows.pop()
    if (window !== undefined) {
      this.#after = window.after
      this.before.value = window.before
      void this.#load()
    }
  }

  stop(): void {
    this.#generation += 1
    this.#refresher.stop()
  }

  async #load(): Promise<void> {
    this.#generation += 1
    const generation = this.#generation
    this.isLoading.value = true
    try {
      const list = await readApi<List<T>>(pathWith(this.#path, { after: this.#after, limit: this.#limit }))
      if (generation === this.#generation) {
        batch(() => {
          this.items.value = list.items
          this.total.value = list.total
          this.next.value = list.next
          this.failure.value = null
        })
      }
    } catch (thrown) {
      if (generation === this.#generation) {
        this.failure.value = failureOf(thrown)
      }
    } finally {
      if (generation === this.#generation) {
        this.isLoading.value = false
      }
    }
  }
}

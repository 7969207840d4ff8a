/**
 * Time of a simulated world: a queue of what is due, in order. Between two events every promise that can go on does
 * so; nothing in the world waits for anything but this clock.
 */
import type { Cancel } from '../../packages/node/src/ports.ts'

interface Due {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

export class VirtualTime {
  #now = 0
  #order = 0
  #events = 0
  readonly #heap: Due[] = []

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now
  }

  /** Events that have happened. */
  get events(): number {
    return this.#events
  }

  after(ms: number, run: () => void): Cancel {
    if (!Number.isFinite(ms)) throw new RangeError(`not a time to wait: ${ms} ms`)
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#order, run }
    this.#order += 1
    this.#push(due)
    return () => {
      due.run = null
    }
  }

  /** Runs events until `done` holds (true) or so much time has passed (false). */
  async run(msMax: number, done: () => boolean = () => false): Promise<boolean> {
    const end = this.#now + msMax
    while (!done()) {
      const next = this.#heap[0]
      if (next === undefined || next.at > end) {
        this.#now = end
        return done()
      }
      this.#pop()
      if (next.run === null) continue
      this.#now = next.at
      this.#events += 1
      next.run()
      await settled()
    }
    return true
  }

  #push(due: Due): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(due)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Due
      if (!isBefore(due, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Due)) child += 1
      if (!isBefore(heap[child] as Due, last)) break
      heap[index] = heap[child] as Due
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/**
 * Every promise that can go on without time has done so: what is due in the next tick comes behind all of them. A turn of
 * the event loop would say the same, and take a tenth of all the time.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

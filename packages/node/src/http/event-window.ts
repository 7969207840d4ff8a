/**
 * The newest events, numbered without a hole, for whoever comes back and asks for what it missed. A number means
 * nothing without the process that gave it, so an id names both. What was dropped or forgotten is a gap.
 */
import type { EventItem, SkuKey } from '@stockmesh/protocol'
import { eventsKeptMax } from './limits.ts'

/** A stock event is kept as its SKU and made when it is sent: always fresh, and nearly free while nobody reads. */
export type KeptEvent =
  | { readonly event: 'stock'; readonly key: SkuKey }
  | Exclude<EventItem, { readonly event: 'stock' | 'reset' }>

export class EventWindow {
  readonly #process: string
  /** A ring: the event with number n lies at n modulo its size. */
  readonly #kept: KeptEvent[] = []
  #last = 0
  #first = 1

  /** `process`: letters and digits, never those of an earlier process. */
  constructor(process: string) {
    this.#process = process
  }

  /** The number of the newest event. */
  get last(): number {
    return this.#last
  }

  idOf(number: number): string {
    return `${this.#process}-${number}`
  }

  /** The number in an id; null if this process never gave it. */
  numberOf(id: string): number | null {
    const [process, digits = '', ...more] = id.split('-')
    if (process !== this.#process || more.length > 0 || !/^\d{1,15}$/.test(digits)) return null
    const number = Number(digits)
    return number <= this.#last ? number : null
  }

  append(event: KeptEvent): void {
    this.#last += 1
    this.#kept[this.#last % eventsKeptMax] = event
    this.#first = Math.max(this.#first, this.#last - eventsKeptMax + 1)
  }

  /** Nothing that was told so far can be relied on any more: whoever read it has a gap. */
  forget(): void {
    this.#last += 1
    this.#first = this.#last + 1
    this.#kept.length = 0
  }

  /** Whether something after this number is gone. */
  hasGap(after: number): boolean {
    return after + 1 < this.#first
  }

  /** What follows a number, oldest first; only where there is no gap. */
  read(after: number, count: number): readonly KeptEvent[] {
    const events: KeptEvent[] = []
    const end = Math.min(this.#last, after + count)
    for (let number = after + 1; number <= end; number += 1) {
      const event = this.#kept[number % eventsKeptMax]
      if (event !== undefined) events.push(event)
    }
    return events
  }
}

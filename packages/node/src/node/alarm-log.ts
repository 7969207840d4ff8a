/**
 * Alarms in the log: at once what is news, and what a peer only repeats once in a while, with how often it came.
 */
import { hasPassed, type ShopId } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'
import type { Raised } from './alarm-book.ts'

/** A peer that repeats itself is written down this often, in milliseconds: whoever reads the log sees that it goes on. */
export const repeatedAlarmMs: number = 10 * 60_000

export class AlarmLog {
  readonly #clock: Clock
  readonly #write: (code: string, facts: Readonly<Record<string, unknown>>) => void
  /** Of each member that repeats itself. */
  readonly #repeated = new Map<ShopId, { writtenAt: number; times: number }>()

  constructor(clock: Clock, write: (code: string, facts: Readonly<Record<string, unknown>>) => void) {
    this.#clock = clock
    this.#write = write
  }

  /** Answers whether it is news. */
  tell(alarm: Raised, isNews: boolean): boolean {
    const { code, ...facts } = alarm
    if (isNews) this.#write(code, facts)
    else this.#repeat(alarm)
    return isNews
  }

  #repeat({ code, ...facts }: Raised): void {
    const now = this.#clock.now()
    const repeated = this.#repeated.get(facts.peer) ?? { writtenAt: now, times: 0 }
    this.#repeated.set(facts.peer, repeated)
    repeated.times += 1
    if (!hasPassed(repeatedAlarmMs, repeated.writtenAt, now)) return
    this.#write(code, { ...facts, times: repeated.times })
    this.#repeated.set(facts.peer, { writtenAt: now, times: 0 })
  }
}

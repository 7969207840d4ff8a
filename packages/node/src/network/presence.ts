/**
 * What members tell each other of themselves every few seconds: their clock, how their import stands, and how they
 * reach their own shop. The last of each member is kept in memory, also while it is away; its release comes with the
 * HELLO of the session.
 */
import {
  type ClockReadings,
  clockAhead,
  type ImportState,
  isClockWrong,
  limits,
  type Presence,
  readClock,
  type ShopId,
  type ShopState,
} from '@stockmesh/protocol'
import type { Cancel, Clock, Timers } from '../ports.ts'
import type { Peer } from './link.ts'

export interface OwnPresence {
  readonly import: { readonly state: ImportState; readonly done: number; readonly total: number }
  readonly shopState: ShopState
}

/** What is known of a member by its own word. */
export interface MemberPresence {
  readonly release: string | null
  /** Milliseconds; negative where it is behind. Exact to the delay of the fastest of the last messages. */
  readonly clockAheadMs: number | null
  /** Whether the difference is large and sure enough for a person to hear of it. */
  readonly clockWrong: boolean
  readonly import: OwnPresence['import'] | null
  readonly shopState: ShopState | null
}

interface Heard {
  readonly release: string | null
  readonly readings: ClockReadings
  readonly own: OwnPresence | null
}

const nothingHeard: Heard = { release: null, readings: [], own: null }

const importStates: ReadonlySet<string> = new Set<ImportState>([
  'idle',
  'listing',
  'ready',
  'running',
  'paused',
  'done',
  'failed',
])
const shopStates: ReadonlySet<string> = new Set<ShopState>(['connecting', 'connected', 'unreachable', 'idle', 'paused'])

export class PresenceExchange {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #peers: () => readonly Peer[]
  readonly #own: () => OwnPresence
  readonly #onChange: () => void
  readonly #heard = new Map<ShopId, Heard>()
  #cancel: Cancel

  constructor(parts: {
    readonly clock: Clock
    readonly timers: Timers
    /** Members with an open session. */
    readonly peers: () => readonly Peer[]
    readonly own: () => OwnPresence
    /** What a page shows of a member has changed. */
    readonly onChange: () => void
  }) {
    this.#clock = parts.clock
    this.#timers = parts.timers
    this.#peers = parts.peers
    this.#own = parts.own
    this.#onChange = parts.onChange
    this.#cancel = this.#schedule()
  }

  of(member: ShopId): MemberPresence {
    const { release, readings, own } = this.#heard.get(member) ?? nothingHeard
    return {
      release,
      clockAheadMs: clockAhead(readings),
      clockWrong: isClockWrong(readings),
      import: own?.import ?? null,
      shopState: own?.shopState ?? null,
    }
  }

  /** Tells a member at once, as at the opening of its session. */
  tell(peer: Peer): void {
    if (peer.bufferedBytes() > limits.presenceBacklogBytesMax) return
    const { import: progress, shopState } = this.#own()
    peer.send({
      type: 'presence',
      clock: Math.max(0, Math.trunc(this.#clock.now())),
      importState: progress.state,
      importDone: progress.done,
      importTotal: progress.total,
      shopState,
    })
  }

  receiveRelease(member: ShopId, release: string): void {
    this.#keep(member, { ...(this.#heard.get(member) ?? nothingHeard), release })
  }

  receive(member: ShopId, presence: Presence): void {
    const before = this.#heard.get(member) ?? nothingHeard
    const readings = readClock(before.readings, presence.clock, this.#clock.now())
    this.#keep(member, { ...before, readings, own: parsePresence(presence) })
  }

  stop(): void {
    this.#cancel()
  }

  #schedule(): Cancel {
    return this.#timers.after(limits.presenceIntervalMs, () => {
      for (const peer of this.#peers()) this.tell(peer)
      this.#cancel = this.#schedule()
    })
  }

  #keep(member: ShopId, heard: Heard): void {
    const before = this.of(member)
    this.#heard.set(member, heard)
    // A clock's reading is never quite the same; that alone is no news.
    const { clockAheadMs: _, ...shown } = this.of(member)
    if (JSON.stringify({ ...before, ...shown }) !== JSON.stringify(before)) this.#onChange()
  }
}

/** A state that only a newer release knows is not shown; null. */
function parsePresence({ importState, importDone, importTotal, shopState }: Presence): OwnPresence | null {
  if (!importStates.has(importState) || !shopStates.has(shopState)) return null
  const progress = { state: importState as ImportState, done: importDone, total: importTotal }
  return { import: progress, shopState: shopState as ShopState }
}

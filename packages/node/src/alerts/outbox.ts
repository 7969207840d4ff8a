/**
 * Alerts that wait to be delivered, durable: each target takes a message once, is tried again with longer and longer
 * pauses while it does not, and after a restart as before. What was told is written in the same batch as the message,
 * so that a message is neither lost nor sent anew by a stop in between.
 */
import type { Failure } from '@stockmesh/protocol'
import { type Cancel, type Clock, type Random, randomFraction, type Timers } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'
import type { AlertMessage } from './alert-message.ts'
import { messageMsMax, messagesMax, retryMsMax, retryMsMin } from './limits.ts'
import { type AlertTarget, deliver, type TargetName } from './targets.ts'

interface Pending {
  readonly message: AlertMessage
  readonly open: readonly TargetName[]
  readonly failures: number
  /** Milliseconds since 1970. */
  readonly nextAt: number
}

/** A target that did not take the last message it was given. */
export interface AlertFailure {
  readonly target: TargetName
  readonly code: string
  readonly message: string
  readonly since: number
}

export interface OutboxParts {
  readonly storage: Storage
  readonly table: number
  readonly clock: Clock & Timers
  readonly random: Random
  readonly targets: () => readonly AlertTarget[]
  readonly onFailure: (failure: AlertFailure) => void
  /** Which targets fail has changed. */
  readonly onChange: () => void
}

export class Outbox {
  readonly #parts: OutboxParts
  readonly #stop = new AbortController()
  readonly #pending = new Map<string, Pending>()
  readonly #failures = new Map<TargetName, AlertFailure>()
  #cancel: Cancel | null = null
  #isDelivering = false

  static async open(parts: OutboxParts): Promise<Outbox> {
    const outbox = new Outbox(parts)
    for await (const [, value] of parts.storage.scan(prefixRange(parts.table, 'alert'))) {
      const pending = decodeJson<Pending>(value)
      outbox.#pending.set(pending.message.id, pending)
    }
    outbox.#schedule()
    return outbox
  }

  private constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  get failures(): readonly AlertFailure[] {
    return [...this.#failures.values()]
  }

  /** Keeps messages together with what else must be durable with them, then delivers. */
  async add(messages: readonly AlertMessage[], together: readonly Operation[]): Promise<void> {
    const { clock, targets } = this.#parts
    const open = targets().map(({ name }) => name)
    const added = messages.map((message): Pending => ({ message, open, failures: 0, nextAt: clock.now() }))
    const room = messagesMax - added.length
    const dropped = [...this.#pending.keys()].slice(0, Math.max(0, this.#pending.size - room))
    await this.#parts.storage.write([
      ...together,
      ...dropped.map((id) => del(this.#key(id))),
      ...added.map((pending) => put(this.#key(pending.message.id), encodeJson(pending))),
    ])
    for (const id of dropped) this.#pending.delete(id)
    for (const pending of added) this.#pending.set(pending.message.id, pending)
    this.#schedule()
  }

  /** Tries everything at once, as after the settings changed. */
  retry(): void {
    for (const [id, pending] of this.#pending) this.#pending.set(id, { ...pending, nextAt: 0 })
    this.#failures.clear()
    this.#parts.onChange()
    this.#schedule()
  }

  close(): void {
    this.#stop.abort()
    this.#cancel?.()
  }

  #schedule(): void {
    this.#cancel?.()
    this.#cancel = null
    if (this.#stop.signal.aborted || this.#isDelivering || this.#pending.size === 0) return
    const now = this.#parts.clock.now()
    const next = Math.min(...[...this.#pending.values()].map(({ nextAt }) => nextAt))
    // A clock that was set back must not hold a message for years.
    const ms = Math.min(Math.max(0, next - now), retryMsMax)
    this.#cancel = this.#parts.clock.after(ms, () => void this.#deliverDue())
  }

  async #deliverDue(): Promise<void> {
    this.#isDelivering = true
    const now = this.#parts.clock.now()
    for (const [id, pending] of this.#pending) {
      if (this.#stop.signal.aborted) return
      const isDue = pending.nextAt <= now || pending.nextAt > now + retryMsMax
      // A disk without space keeps the message in memory, and it is written with the next try.
      if (isDue) await this.#deliver(id, pending).catch(() => undefined)
    }
    this.#isDelivering = false
    this.#schedule()
  }

  async #deliver(id: string, pending: Pending): Promise<void> {
    const { clock, random, storage } = this.#parts
    const open: TargetName[] = []
    for (const target of this.#parts.targets()) {
      if (!pending.open.includes(target.name)) continue
      const outcome = await deliver(target, pending.message, clock.now(), this.#stop.signal)
      if (this.#stop.signal.aborted) return
      this.#note(target.name, outcome.ok ? null : outcome)
      if (!outcome.ok) open.push(target.name)
    }
    const failures = pending.failures + 1
    const isGivenUp = clock.now() - Date.parse(pending.message.at) > messageMsMax
    if (open.length === 0 || isGivenUp) {
      this.#pending.delete(id)
      await storage.write([del(this.#key(id))])
      return
    }
    const pause = Math.min(retryMsMax, retryMsMin * 3 ** Math.min(failures - 1, 20))
    const nextAt = clock.now() + pause / 2 + (pause / 2) * randomFraction(random)
    const next = { ...pending, open, failures, nextAt: Math.round(nextAt) }
    this.#pending.set(id, next)
    await storage.write([put(this.#key(id), encodeJson(next))])
  }

  #note(target: TargetName, outcome: Failure | null): void {
    const before = this.#failures.get(target)
    if (outcome === null) this.#failures.delete(target)
    else {
      const { code, message } = outcome
      const failure = { target, code, message, since: before?.since ?? this.#parts.clock.now() }
      this.#failures.set(target, failure)
      this.#parts.onFailure(failure)
    }
    if (before?.code !== outcome?.code) this.#parts.onChange()
  }

  #key(id: string): Uint8Array {
    return encodeKey(this.#parts.table, 'alert', id)
  }
}

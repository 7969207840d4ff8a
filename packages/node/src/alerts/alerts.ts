/**
 * Watches what is worth waking somebody for, and tells it once: looks when the node says that something changed and
 * when a shop has been away long enough, gathers what begins at the same time, and hands messages to the outbox.
 * Nothing that goes wrong here reaches the node.
 */
import type { AlertTestAnswer } from '@stockmesh/protocol'
import type { Cancel, Clock, Random, Timers } from '../ports.ts'
import type { NodeSettings } from '../settings/settings.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { type AlertFacts, type AlertItem, type AlertKind, alertMark, alertNews } from './alert.ts'
import { type AlertMessage, alertMessage, type AlertSender } from './alert-message.ts'
import { deliveryMsMax, gatherMs, kindPauseMs, quietLookMs } from './limits.ts'
import { type AlertFailure, Outbox } from './outbox.ts'
import { isQuiet } from './quiet-hours.ts'
import { type AlertTarget, deliver, targetsOf } from './targets.ts'

export interface AlertsParts {
  readonly storage: Storage
  readonly table: number
  readonly clock: Clock & Timers
  readonly random: Random
  readonly settings: () => NodeSettings
  readonly sender: () => AlertSender
  /** null while the node is loading. */
  readonly facts: () => AlertFacts | null
  /** An alert could not be delivered, or something of the above failed. */
  readonly onFailure: (code: string, facts: Readonly<Record<string, unknown>>) => void
  /** Which targets fail has changed. */
  readonly onChange: () => void
  /** Where alerts go; what the settings say if it is not given. */
  readonly targets?: () => readonly AlertTarget[]
}

export class Alerts implements AsyncDisposable {
  readonly #parts: AlertsParts
  readonly #outbox: Outbox
  readonly #toldAt = new Map<AlertKind, number>()
  #told: ReadonlySet<string>
  #cancel: Cancel | null = null
  /** Whether the next look is the one after gathering, and not one that waits for its time. */
  #isGathering = false
  #isLooking = false
  #isAsked = false
  #closed = false

  static async open(parts: AlertsParts): Promise<Alerts> {
    const { storage, table, clock, random, onFailure, onChange } = parts
    const stored = await storage.get(encodeKey(table, 'alerts-told'))
    const told = new Set(stored === undefined ? [] : decodeJson<string[]>(stored))
    const outbox = await Outbox.open({
      storage,
      table,
      clock,
      random,
      targets: () => targetsIn(parts),
      onFailure: ({ code, target }: AlertFailure) => onFailure(code, { target }),
      onChange,
    })
    return new Alerts(parts, outbox, told)
  }

  private constructor(parts: AlertsParts, outbox: Outbox, told: ReadonlySet<string>) {
    this.#parts = parts
    this.#outbox = outbox
    this.#told = told
    this.changed()
  }

  /** Targets that did not take the last message they were given. */
  get failures(): readonly AlertFailure[] {
    return this.#outbox.failures
  }

  /** Something that an alert could be about may have changed. */
  changed(): void {
    this.#isAsked = true
    if (!this.#isGathering && !this.#isLooking) this.#gather()
  }

  /** The settings changed, or a person wants it now: what waits is tried at once. */
  retry(): void {
    this.#outbox.retry()
    this.changed()
  }

  /** Sends a test to each target that is set, and says what became of it. */
  async test(): Promise<AlertTestAnswer> {
    const message = this.#message('test', [])
    const send = async (target: AlertTarget): Promise<AlertTestAnswer['results'][number]> => {
      const outcome = await deliver(target, message, this.#parts.clock.now(), AbortSignal.timeout(2 * deliveryMsMax))
      const told = outcome.ok ? { code: null, message: null } : { code: outcome.code, message: outcome.message }
      return { target: target.name, delivered: outcome.ok, ...told }
    }
    return { results: await Promise.all(targetsIn(this.#parts).map(send)) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    this.#outbox.close()
    await Promise.resolve()
  }

  #gather(): void {
    this.#isGathering = true
    this.#lookIn(gatherMs)
  }

  #lookIn(ms: number): void {
    this.#cancel?.()
    this.#cancel = this.#closed ? null : this.#parts.clock.after(ms, () => void this.#look())
  }

  async #look(): Promise<void> {
    this.#isGathering = false
    this.#isLooking = true
    this.#isAsked = false
    let wait: number | null = kindPauseMs
    try {
      wait = await this.#tellNews()
    } catch (error) {
      this.#parts.onFailure('alerts-failed', { err: error })
    }
    this.#isLooking = false
    if (this.#isAsked) this.#gather()
    else if (wait !== null) this.#lookIn(wait)
  }

  /** Answers when there is more to tell, in milliseconds; null: when something changes. */
  async #tellNews(): Promise<number | null> {
    const { clock, settings, facts: read } = this.#parts
    const facts = targetsIn(this.#parts).length === 0 ? null : read()
    if (facts === null) return null
    const now = clock.now()
    const news = alertNews(facts, this.#told, settings().alertUnreachableMinutes * 60_000, now)
    const told = new Set(this.#told)
    for (const mark of news.over) told.delete(mark)
    const messages: AlertMessage[] = []
    let wait = news.dueAt === null ? null : Math.max(gatherMs, news.dueAt - now)
    for (const [kind, items] of news.begun) {
      const pause = this.#pauseOf(kind, now)
      if (pause > 0) {
        wait = Math.min(wait ?? pause, pause)
        // What ended is told later with the others, so it is not over yet.
        if (kind === 'shop-reachable') for (const { id } of items) told.add(alertMark('shop-unreachable', id))
        continue
      }
      messages.push(this.#message(kind, items))
      this.#toldAt.set(kind, now)
      if (kind !== 'shop-reachable') for (const { id } of items) told.add(alertMark(kind, id))
    }
    if (messages.length === 0 && told.size === this.#told.size) return wait
    const row = put(encodeKey(this.#parts.table, 'alerts-told'), encodeJson([...told]))
    await this.#outbox.add(messages, [row])
    this.#told = told
    return wait
  }

  /** How long a kind has to wait from now on, in milliseconds; 0: it may be told. */
  #pauseOf(kind: AlertKind, now: number): number {
    const settings = this.#parts.settings()
    const hours = {
      from: settings.alertQuietFrom,
      to: settings.alertQuietTo,
      zone: settings.alertQuietZone,
      exempt: settings.alertQuietExempt,
    }
    if (isQuiet(hours, kind, now)) return quietLookMs
    const pause = (this.#toldAt.get(kind) ?? -kindPauseMs) + kindPauseMs - now
    return pause <= kindPauseMs ? Math.max(0, pause) : 0
  }

  #message(kind: AlertKind, items: readonly AlertItem[]): AlertMessage {
    const { random, clock, sender, settings } = this.#parts
    const id = Buffer.from(random.bytes(16)).toString('hex')
    return alertMessage({ id, kind, at: clock.now(), items }, sender(), settings().language)
  }
}

function targetsIn({ targets, settings }: AlertsParts): readonly AlertTarget[] {
  return targets?.() ?? targetsOf(settings())
}

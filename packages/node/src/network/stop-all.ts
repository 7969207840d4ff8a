/**
 * "Stop everything": whether the shops of the network are to be written to, as the network document says it. Each member
 * keeps its own last word there, and the latest word holds; each also says which word it has heard, so that whoever
 * stops knows whom it did not reach. A member that was away hears of it with the document.
 */
import type { ShopId } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'
import type { NetworkDocument } from './network-document.ts'

/** The word that holds. */
export interface StopWord {
  readonly stopped: boolean
  readonly by: ShopId
  /** Milliseconds since 1970, and later than the word that it replaced, whatever the clocks say. */
  readonly stamp: number
}

export class StopAll {
  readonly #self: ShopId
  readonly #clock: Clock
  readonly #onChange: () => void
  #document: NetworkDocument | null = null
  #word: StopWord | null = null

  constructor(parts: {
    readonly self: ShopId
    readonly clock: Clock
    /** Writing stopped, or may go on. */
    readonly onChange: () => void
  }) {
    this.#self = parts.self
    this.#clock = parts.clock
    this.#onChange = parts.onChange
  }

  get isStopped(): boolean {
    return this.#word?.stopped === true
  }

  /** null: nobody ever stopped anything. */
  get word(): StopWord | null {
    return this.#word
  }

  follow(document: NetworkDocument): void {
    this.#document = document
    document.onChange(() => this.#hear())
    this.#hear()
  }

  /** Resolves when the word is durable. A word that holds already is not said again. */
  async say(stopped: boolean): Promise<void> {
    const document = this.#document
    if (document === null || this.isStopped === stopped) return
    const now = this.#clock.now()
    document.putSetting(wordName(this.#self), { stopped, stamp: Math.max(now, (this.#word?.stamp ?? 0) + 1) })
    document.append({ at: now, kind: stopped ? 'stopped-all' : 'resumed-all' })
    await document.flush()
  }

  /** Whether a member has told that it heard the word that holds. */
  isHeardBy(member: ShopId): boolean {
    return this.#word === null || (this.#stampOf(heardName(member)) ?? -1) >= this.#word.stamp
  }

  #hear(): void {
    const document = this.#document
    if (document === null) return
    const wasStopped = this.isStopped
    this.#word = this.#latest(document)
    if (this.#word !== null && !this.isHeardBy(this.#self)) {
      document.putSetting(heardName(this.#self), { stamp: this.#word.stamp })
    }
    if (this.isStopped !== wasStopped) this.#onChange()
  }

  #latest(document: NetworkDocument): StopWord | null {
    let latest: StopWord | null = null
    for (const name of document.settingNames()) {
      if (!name.startsWith(wordPrefix)) continue
      const stopped = document.setting(name)?.['stopped']
      const stamp = this.#stampOf(name)
      if (stamp === null || typeof stopped !== 'boolean') continue
      const word = { stopped, by: name.slice(wordPrefix.length) as ShopId, stamp }
      if (latest === null || stamp > latest.stamp || (stamp === latest.stamp && word.by > latest.by)) latest = word
    }
    return latest
  }

  #stampOf(name: string): number | null {
    const stamp = this.#document?.setting(name)?.['stamp']
    return typeof stamp === 'number' && Number.isSafeInteger(stamp) && stamp >= 0 ? stamp : null
  }
}

const wordPrefix = 'stop-all '

function wordName(shop: ShopId): string {
  return `${wordPrefix}${shop}`
}

function heardName(shop: ShopId): string {
  return `stop-all-heard ${shop}`
}

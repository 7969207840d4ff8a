/**
 * The terms of the partition guard as the network document says them: each member keeps its own last word there, and
 * tells which it has heard. What this node goes by is durable before it tells that it heard: others will count on it.
 */
import {
  encodeGuardTerms,
  type GuardTerms,
  isSame,
  isShopId,
  newestOf,
  parseGuardTerms,
  type ShopId,
  termsAfter,
  type TermsInForce,
  termsOfNewcomer,
  termsOfNobody,
} from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { NetworkDocument } from './network-document.ts'

const guardTermsRow = encodeKey(tables.meta, 'guard-terms')

interface KeptTerms {
  readonly by: ShopId
  readonly value: Readonly<Record<string, unknown>>
}

export class GuardTermsBook {
  readonly #parts: GuardTermsParts
  readonly #turns = new Lane()
  #document: NetworkDocument | null = null
  #inForce: TermsInForce | null = null

  constructor(parts: GuardTermsParts) {
    this.#parts = parts
  }

  /** null: nobody ever said anything. */
  get inForce(): TermsInForce | null {
    return this.#inForce
  }

  /** Members that have not told that they heard the newest terms, and are not declared closed. */
  get unheard(): readonly ShopId[] {
    const newest = this.#inForce === null ? null : newestOf(this.#inForce)
    return newest === null || newest.number === 0 ? [] : this.#unheardOf(newest)
  }

  async follow(document: NetworkDocument): Promise<void> {
    const row = await this.#parts.storage.get(guardTermsRow)
    const kept = row === undefined ? [] : decodeJson<KeptTerms[]>(row)
    const [first, ...others] = kept.map(({ by, value }) => ofKept(by, value))
    this.#inForce = first === undefined ? null : [first, ...others]
    this.#document = document
    document.onChange(() => this.hear())
    this.hear()
  }

  /** The terms of this shop from now on; resolves when they are durable. */
  async say(terms: Omit<GuardTerms, 'by' | 'number'>): Promise<void> {
    const document = this.#document
    if (document === null) return
    const number = Math.max(0, ...[...this.#said(document)].map((said) => said.number)) + 1
    document.putSetting(`${termsPrefix}${this.#parts.self}`, {
      ...encodeGuardTerms({ ...terms, by: this.#parts.self, number }),
    })
    await document.flush()
    await this.#turns.idle()
  }

  /** Reads the document again: it changed, or the members did. */
  hear(): void {
    void this.#turns.run(() => this.#hear()).catch((error: unknown) => this.#parts.onFailure(error))
  }

  async #hear(): Promise<void> {
    const document = this.#document
    if (document === null) return
    const said = [...this.#said(document)]
    if (said.length === 0 && this.#inForce === null) return
    const { self, storage } = this.#parts
    const first = this.#parts.isNewcomer() ? termsOfNewcomer(self) : termsOfNobody(self)
    const before = this.#inForce ?? [first]
    const after = termsAfter(before, said, (terms) => this.#unheardOf(terms).length === 0)
    if (this.#inForce === null || !isEqual(after, this.#inForce)) {
      const kept = after.map((terms): KeptTerms => ({ by: terms.by, value: { ...encodeGuardTerms(terms) } }))
      await storage.write([put(guardTermsRow, encodeJson(kept))])
      this.#inForce = after
      this.#parts.onChange()
    }
    const newest = newestOf(after)
    if (newest.number > 0 && document.setting(heardName(self))?.['terms'] !== nameOf(newest)) {
      document.putSetting(heardName(self), { terms: nameOf(newest) })
    }
  }

  *#said(document: NetworkDocument): Generator<GuardTerms> {
    for (const name of document.settingNames()) {
      const by = name.startsWith(termsPrefix) ? name.slice(termsPrefix.length) : ''
      const value = document.setting(name)
      const terms = isShopId(by) && value !== null ? parseGuardTerms(by, value) : null
      if (terms !== null) yield terms
    }
  }

  #unheardOf(terms: GuardTerms): ShopId[] {
    const isHeard = (shop: ShopId): boolean => this.#document?.setting(heardName(shop))?.['terms'] === nameOf(terms)
    return this.#parts.members().filter((shop) => !terms.closed.has(shop) && !isHeard(shop))
  }
}

interface GuardTermsParts {
  readonly self: ShopId
  readonly storage: Storage
  readonly members: () => readonly ShopId[]
  /** Whether this shop came into the network and does not take part in it yet. */
  readonly isNewcomer: () => boolean
  /** What this node goes by is something else. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

const termsPrefix = 'guard '

function heardName(shop: ShopId): string {
  return `guard-heard ${shop}`
}

function nameOf({ number, by }: GuardTerms): string {
  return `${number} ${by}`
}

/** What this node wrote itself; the terms before the first word have the number 0. */
function ofKept(by: ShopId, value: Readonly<Record<string, unknown>>): GuardTerms {
  const parsed = parseGuardTerms(by, value)
  if (parsed !== null) return parsed
  return value['isOn'] === true ? termsOfNewcomer(by) : termsOfNobody(by)
}

function isEqual(a: TermsInForce, b: TermsInForce): boolean {
  return a.length === b.length && a.every((terms, index) => b[index] !== undefined && isSame(terms, b[index]))
}

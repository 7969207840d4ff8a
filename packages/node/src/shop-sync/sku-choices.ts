/**
 * What a person chose for single SKUs in this shop: a buffer in place of the shop's, or that the SKU is left out.
 * Durable, changed only through a draft; a choice that says nothing is not kept.
 */
import type { SkuKey } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export interface LeftOut {
  /** In milliseconds since 1970. */
  readonly since: number
  /** What the shop itself added and removed since, in units: counted nowhere. */
  readonly difference: number
}

interface SkuChoice {
  /** null: the shop's buffer holds. */
  readonly buffer: number | null
  /** null: the SKU takes part. */
  readonly leftOut: LeftOut | null
}

const nothingChosen: SkuChoice = { buffer: null, leftOut: null }

export class SkuChoices {
  readonly #choices: Map<SkuKey, SkuChoice>

  private constructor(choices: Map<SkuKey, SkuChoice>) {
    this.#choices = choices
  }

  static async open(storage: Pick<Storage, 'scan'>): Promise<SkuChoices> {
    const choices = new Map<SkuKey, SkuChoice>()
    for await (const [key, value] of storage.scan(prefixRange(tables.skuChoice))) {
      choices.set(firstText(key) as SkuKey, decodeJson<SkuChoice>(value))
    }
    return new SkuChoices(choices)
  }

  bufferOf(key: SkuKey): number | null {
    return this.#choices.get(key)?.buffer ?? null
  }

  /** null: the SKU takes part. */
  leftOut(key: SkuKey): LeftOut | null {
    return this.#choices.get(key)?.leftOut ?? null
  }

  /** SKUs for which something was chosen. */
  keys(): IterableIterator<SkuKey> {
    return this.#choices.keys()
  }

  setBuffer(draft: Draft, key: SkuKey, buffer: number | null): void {
    this.#set(draft, key, { ...(this.#choices.get(key) ?? nothingChosen), buffer })
  }

  setLeftOut(draft: Draft, key: SkuKey, leftOut: LeftOut | null): void {
    this.#set(draft, key, { ...(this.#choices.get(key) ?? nothingChosen), leftOut })
  }

  /** A change that the shop made by itself to a SKU that is left out; answers whether it is. */
  pass(draft: Draft, key: SkuKey, delta: number): boolean {
    const leftOut = this.leftOut(key)
    if (leftOut === null) return false
    this.setLeftOut(draft, key, { ...leftOut, difference: leftOut.difference + delta })
    return true
  }

  #set(draft: Draft, key: SkuKey, choice: SkuChoice): void {
    const row = encodeKey(tables.skuChoice, key)
    if (choice.buffer === null && choice.leftOut === null) {
      this.#choices.delete(key)
      draft.put(del(row))
    } else {
      this.#choices.set(key, choice)
      draft.put(put(row, encodeJson(choice)))
    }
    draft.touch(key)
  }
}

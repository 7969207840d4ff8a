/**
 * The SKUs of a node, numbered from 1 in the order in which they came: a hash table of numbers beside one list of keys.
 * A `Map` of half a million keys takes 15 megabytes more.
 */
import type { SkuKey } from './sku.ts'

const none = 0
const first = 16

export class KeyIndex {
  /** By number. */
  readonly #keys: (SkuKey | null)[] = [null]
  readonly #seed: number
  /** Numbers, each at the first free place from its hash on; at most three of four are taken. */
  #slots = new Uint32Array(first)

  /** `seed`: what nobody who makes up keys knows, else he could make them all fall into one place. */
  constructor(seed: number) {
    this.#seed = seed
  }

  get size(): number {
    return this.#keys.length - 1
  }

  get heldBytes(): number {
    return this.#slots.byteLength
  }

  has(key: SkuKey): boolean {
    return this.numberOf(key) !== none
  }

  *keys(): Generator<SkuKey> {
    for (const key of this.#keys) if (key !== null) yield key
  }

  /** 0 where it is not there. */
  numberOf(key: SkuKey): number {
    return this.#slots[this.#placeOf(key)] ?? none
  }

  keyOf(number: number): SkuKey | null {
    return this.#keys[number] ?? null
  }

  /** Its number, also where it was there already. */
  add(key: SkuKey): number {
    const place = this.#placeOf(key)
    const known = this.#slots[place] ?? none
    if (known !== none) return known
    const number = this.#keys.push(key) - 1
    this.#slots[place] = number
    if (number * 4 > this.#slots.length * 3) this.#widen()
    return number
  }

  /** Where the key is, or would come. */
  #placeOf(key: SkuKey): number {
    const last = this.#slots.length - 1
    for (let place = hash(key, this.#seed) & last; ; place = (place + 1) & last) {
      const number = this.#slots[place] ?? none
      if (number === none || this.#keys[number] === key) return place
    }
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (const [number, key] of this.#keys.entries()) if (key !== null) this.#slots[this.#placeOf(key)] = number
  }
}

/** FNV-1a over the units of the text, stirred until each has reached every bit. */
function hash(text: string, seed: number): number {
  let state = seed
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

/**
 * A list of whole numbers from 0 that grows, in one typed array: two, four or eight bytes each, as the largest needs.
 */

type Cells = Uint16Array | Uint32Array | Float64Array

const first = 16
/** A full column grows to so many times its length; a long one by less, since half as much again would lie idle. */
const growth = 1.5
const growthOfLong = 1.125
const long = 2 ** 16

export class Column {
  #cells: Cells = new Uint16Array(first)
  /** The largest number that a cell has room for. */
  #largest = 0xffff
  #length = 0

  constructor(values: readonly number[] = []) {
    for (const value of values) this.push(value)
  }

  get length(): number {
    return this.#length
  }

  get heldBytes(): number {
    return this.#cells.byteLength
  }

  /** 0 outside. */
  at(index: number): number {
    return index < this.#length ? (this.#cells[index] ?? 0) : 0
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) this.#resize(roomFor(this.#length))
    this.#length += 1
    this.set(this.#length - 1, value)
  }

  /** Sets a number that is there, or the next one. */
  set(index: number, value: number): void {
    if (index > this.#length) throw new RangeError(`no cell ${index} of ${this.#length}`)
    if (index === this.#length) return this.push(value)
    if (value > this.#largest) this.#widen(value)
    this.#cells[index] = value
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length)
    if (this.#length > first && this.#length * 4 < this.#cells.length) {
      this.#cells = this.#cells.slice(0, roomFor(this.#length))
    }
  }

  clear(): void {
    this.#length = 0
    this.#cells = new Uint16Array(first)
    this.#largest = 0xffff
  }

  #resize(length: number): void {
    const wider = cellsLike(this.#cells, length)
    wider.set(this.#cells)
    this.#cells = wider
  }

  #widen(value: number): void {
    const { length } = this.#cells
    const isLarge = value > 0xffff_ffff
    const wider = isLarge ? new Float64Array(length) : new Uint32Array(length)
    wider.set(this.#cells)
    this.#cells = wider
    this.#largest = isLarge ? Number.MAX_SAFE_INTEGER : 0xffff_ffff
  }
}

function roomFor(length: number): number {
  return Math.ceil(length * (length < long ? growth : growthOfLong))
}

function cellsLike(cells: Cells, length: number): Cells {
  if (cells instanceof Uint16Array) return new Uint16Array(length)
  return cells instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length)
}

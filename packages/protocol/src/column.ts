/**
 * A list of numbers that grows, in one typed array: four or eight bytes each.
 */

type Cells = Uint32Array | Float64Array

const first = 16
/** A full column grows to so many times its length: less room in vain than doubling leaves. */
const growth = 1.5

export class Column {
  #cells: Cells
  #length = 0

  constructor(kind: 'uint32' | 'float64', values: readonly number[] = []) {
    this.#cells = kind === 'uint32' ? new Uint32Array(first) : new Float64Array(first)
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
    if (this.#length === this.#cells.length) this.#grow()
    this.#cells[this.#length] = value
    this.#length += 1
  }

  /** Sets a number that is there, or the next one. */
  set(index: number, value: number): void {
    if (index === this.#length) this.push(value)
    else if (index < this.#length) this.#cells[index] = value
    else throw new RangeError(`no cell ${index} of ${this.#length}`)
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length)
    if (this.#length > first && this.#length * 4 < this.#cells.length) {
      this.#cells = this.#cells.slice(0, Math.ceil(this.#length * growth))
    }
  }

  clear(): void {
    this.#length = 0
    this.#cells = this.#cells.slice(0, first)
  }

  #grow(): void {
    const length = Math.ceil(this.#cells.length * growth)
    const cells = this.#cells instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length)
    cells.set(this.#cells)
    this.#cells = cells
  }
}

/** Ids in text order, so that a page after a cursor is found without a walk over everything before it. */
export class SortedIds {
  readonly #ids: string[] = []

  get size(): number {
    return this.#ids.length
  }

  add(id: string): void {
    const index = this.#position(id)
    if (this.#ids[index] !== id) this.#ids.splice(index, 0, id)
  }

  remove(id: string): void {
    const index = this.#position(id)
    if (this.#ids[index] === id) this.#ids.splice(index, 1)
  }

  /** Ids greater than the cursor, in order; all of them for null. */
  *after(cursor: string | null): Iterable<string> {
    let index = cursor === null ? 0 : this.#position(cursor)
    if (cursor !== null && this.#ids[index] === cursor) index += 1
    for (; index < this.#ids.length; index += 1) {
      const id = this.#ids[index]
      if (id !== undefined) yield id
    }
  }

  #position(id: string): number {
    let low = 0
    let high = this.#ids.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ids[middle] ?? '') < id) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Many small byte strings in few large pages. An object of its own for each would cost a node with many SKUs more than
 * what is in it. A block that was given back is used again for the next of its size, so a node that lives long does
 * not grow: memory is what was held at most, rounded up.
 *
 * Addresses count units of 8 bytes and are never 0. A block lies in one page: four bytes of length, then the bytes.
 */

const unitBytes = 8
const pageUnits = 2 ** 17
const headerBytes = 4
/** The length at which a page begins. */
const firstUnits = 2 ** 9
/** Blocks of up to so many units have a size of their own; larger ones are rounded up to a power of two. */
const exactUnitsMax = 64
/** A block from here on has a page for itself. */
const sharedUnitsMax = pageUnits / 4

export class Arena {
  readonly #pages: (Uint8Array | null)[] = []
  /** The first free block of each size; each free block begins with the address of the next. */
  readonly #free = new Uint32Array(exactUnitsMax + 1 + Math.log2(sharedUnitsMax / exactUnitsMax))
  readonly #freePages: number[] = []
  /** The page that is being filled, and its next unit. */
  #page = -1
  #next = pageUnits
  #usedBytes = 0

  /** Bytes of the pages. */
  get heldBytes(): number {
    return this.#pages.reduce((sum, page) => sum + (page?.length ?? 0), 0)
  }

  /** Bytes in blocks that were not given back. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Copies the bytes into a block and answers its address. */
  keep(bytes: Uint8Array): number {
    const units = Math.ceil((headerBytes + bytes.length) / unitBytes)
    const address = units > sharedUnitsMax ? this.#takePage(units) : this.#take(units)
    const page = this.#pageOf(address)
    const at = offsetOf(address)
    writeUint32(page, at, bytes.length)
    page.set(bytes, at + headerBytes)
    this.#usedBytes += bytes.length
    return address
  }

  /** The bytes of a block: a view that is good until the next `keep` or `drop`. */
  view(address: number): Uint8Array {
    const page = this.#pageOf(address)
    const at = offsetOf(address) + headerBytes
    return page.subarray(at, at + readUint32(page, at - headerBytes))
  }

  /** Gives a block back; its address means nothing any more. */
  drop(address: number): void {
    const page = this.#pageOf(address)
    const length = readUint32(page, offsetOf(address))
    const units = Math.ceil((headerBytes + length) / unitBytes)
    this.#usedBytes -= length
    if (units > sharedUnitsMax) {
      const index = pageIndex(address)
      this.#pages[index] = null
      this.#freePages.push(index)
    } else this.#release(address, sizeClass(units))
  }

  #take(units: number): number {
    const size = sizeClass(units)
    const free = this.#free[size] ?? 0
    if (free !== 0) {
      this.#free[size] = readUint32(this.#pageOf(free), offsetOf(free))
      return free
    }
    const room = unitsOf(size)
    if (this.#next + room > pageUnits) this.#openPage()
    const address = this.#page * pageUnits + this.#next
    this.#next += room
    this.#widen(this.#next)
    return address
  }

  /** What is left of the old page becomes free blocks. */
  #openPage(): void {
    this.#widen(pageUnits)
    while (this.#next < pageUnits) {
      const units = Math.min(exactUnitsMax, pageUnits - this.#next)
      this.#release(this.#page * pageUnits + this.#next, units)
      this.#next += units
    }
    this.#page = this.#addPage(firstUnits)
    // No block has address 0.
    this.#next = this.#page === 0 ? 1 : 0
  }

  /** A page is as long as what is in it needs: a node with few SKUs does not pay for a million. */
  #widen(units: number): void {
    const page = this.#pages[this.#page]
    if (page == null || page.length >= units * unitBytes) return
    const wider = new Uint8Array(Math.min(pageUnits, Math.max(units, 2 * (page.length / unitBytes))) * unitBytes)
    wider.set(page)
    this.#pages[this.#page] = wider
  }

  #takePage(units: number): number {
    // The first page is a shared one, so that no block has address 0.
    if (this.#pages.length === 0) this.#openPage()
    return this.#addPage(units) * pageUnits
  }

  #addPage(units: number): number {
    const index = this.#freePages.pop() ?? this.#pages.length
    this.#pages[index] = new Uint8Array(units * unitBytes)
    return index
  }

  #release(address: number, size: number): void {
    writeUint32(this.#pageOf(address), offsetOf(address), this.#free[size] ?? 0)
    this.#free[size] = address
  }

  #pageOf(address: number): Uint8Array {
    const page = this.#pages[pageIndex(address)]
    if (page == null) throw new RangeError(`no block at ${address}`)
    return page
  }
}

function pageIndex(address: number): number {
  return Math.floor(address / pageUnits)
}

function offsetOf(address: number): number {
  return (address % pageUnits) * unitBytes
}

function sizeClass(units: number): number {
  return units <= exactUnitsMax ? units : exactUnitsMax + Math.ceil(Math.log2(units / exactUnitsMax))
}

function unitsOf(size: number): number {
  return size <= exactUnitsMax ? size : exactUnitsMax * 2 ** (size - exactUnitsMax)
}

function readUint32(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0]
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/**
 * A disk and what `level` makes of it: batches are atomic, take time, and are on the disk some time before the process
 * hears of it. A kill loses what was not there yet; a full disk refuses, and nobody knows whether the batch is there.
 */
import { crc32 } from 'node:zlib'
import { Database } from '../../packages/node/src/storage/database.ts'
import type { Operation, Range, StorageError } from '../../packages/node/src/storage/storage.ts'
import type { SeededRandom } from '../protocol/random.ts'
import type { Life } from './life.ts'
import type { VirtualTime } from './virtual-time.ts'

export class SimDisk {
  readonly rows = new Map<string, Uint8Array>()
  full = false
  /** A flush takes up to so long, in milliseconds. */
  flushMsMax = 6
  /** Called when a process hears that its batch is there; no other batch is then under way. */
  onFlushed: () => void = () => undefined
  /** The keys in order. */
  #sorted: string[] = []
  #version = 0

  copy(): SimDisk {
    const copy = new SimDisk()
    copy.restore(this)
    return copy
  }

  restore(from: SimDisk): void {
    this.rows.clear()
    for (const [key, value] of from.rows) this.rows.set(key, value)
    this.#sorted = [...from.#sorted]
    this.#version += 1
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version
  }

  apply(operations: readonly Operation[]): void {
    for (const operation of operations) {
      const key = textOf(operation.key)
      if (operation.type === 'put') {
        if (!this.rows.has(key)) this.#sorted.splice(indexOf(this.#sorted, key), 0, key)
        this.rows.set(key, operation.value)
      } else if (this.rows.delete(key)) this.#sorted.splice(indexOf(this.#sorted, key), 1)
    }
    this.#version += 1
  }

  scan({ gte, lt, reverse, limit }: Range): [Uint8Array, Uint8Array][] {
    const [from, to] = [indexOf(this.#sorted, textOf(gte)), indexOf(this.#sorted, textOf(lt))]
    const count = Math.min(limit ?? to, Math.max(0, to - from))
    const keys =
      reverse === true ? this.#sorted.slice(to - count, to).reverse() : this.#sorted.slice(from, from + count)
    return keys.map((key) => [bytesOf(key), this.rows.get(key) as Uint8Array])
  }
}

/** An operation as the node's database writes it: a value ends in its CRC-32. */
export function seal(operation: Operation): Operation {
  if (operation.type === 'del') return operation
  const { key, value } = operation
  const sealed = new Uint8Array(value.length + 4)
  sealed.set(value)
  new DataView(sealed.buffer).setUint32(value.length, crc32(value))
  return { type: 'put', key, value: sealed }
}

/** The node's own database class over a simulated disk. */
export function openSimDatabase(
  disk: SimDisk,
  life: Life,
  time: VirtualTime,
  random: SeededRandom,
  onFailed: (error: StorageError) => void = () => undefined,
): Database {
  const write = (operations: readonly Operation[]): Promise<void> => {
    const ms = random.next() * disk.flushMsMax
    const there = ms * random.next()
    return new Promise((resolve, reject) => {
      time.after(there, () => {
        if (!life.alive) return
        const { full } = disk
        if (!full || random.chance(0.3)) disk.apply(operations)
        life.after(ms - there, () => {
          if (full) return reject(new Error('ENOSPC: no space left on device'))
          disk.onFlushed()
          resolve()
        })
      })
    })
  }
  const level = {
    get: (key: Uint8Array) => inLife(life, () => disk.rows.get(textOf(key))),
    iterator(range: Range) {
      // As the rows stood when the scan began.
      const rows = disk.scan(range)
      return { nextv: (count: number) => inLife(life, () => rows.splice(0, count)), close: () => Promise.resolve() }
    },
    batch() {
      const operations: Operation[] = []
      return {
        // What is given is copied at once, as `level` does.
        put: (key: Uint8Array, value: Uint8Array) =>
          void operations.push({ type: 'put', key: key.slice(), value: value.slice() }),
        del: (key: Uint8Array) => void operations.push({ type: 'del', key: key.slice() }),
        write: () => write(operations),
      }
    },
    close: () => Promise.resolve(),
  }
  return new Database(level as unknown as ConstructorParameters<typeof Database>[0], 'sim', onFailed)
}

function inLife<T>(life: Life, read: () => T): Promise<T> {
  return new Promise((resolve) => life.do(() => resolve(read())))
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

function indexOf(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

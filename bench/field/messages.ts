/**
 * A pair of copies that are documents in memory: after each step of changes one message goes to the other copy, and
 * after parting each asks the other for what it lacks. Yjs, Automerge and Loro differ only in what a `Copy` does.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, Contender, Pair, Side } from './pair.ts'

export interface Copy {
  change(changes: readonly Change[]): void
  /** What the last change was, for a copy that has all before it. */
  news(): Uint8Array
  take(news: Uint8Array): void
  read(sku: string): number
  save(): Uint8Array
}

/** How copies of one kind are made. */
export interface Kind {
  readonly name: string
  readonly about: string
  readonly create: (side: Side, saved: Uint8Array | null) => Copy
  /** Brings two copies in step that were apart; answers the bytes that it took. */
  readonly sync: (one: Copy, other: Copy) => number
}

export function contenderOf({ name, about, create, sync }: Kind): Contender {
  return {
    name,
    about,
    open: (folder, copies) => {
      const file = (side: Side): string => join(folder, `${name}-${side}`)
      const open = (side: Side): Copy =>
        create(side, existsSync(file(side)) ? new Uint8Array(readFileSync(file(side))) : null)
      const sides = copies === 1 ? [open(0)] : [open(0), open(1)]
      return Promise.resolve(new MessagePair(sides, sync, file))
    },
  }
}

class MessagePair implements Pair {
  readonly #copies: readonly Copy[]
  readonly #sync: Kind['sync']
  readonly #file: (side: Side) => string
  #apart = false
  #bytes = 0

  constructor(copies: readonly Copy[], sync: Kind['sync'], file: (side: Side) => string) {
    this.#copies = copies
    this.#sync = sync
    this.#file = file
  }

  get bytes(): number {
    return this.#bytes
  }

  change(side: Side, changes: readonly Change[]): void {
    const copy = this.#copy(side)
    copy.change(changes)
    const other = this.#copies[1 - side]
    if (other === undefined || this.#apart) return
    const news = copy.news()
    this.#bytes += news.length
    other.take(news)
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  part(): void {
    this.#apart = true
  }

  meet(): void {
    this.#apart = false
    this.#bytes += this.#sync(this.#copy(0), this.#copy(1))
  }

  read(side: Side, sku: string): number {
    return this.#copy(side).read(sku)
  }

  close(): Promise<void> {
    for (const [side, copy] of this.#copies.entries()) writeFileSync(this.#file(side as Side), copy.save())
    return Promise.resolve()
  }

  #copy(side: Side): Copy {
    const copy = this.#copies[side]
    if (copy === undefined) throw new Error('There is one copy only.')
    return copy
  }
}

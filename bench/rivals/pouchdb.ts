/**
 * A document for each SKU in PouchDB over LevelDB, replicated as PouchDB does. It overwrites instead of counting: of
 * two changes at once one wins and the other is kept as a conflict. Its writes are not flushed.
 */
import { join } from 'node:path'
import leveldb from 'pouchdb-adapter-leveldb'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import type { Change, Contender, Pair, Side } from '../field/pair.ts'

PouchDB.plugin(leveldb).plugin(replication)

interface Row {
  readonly rev: string
  readonly stock: number
}

class PouchPair implements Pair {
  readonly bytes = null
  readonly #copies: readonly PouchDB.Database<{ stock: number }>[]
  /** What each copy wrote last: a writer must name the revision that it replaces. */
  readonly #rows: readonly Map<string, Row>[]
  #writing: Promise<void> = Promise.resolve()
  #apart = false

  constructor(copies: readonly PouchDB.Database<{ stock: number }>[]) {
    this.#copies = copies
    this.#rows = copies.map(() => new Map<string, Row>())
  }

  /** One after the other: two writes under way would name the same revision. */
  change(side: Side, changes: readonly Change[]): Promise<void> {
    this.#writing = this.#writing.then(() => this.#change(side, changes))
    return this.#writing
  }

  async #change(side: Side, changes: readonly Change[]): Promise<void> {
    const copy = this.#copies[side]!
    const rows = this.#rows[side]!
    const sums = new Map<string, number>()
    for (const { sku, delta } of changes) sums.set(sku, (sums.get(sku) ?? 0) + delta)
    const unknown = [...sums.keys()].filter((sku) => !rows.has(sku))
    const { rows: found } = await copy.allDocs({ keys: unknown, include_docs: true })
    for (const row of found) {
      if ('doc' in row && row.doc) rows.set(row.id, { rev: row.doc._rev, stock: row.doc.stock })
    }
    const documents = [...sums].map(([sku, delta]) => {
      const held = rows.get(sku)
      return { _id: sku, stock: (held?.stock ?? 0) + delta, ...(held === undefined ? {} : { _rev: held.rev }) }
    })
    const written = await copy.bulkDocs(documents)
    for (const [index, answer] of written.entries()) {
      if (!('rev' in answer) || answer.rev === undefined) throw new Error(`not written: ${JSON.stringify(answer)}`)
      const document = documents[index]!
      rows.set(document._id, { rev: answer.rev, stock: document.stock })
    }
  }

  async settle(): Promise<void> {
    const [one, other] = this.#copies
    if (one === undefined || other === undefined || this.#apart) return
    await PouchDB.replicate(one, other, { batch_size: 1_000 })
    await PouchDB.replicate(other, one, { batch_size: 1_000 })
  }

  part(): void {
    this.#apart = true
  }

  meet(): void {
    this.#apart = false
  }

  async read(side: Side, sku: string): Promise<number> {
    const { stock } = await this.#copies[side]!.get(sku)
    return stock
  }

  async close(): Promise<void> {
    for (const copy of this.#copies) await copy.close()
  }
}

export const pouchdb: Contender = {
  name: 'pouchdb',
  about: 'PouchDB over LevelDB, unflushed: a document for each SKU; it overwrites, and keeps the loser as a conflict',
  open: (folder, copies) => {
    const sides = copies === 1 ? [0] : [0, 1]
    const open = (side: number) =>
      new PouchDB<{ stock: number }>(join(folder, `pouchdb-${side}`), { adapter: 'leveldb' })
    return Promise.resolve(new PouchPair(sides.map(open)))
  },
}

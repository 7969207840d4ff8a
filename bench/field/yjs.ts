/**
 * A number for each SKU in a flat Y.Map: what a node that is built on Yjs alone would do. It overwrites instead of
 * counting, so of two changes at once one is lost.
 */
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import type { Change } from './pair.ts'
import { contenderOf, type Copy } from './messages.ts'

const remote = Symbol('remote')

class YjsCopy implements Copy {
  readonly document = new Doc()
  readonly #stock = this.document.getMap<number>('stock')
  #news: Uint8Array = new Uint8Array()

  constructor(saved: Uint8Array | null) {
    if (saved !== null) applyUpdate(this.document, saved, remote)
    this.document.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== remote) this.#news = update
    })
  }

  change(changes: readonly Change[]): void {
    this.document.transact(() => {
      for (const { sku, delta } of changes) this.#stock.set(sku, (this.#stock.get(sku) ?? 0) + delta)
    })
  }

  news(): Uint8Array {
    return this.#news
  }

  take(news: Uint8Array): void {
    applyUpdate(this.document, news, remote)
  }

  read(sku: string): number {
    return this.#stock.get(sku) ?? 0
  }

  save(): Uint8Array {
    return encodeStateAsUpdate(this.document)
  }
}

export const yjs = contenderOf({
  name: 'yjs',
  about: 'Yjs: a number for each SKU in a flat Y.Map, in memory; it overwrites, so of two changes at once one is lost',
  create: (_side, saved) => new YjsCopy(saved),
  sync: (one, other) => {
    const pull = (from: Copy, to: Copy): number => {
      const vector = encodeStateVector((to as YjsCopy).document)
      const update = encodeStateAsUpdate((from as YjsCopy).document, vector)
      to.take(update)
      return vector.length + update.length
    }
    return pull(one, other) + pull(other, one)
  },
})

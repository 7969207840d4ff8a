/**
 * A counter for each SKU in a Loro document.
 */
import { LoroDoc, type VersionVector } from 'loro-crdt'
import { contenderOf, type Copy } from '../field/messages.ts'
import type { Change } from '../field/pair.ts'

class LoroCopy implements Copy {
  readonly document: LoroDoc
  #before: VersionVector

  constructor(saved: Uint8Array | null) {
    this.document = new LoroDoc()
    if (saved !== null) this.document.import(saved)
    this.#before = this.document.version()
  }

  change(changes: readonly Change[]): void {
    this.#before = this.document.version()
    for (const { sku, delta } of changes) {
      const counter = this.document.getCounter(sku)
      if (delta < 0) counter.decrement(-delta)
      else counter.increment(delta)
    }
    this.document.commit()
  }

  news(): Uint8Array {
    return this.document.export({ mode: 'update', from: this.#before })
  }

  take(news: Uint8Array): void {
    this.document.import(news)
  }

  read(sku: string): number {
    return this.document.getCounter(sku).value
  }

  save(): Uint8Array {
    return this.document.export({ mode: 'snapshot' })
  }
}

export const loro = contenderOf({
  name: 'loro',
  about: 'Loro: a counter for each SKU, in memory',
  create: (_side, saved) => new LoroCopy(saved),
  sync: (one, other) => {
    const pull = (from: LoroCopy, to: LoroCopy): number => {
      const version = to.document.version()
      const update = from.document.export({ mode: 'update', from: version })
      to.take(update)
      return version.encode().length + update.length
    }
    return pull(one as LoroCopy, other as LoroCopy) + pull(other as LoroCopy, one as LoroCopy)
  },
})

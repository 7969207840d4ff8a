/**
 * A counter for each SKU in an Automerge document.
 */
import * as Automerge from '@automerge/automerge'
import { contenderOf, type Copy } from '../field/messages.ts'
import type { Change } from '../field/pair.ts'

interface Stock {
  stock: Record<string, Automerge.Counter>
}

class AutomergeCopy implements Copy {
  document: Automerge.Doc<Stock>

  constructor(document: Automerge.Doc<Stock>) {
    this.document = document
  }

  change(changes: readonly Change[]): void {
    this.document = Automerge.change(this.document, ({ stock }) => {
      for (const { sku, delta } of changes) {
        const counter = stock[sku]
        if (counter === undefined) stock[sku] = new Automerge.Counter(delta)
        else counter.increment(delta)
      }
    })
  }

  news(): Uint8Array {
    const change = Automerge.getLastLocalChange(this.document)
    if (change === undefined) throw new Error('Nothing was changed.')
    return change
  }

  take(news: Uint8Array): void {
    ;[this.document] = Automerge.applyChanges(this.document, [news])
  }

  read(sku: string): number {
    return this.document.stock[sku]?.value ?? 0
  }

  save(): Uint8Array {
    return Automerge.save(this.document)
  }
}

/** Both begin with the same empty map, or their maps would be two. */
const empty = Automerge.save(Automerge.from<{ stock: Record<string, Automerge.Counter> }>({ stock: {} }))

export const automerge = contenderOf({
  name: 'automerge',
  about: 'Automerge: a counter for each SKU, in memory',
  create: (_side, saved) => new AutomergeCopy(Automerge.load<Stock>(saved ?? empty)),
  sync: (one, other) => {
    const copies = [one as AutomergeCopy, other as AutomergeCopy] as const
    const states = [Automerge.initSyncState(), Automerge.initSyncState()]
    let bytes = 0
    for (let quiet = 0; quiet < 2; ) {
      quiet = 0
      for (const [from, to] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const [state, message] = Automerge.generateSyncMessage(copies[from].document, states[from]!)
        states[from] = state
        if (message === null) {
          quiet += 1
          continue
        }
        bytes += message.length
        const [document, heard] = Automerge.receiveSyncMessage(copies[to].document, states[to]!, message)
        copies[to].document = document
        states[to] = heard
      }
    }
    return bytes
  },
})

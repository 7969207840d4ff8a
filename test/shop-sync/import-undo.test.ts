/** Taking back an import, as a loop that may be asked again before the shop has come to rest. */
import { shopIdOfKey } from '@stockmesh/protocol'
import { expect, it } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { Book } from '../../packages/node/src/shop-sync/book.ts'
import { ImportNotes } from '../../packages/node/src/shop-sync/import-notes.ts'
import { ImportStore } from '../../packages/node/src/shop-sync/import-state.ts'
import { ImportUndo } from '../../packages/node/src/shop-sync/import-undo.ts'
import { ShopWork } from '../../packages/node/src/shop-sync/shop-work.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { anySeal } from '../harness/claim-seal.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))

it('an import is taken back again where the shop took part once more before it rested', async () => {
  const disk = new MemoryStorage()
  const time = new ManualTime()
  const ledger = await Ledger.open(disk, time, systemRandom, self, anySeal)
  const book = await Book.open(disk, ledger.holdings)
  const store = await ImportStore.open(disk)
  const notes = await ImportNotes.open(disk, () => store.record.notes, true)
  const ends: (() => void)[] = []
  const onDone = (): void => ends.shift()?.()
  const undo = new ImportUndo({ ledger, book, store, notes, self, clock: time, timers: time, onDone })
  await using work = new ShopWork([undo], (error) => {
    throw error
  })
  work.start()
  for (const round of ['first', 'second']) {
    const ended = new Promise<void>((resolve) => ends.push(resolve))
    await ledger.commit((draft) => undo.begin(draft, 0))
    undo.wake()
    await ended
    expect(store.record.undo, round).toEqual({ state: 'done', total: 0 })
  }
})

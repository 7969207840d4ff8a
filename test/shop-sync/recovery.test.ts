/**
 * A node that came out of a backup, with the time in hand: it waits for a member, and goes on alone after a minute.
 */
import { limits, type ShopId, shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { Book } from '../../packages/node/src/shop-sync/book.ts'
import { Recovery } from '../../packages/node/src/shop-sync/recovery.ts'
import { markRestored, readRestoredMark } from '../../packages/node/src/storage/restored-mark.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const other = shopIdOfKey(new Uint8Array(32).fill(2))
const mark = { backupAt: 1_600_000_000_000, restoredAt: 1_700_000_000_000, shop: false }

async function openRestored(disk: MemoryStorage, time = new ManualTime()) {
  const ledger = await Ledger.open(disk, time, systemRandom, self, anySeal)
  const book = await Book.open(disk, ledger.holdings)
  const known = { heard: [] as ShopId[], held: false, isSent: false }
  const witnesses = {
    others: () => 1,
    heard: () => known.heard,
    holdsAllOf: () => known.held,
    holdsAllSentBy: () => known.held || known.isSent,
  }
  const told = { reading: false, over: false, decided: 0 }
  const onOver = (): void => void (told.decided += 1)
  const recovery = await Recovery.open({
    storage: disk,
    ledger,
    book,
    self,
    clock: time,
    timers: time,
    witnesses,
    rules: { buffer: 0, floor: 0, ceilingOf: () => null },
    onOver,
  })
  const signal = new AbortController().signal
  void recovery.untilReading(signal).then(() => (told.reading = true))
  void recovery.untilOver(signal).then(() => (told.over = true))
  return { ledger, book, recovery, known, told, time }
}

async function restoredDisk(): Promise<MemoryStorage> {
  const disk = new MemoryStorage()
  await disk.write([markRestored(mark)])
  return disk
}

test('it reads when a member has told its claims, and ends when it has read the feed and holds what that member claims', async () => {
  const disk = await restoredDisk()
  const { ledger, book, recovery, known, told, time } = await openRestored(disk)
  await ledger.commit((draft) => book.openIntent(draft, { opId: 'a', stockId: '1', key: 'kop' as SkuKey, delta: -3 }))
  await time.advance(limits.recoveryAloneMsMax - 1_000)
  expect(told).toEqual({ reading: false, over: false, decided: 0 })
  known.heard = [other]
  await time.advance(1_000)
  expect(told).toMatchObject({ reading: true, over: false })
  recovery.follow()
  await time.advance(limits.recoveryAloneMsMax * 2)
  expect(told.over).toBe(false)
  expect(await readRestoredMark(disk)).toEqual(mark)
  known.held = true
  await time.advance(1_000)
  expect(told).toEqual({ reading: true, over: true, decided: 1 })
  expect(recovery.alone).toBe(null)
  expect(await readRestoredMark(disk)).toBe(null)
  // The feed did not tell of it, so it was never made.
  expect(book.intents.size).toBe(0)
  expect(time.pending).toBe(0)
})

test('its rows are compared once all is here that others can send: what it did itself it reads after that', async () => {
  const { recovery, known, told, time } = await openRestored(await restoredDisk())
  let isListable = false
  void recovery.untilListable(new AbortController().signal).then(() => (isListable = true))
  known.heard = [other]
  await time.advance(2_000)
  expect(isListable).toBe(false)
  known.isSent = true
  await time.advance(1_000)
  recovery.follow()
  await time.advance(1_000)
  expect({ isListable, over: told.over }).toEqual({ isListable: true, over: false })
  known.held = true
  await time.advance(1_000)
  expect(told.over).toBe(true)
})

test('after a minute alone it goes on and says so, until a member has told what it knows', async () => {
  const disk = await restoredDisk()
  const { recovery, told, time } = await openRestored(disk)
  await time.advance(limits.recoveryAloneMsMax + 1_000)
  expect(told).toMatchObject({ reading: true, over: false })
  recovery.follow()
  await time.advance(1_000)
  expect(told).toMatchObject({ over: true, decided: 1 })
  expect(recovery.alone).toMatchObject({ backupAt: mark.backupAt })
  await recovery[Symbol.asyncDispose]()

  const again = await openRestored(disk)
  expect(again.told).toMatchObject({ over: false })
  expect(again.recovery.isOpen).toBe(false)
  expect(again.recovery.alone).toEqual(recovery.alone)
  again.known.heard = [other]
  await again.time.advance(1_000)
  expect(again.recovery.alone).toEqual(recovery.alone)
  again.known.held = true
  await again.time.advance(1_000)
  expect(again.recovery.alone).toBe(null)
  expect((await openRestored(disk)).recovery.alone).toBe(null)
})

test('one that is interrupted begins anew, and a shop that was put back with it is attached anew once', async () => {
  const disk = new MemoryStorage()
  await disk.write([markRestored({ ...mark, shop: true })])
  const first = await openRestored(disk)
  expect(first.recovery.isShopRestored).toBe(true)
  await first.ledger.commit((draft) => first.recovery.attach(draft))
  expect(first.recovery.isShopRestored).toBe(false)
  await first.recovery[Symbol.asyncDispose]()
  const second = await openRestored(disk)
  expect(second.recovery).toMatchObject({ isOpen: true, isShopRestored: false })
})

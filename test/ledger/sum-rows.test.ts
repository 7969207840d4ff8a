/**
 * Claims on disk: whatever was committed, and wherever the sum's base was written, a start finds the sum over exactly the
 * records that are held; what it cannot find it does not claim.
 */
import {
  claimOf,
  digestOf,
  emptySum,
  encodeRecord,
  encodeRid,
  type Rid,
  ridOf,
  shopIdOfKey,
  type SkuKey,
  type StockRecord,
  sumOf,
} from '@stockmesh/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { claimRow } from '../../packages/node/src/ledger/rows.ts'
import { readSummedClaims } from '../../packages/node/src/ledger/sum-rows.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { del, type Operation } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { anySeal } from '../harness/claim-seal.ts'
import { MemoryStorage } from '../http/memory-storage.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const feed = ridOf(self, new Uint8Array(8).fill(3))
const other = ridOf(shopIdOfKey(new Uint8Array(32).fill(2)), new Uint8Array(8).fill(9))
const { hashes } = anySeal

/** A node's disk, and the records of another shop as they grow. */
class Disk {
  storage = new MemoryStorage()
  ledger!: Ledger
  readonly #records: StockRecord[] = []
  #sold = 0

  async open(): Promise<void> {
    this.ledger = await Ledger.open(this.storage, systemClock, systemRandom, self, anySeal)
  }

  /** Operations of each write, by table. */
  rowsIn(table: number): Promise<Uint8Array[]> {
    return keysIn(this.storage, table)
  }

  sell(skus: readonly number[]): Promise<void> {
    return this.ledger.commit((draft) => {
      const rows = skus.map((sku) => {
        this.#sold += 1
        return { key: skuAt(sku), seq: this.#sold, at: 1, delta: -1, cause: 'sale', reference: null } as const
      })
      draft.fold(feed, rows)
    })
  }

  async receive(skus: readonly number[], fresh: boolean): Promise<void> {
    const before = this.#records.length
    for (const sku of skus) {
      const seq = this.#records.length + 1
      this.#records.push({ kind: 'totals', seq, key: skuAt(sku), added: seq, removed: 0 })
    }
    await this.#take(fresh, fresh ? 0 : before, null)
  }

  /** All of the other shop's records come again. */
  async heal(): Promise<void> {
    await this.#take(true, 0, [])
  }

  async #take(fresh: boolean, after: number, damaged: readonly Uint8Array[] | null): Promise<void> {
    const newest = new Map(this.#records.map((record) => [record.key, record]))
    const all = [...newest.values()].sort((a, b) => a.seq - b.seq).map(received)
    const records = all.filter(({ record }) => record.seq > after)
    const claim = { high: this.#records.length, digest: digestOf(hashes, all), signature }
    const answer = await this.ledger.commit((draft) => {
      return draft.receive({ rid: other, records, claim, fresh, history: null, damaged })
    })
    expect(answer.ok).toBe(true)
  }
}

const signature = new Uint8Array(64).fill(3)

function skuAt(index: number): SkuKey {
  return `vare-${index}` as SkuKey
}

function received(record: StockRecord) {
  return { record, bytes: encodeRecord(record) }
}

async function keysIn(storage: MemoryStorage, table: number, rid?: Rid): Promise<Uint8Array[]> {
  const keys: Uint8Array[] = []
  const range = rid === undefined ? prefixRange(table) : prefixRange(table, encodeRid(rid))
  await storage.walk(range, ([key]) => void keys.push(key.slice()))
  return keys
}

/** What is in memory, what a start finds, and what an audit finds are the sums over the records. */
async function check(disk: Disk): Promise<void> {
  const ignore = (): void => undefined
  const audited = await readSummedClaims(disk.storage, hashes, { malformed: ignore, damaged: ignore })
  const again = await Ledger.open(disk.storage, systemClock, systemRandom, self, anySeal)
  expect(again.suspects.size).toBe(0)
  for (const { holdings } of [disk.ledger, again]) {
    for (const rid of holdings.replicas.keys()) {
      const sum = sumOf(hashes, holdings.above(rid, 0))
      expect(holdings.sum(rid)).toEqual(sum)
      expect(audited.get(rid)).toMatchObject({ high: holdings.summed(rid).high, sum })
    }
  }
}

const aCommit = fc.record({
  what: fc.constantFrom('sell', 'sell', 'receive', 'fresh', 'start'),
  skus: fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
})

test('the sum is the one over the records, whatever was committed and wherever a start came between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCommit, { maxLength: 40 }), async (commits) => {
      const disk = new Disk()
      await disk.open()
      for (const { what, skus } of commits) {
        if (what === 'sell') await disk.sell(skus)
        else if (what === 'start') await disk.open()
        else await disk.receive(skus, what === 'fresh')
      }
      await check(disk)
    }),
    { numRuns: 60 },
  )
})

test('what lies beside a base has an end, and goes with the next one', async () => {
  const disk = new Disk()
  await disk.open()
  const skus = Array.from({ length: 600 }, (_, index) => index)
  await disk.sell(skus)
  let most = 0
  for (const sku of [...skus, ...skus]) {
    await disk.sell([sku])
    most = Math.max(most, (await disk.rowsIn(tables.replacedRecord)).length)
  }
  expect(most).toBe(256)
  await check(disk)
  // Many at once are more to write than the sum.
  await disk.sell(skus)
  expect(await disk.rowsIn(tables.replacedRecord)).toEqual([])
  await check(disk)
})

test('a small commit writes less than a sum', async () => {
  const disk = new Disk()
  await disk.open()
  await disk.sell([1, 2, 3])
  const written: (readonly Operation[])[] = []
  const { storage } = disk
  const write = storage.write.bind(storage)
  storage.write = (operations) => {
    written.push(operations)
    return write(operations)
  }
  for (const sku of [1, 2, 3, 1]) await disk.sell([sku])
  const bytes = written.map((all) => {
    return all.reduce((sum, one) => sum + one.key.length + (one.type === 'put' ? one.value.length : 0), 0)
  })
  expect(written).toHaveLength(4)
  expect(Math.max(...bytes)).toBeLessThan(emptySum(hashes).length / 3)
  await check(disk)
})

test.each([
  ['a base', tables.sum, 0],
  ['a record beside it', tables.replacedRecord, 1],
  ['a record above it', tables.record, 0],
  ['a record in it', tables.record, 2],
] as const)('without %s nothing is claimed of the replica, until all of it came again', async (_, table, index) => {
  const disk = new Disk()
  await disk.open()
  await disk.receive([1, 2, 3], false)
  await disk.receive([1, 2], false)
  const key = (await keysIn(disk.storage, table, other))[index]
  if (key === undefined) throw new Error('there is no such row')
  await disk.storage.write([del(key)])
  await disk.open()
  expect([...disk.ledger.suspects.keys()]).toEqual([other])
  expect(disk.ledger.claims().has(other)).toBe(false)
  await disk.heal()
  expect(disk.ledger.suspects.size).toBe(0)
  await check(disk)
})

test('a claim of an earlier release has its sum in it', async () => {
  const disk = new Disk()
  await disk.open()
  await disk.sell([1, 2, 3])
  const { high, sum } = disk.ledger.holdings.summed(feed)
  const [base] = await keysIn(disk.storage, tables.sum, feed)
  const row = claimRow({ rid: feed, high, signature: null, records: 3, sum, replaced: 0 })
  await disk.storage.write([row, ...(base === undefined ? [] : [del(base)])])
  await disk.open()
  expect(claimOf(disk.ledger.holdings, feed).high).toBe(3)
  await check(disk)
  await disk.sell([1])
  await disk.sell([2])
  await check(disk)
})

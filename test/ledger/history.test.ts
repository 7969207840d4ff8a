/** Movements on disk: numbered, carried when they are kept no longer, and read back as one explanation of a number. */
import {
  claimOf,
  encodeHistoryRow,
  encodeRid,
  limits,
  noHistory,
  recordsOf,
  type Rid,
  ridOf,
  shopIdOfKey,
  shopOfRid,
  type SkuKey,
} from '@stockmesh/protocol'
import { beforeEach, expect, test } from 'vitest'
import { checkHistories } from '../../packages/node/src/ledger/history-check.ts'
import { movementKey } from '../../packages/node/src/ledger/history-rows.ts'
import { HistorySweep } from '../../packages/node/src/ledger/history-sweep.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { eventLine } from '../../packages/node/src/ledger/log-line.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { encodeJson } from '../../packages/node/src/storage/json.ts'
import { encodeKey, prefixRange } from '../../packages/node/src/storage/key.ts'
import { del, put } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { LogReader } from '../../packages/node/src/views/log-reader.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { anySeal } from '../harness/claim-seal.ts'

const key = 'kop-2' as SkuKey
const hour = 3_600_000
const day = 24 * hour
const self = shopIdOfKey(new Uint8Array(32).fill(1))
const feed = ridOf(self, new Uint8Array(8).fill(1))

let storage: MemoryStorage
let now: number
const clock = { now: () => now }
const timers = { after: () => () => undefined }

async function openLedger(at = storage): Promise<Ledger> {
  return await Ledger.open(at, clock, systemRandom, self, anySeal)
}

async function sell(ledger: Ledger, seq: number, at: number, sku = key, quantity = 1): Promise<void> {
  const change = { key: sku, seq, at, delta: -quantity, cause: 'sale', reference: `${seq}` } as const
  await ledger.commit((draft) => draft.fold(feed, [change]))
}

/** Takes the other node's records, and then its movements from a number on, as they lie on its disk. */
async function fetch(from: Ledger, to: Ledger, source: MemoryStorage, rid: Rid = feed): Promise<void> {
  const claim = claimOf(from.holdings, rid)
  const records = [...from.holdings.above(rid, 0)]
  await to.commit((draft) => draft.receive({ rid, records, claim, fresh: true, history: null }))
  const { first, through, complete } = from.histories.get(rid) ?? noHistory
  const rows: Uint8Array[] = []
  for (let n = first; n <= through; n += 1) rows.push((await source.get(movementKey(rid, n))) ?? new Uint8Array())
  const taken = await to.commit((draft) => draft.receiveHistory(rid, { first, rows, complete, floor: first }))
  expect(taken.ok).toBe(true)
}

async function faults(ledger: Ledger, at = storage): Promise<string[]> {
  const found: string[] = []
  for await (const { message } of checkHistories(at, ledger.holdings, ledger.histories)) found.push(message)
  return found
}

async function told(ledger: Ledger, at = storage): Promise<string[]> {
  const { items, total } = await new LogReader({ storage: at, ledger }).movements(key, { after: null, limit: 1_000 })
  expect(total).toBe(items.length)
  return items.map(({ cause, delta, reference }) => `${cause} ${delta} ${reference ?? ''}`.trim())
}

beforeEach(() => {
  storage = new MemoryStorage()
  now = 1_000 * day
})

test('movements have numbers without gaps, over restarts and in any number of one commit', async () => {
  const ledger = await openLedger()
  const many = Array.from({ length: 100 }, (_, index) => {
    return { key, seq: 3 * index + 1, at: now, delta: -1, cause: 'sale', reference: null } as const
  })
  await ledger.commit((draft) => draft.fold(feed, many))
  const again = await openLedger()
  expect(again.histories.get(feed)).toEqual({ first: 1, through: 100, seq: 298, complete: 298, adopted: 1 })
  await sell(again, 300, now)
  expect(again.histories.get(feed)).toMatchObject({ through: 101, complete: 300 })
  expect(await told(again)).toHaveLength(101)
  expect(await faults(again)).toEqual([])
})

test('the newest movements of this shop are at hand after a restart, and no more than a few', async () => {
  const ledger = await openLedger()
  for (let seq = 1; seq <= 40; seq += 1) await sell(ledger, seq, now)
  const again = await openLedger()
  expect(again.recentHistory(feed, 38)).toMatchObject({ first: 39, complete: 40 })
  expect(again.recentHistory(feed, 38)?.rows).toHaveLength(2)
  expect(again.recentHistory(feed, 40)).toMatchObject({ first: 41, rows: [], complete: 40 })
  expect(again.recentHistory(feed, 40 - limits.chunkMovementsMax - 1)).toBeNull()
})

test('what is kept no longer is carried, for each SKU, and the sum stays', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now - 100 * day, key, 5)
  await sell(ledger, 2, now - 99 * day, 'andet' as SkuKey, 7)
  await sell(ledger, 3, now - 98 * day, key, 2)
  await sell(ledger, 4, now, key, 1)
  await using sweep = new HistorySweep({ ledger, storage, clock, timers })
  await sweep.sweep()
  expect(ledger.histories.get(feed)).toMatchObject({ first: 4, through: 4, adopted: 1 })
  expect(await told(ledger)).toEqual(['sale -1 4', 'catch-up -7'])
  expect(await faults(ledger)).toEqual([])
  expect(await faults(await openLedger())).toEqual([])
  // A carried sum that is wrong is found.
  await storage.write([del(encodeKey(tables.carried, encodeRid(feed), key))])
  expect(await faults(ledger)).toHaveLength(1)
})

test('a clock that is years ahead takes nothing away while nothing happens', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now)
  now += 3_650 * day
  await using sweep = new HistorySweep({ ledger, storage, clock, timers })
  await sweep.sweep()
  expect(await told(ledger)).toEqual(['sale -1 1'])
})

test('beyond so many lines the oldest go, events with them', async () => {
  const ledger = await openLedger()
  await ledger.commit((draft) => draft.log(eventLine(now - 2 * day, self, 'created', { key, sku: key })))
  for (let seq = 1; seq <= 10; seq += 1) await sell(ledger, seq, now - day + seq)
  await using sweep = new HistorySweep({ ledger, storage, clock, timers, kept: { ms: 90 * day, rows: 5 } })
  await sweep.sweep()
  expect(ledger.histories.get(feed)).toMatchObject({ first: 5, through: 10 })
  const page = { after: null, limit: 100, sku: null, member: null, cause: null }
  const { items } = await new LogReader({ storage, ledger }).log(page, null)
  expect(items.map(({ reference }) => reference)).toEqual(['10', '9', '8', '7', '6', '5'])
  expect(await faults(ledger)).toEqual([])
})

test('a shop that joins gets what the others still hold, and the rest as one sum', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now - 100 * day, key, 5)
  await sell(ledger, 2, now, key, 1)
  await using sweep = new HistorySweep({ ledger, storage, clock, timers })
  await sweep.sweep()
  const there = new MemoryStorage()
  const joiner = await Ledger.open(there, clock, systemRandom, shopIdOfKey(new Uint8Array(32).fill(2)), anySeal)
  await fetch(ledger, joiner, storage)
  expect(joiner.histories.get(feed)).toMatchObject({ first: 2, through: 2, complete: 2, adopted: 2 })
  expect(await told(joiner, there)).toEqual(await told(ledger))
  expect(await faults(joiner, there)).toEqual([])
})

test('while movements are on their way their sum is told, and then they are', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now, key, 5)
  await sell(ledger, 2, now, key, 1)
  const there = new MemoryStorage()
  const other = await Ledger.open(there, clock, systemRandom, shopIdOfKey(new Uint8Array(32).fill(2)), anySeal)
  const [claim, records] = [claimOf(ledger.holdings, feed), [...ledger.holdings.above(feed, 0)]]
  await other.commit((draft) => draft.receive({ rid: feed, records, claim, fresh: false, history: null }))
  expect(await told(other, there)).toEqual(['catch-up -6'])
  const row = (await storage.get(movementKey(feed, 1))) ?? new Uint8Array()
  await other.commit((draft) => draft.receiveHistory(feed, { first: 1, rows: [row], complete: 0, floor: 1 }))
  expect(await told(other, there)).toEqual(['catch-up -1', 'sale -5 1'])
  await fetch(ledger, other, storage)
  expect(await told(other, there)).toEqual(['sale -1 2', 'sale -5 1'])
})

test('26: movements that do not fit leave no trace, and no level moves', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now)
  const there = new MemoryStorage()
  const other = await Ledger.open(there, clock, systemRandom, shopIdOfKey(new Uint8Array(32).fill(2)), anySeal)
  const [claim, records] = [claimOf(ledger.holdings, feed), [...ledger.holdings.above(feed, 0)]]
  const movement = { delta: 500, cause: 'sale', reference: null, at: now, levelBefore: null, levelAfter: null } as const
  const lie = encodeHistoryRow({ seq: 1, key, net: 499, movement })
  const history = { first: 1, rows: [lie], complete: 1, floor: 1 }
  const before = recordsOf(ledger.holdings, key)
  const taken = await other.commit((draft) => draft.receive({ rid: feed, records, claim, fresh: false, history }))
  expect(taken.ok).toBe(true)
  expect(recordsOf(other.holdings, key)).toEqual(before)
  expect(await told(other, there)).toEqual(['catch-up -1'])
  expect(await other.commit((draft) => draft.receiveHistory(feed, history))).toMatchObject({ code: 'history-unfit' })
  expect(other.histories.get(feed)).toEqual(noHistory)
})

test('lists begin again at the very line where they ended, also between lines of one moment', async () => {
  const ledger = await openLedger()
  for (let seq = 1; seq <= 7; seq += 1) await sell(ledger, seq, now)
  const log = new LogReader({ storage, ledger })
  const seen: (string | null)[] = []
  let after: string | null = null
  do {
    const page = await log.movements(key, { after, limit: 3 })
    expect(page.total).toBe(7)
    seen.push(...page.items.map(({ reference }) => reference))
    after = page.next
  } while (after !== null)
  expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1'])
})

test('a folder of an earlier release is read: what it had counted is carried, and its lines stay', async () => {
  const ledger = await openLedger()
  await sell(ledger, 1, now, key, 5)
  // As it was: a line of JSON, named by SKU and number, and no history.
  const old = { ...eventLine(now, self, 'sale', { key, sku: key, delta: -5, reference: '1' }), counted: true }
  for (const table of [tables.movement, tables.history, tables.timeline, tables.timelineOfSku]) {
    for await (const [row] of storage.scan(prefixRange(table))) await storage.write([del(row)])
  }
  const line = put(encodeKey(tables.log, 0), encodeJson(old))
  await storage.write([line, put(encodeKey(tables.oldLogOfSku, key, 0), new Uint8Array())])
  const again = await openLedger()
  expect(again.histories.get(feed)).toEqual({ first: 2, through: 1, seq: 1, complete: 1, adopted: 2 })
  expect(await faults(again)).toEqual([])
  await sell(again, 2, now + 1, key, 1)
  const { items } = await new LogReader({ storage, ledger: again }).movements(key, { after: null, limit: 100 })
  expect(items.map(({ delta }) => delta).slice(0, 2)).toEqual([-1, -5])
  expect(shopOfRid(feed)).toBe(items[1]?.member)
  expect(await faults(await openLedger())).toEqual([])
})

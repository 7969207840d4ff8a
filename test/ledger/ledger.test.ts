/**
 * The ledger over a real database: what was acknowledged is there after a restart, and nothing else; what failed ends
 * it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Claim,
  claimOf,
  digestOf as digestOfAll,
  emptySum,
  encodeRecord,
  levelIn,
  type ReceivedRecord,
  ridOf,
  shopIdOfKey,
  type SkuKey,
  skusAbove,
  type StockRecord,
} from '@stockmesh/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Draft, Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import { type Storage, StorageError } from '../../packages/node/src/storage/storage.ts'
import { standInHashes } from '../harness/stand-in-hashes.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const other = ridOf(shopIdOfKey(new Uint8Array(32).fill(2)), new Uint8Array(8).fill(9))
const feed = ridOf(self, new Uint8Array(8).fill(3))
const key = 'kop-2' as SkuKey
const baseline = { kind: 'first', quantity: 100, stamp: 1, covers: [] } as const

let directory: string
let database: Database
let ledger: Ledger

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-ledger-'))
  await open()
})

afterEach(async () => {
  await database[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

async function open(storage?: (database: Database) => Storage): Promise<void> {
  database = await openDatabase(join(directory, 'node'))
  ledger = await Ledger.open(storage?.(database) ?? database, systemClock, systemRandom, self, anySeal)
}

async function reopen(): Promise<void> {
  await ledger.settle()
  await database[Symbol.asyncDispose]()
  await open()
}

function sale(seq: number, quantity: number) {
  return { key, seq, at: 1_000 + seq, delta: -quantity, cause: 'sale', reference: `order ${seq}` } as const
}

function received(record: StockRecord): ReceivedRecord {
  return { record, bytes: encodeRecord(record) }
}

/** A range of the other shop, without its movements. */
function range(records: readonly StockRecord[], claim: Claim): Parameters<Draft['receive']>[0] {
  return { rid: other, records: records.map(received), claim, fresh: false, history: null }
}

const signature = new Uint8Array(64).fill(3)

function digestOf(records: readonly StockRecord[]): Uint8Array {
  return digestOfAll(anySeal.hashes, records.map(received))
}

test('many commits at once share a batch, keep their order, and are all there after a restart', async () => {
  await ledger.commit((draft) => draft.issue({ kind: 'baseline', key, text: 'KOP-2', name: 'Kop', baseline }))
  let batches = 0
  ledger.subscribe(() => {
    batches += 1
  })
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => ledger.commit((draft) => draft.fold(feed, [sale(index + 1, 1)]))),
  )
  expect(batches).toBeLessThan(50)
  expect(levelIn(ledger.holdings, key)).toBe(50)
  const [claim, lines, own] = [claimOf(ledger.holdings, feed), ledger.lines, ledger.ownRid()]
  await reopen()
  expect(levelIn(ledger.holdings, key)).toBe(50)
  expect(ledger.claims().get(feed)).toEqual(claim)
  expect(claim.high).toBe(50)
  expect(ledger.lines).toBe(lines)
  // A replica id never survives the memory that wrote under it.
  expect(ledger.ownRid()).not.toBe(own)
})

test('nothing is served of a replica while its batch is on the way to the disk', async () => {
  const committed = ledger.commit((draft) => draft.fold(feed, [sale(1, 1)]))
  expect(ledger.isAhead(feed)).toBe(false)
  await Promise.resolve()
  await Promise.resolve()
  expect(ledger.isAhead(feed)).toBe(true)
  await committed
  expect(ledger.isAhead(feed)).toBe(false)
})

test('a received range with a wrong digest leaves no trace, on disk either', async () => {
  const totals = { kind: 'totals', seq: 4, key, added: 0, removed: 2 } as const
  const claim = { high: 4, digest: new Uint8Array(32).fill(7), signature }
  const result = await ledger.commit((draft) => draft.receive(range([totals], claim)))
  expect(result).toMatchObject({ ok: false, code: 'digest-mismatch' })
  await reopen()
  expect(ledger.holdings.replicas.has(other)).toBe(false)
  expect(ledger.lines).toBe(0)
})

test('a range that came from zero replaces what was held and damaged, also after a restart', async () => {
  const wrong = { kind: 'totals', seq: 2, key: 'falsk' as SkuKey, added: 500, removed: 0 } as const
  const early = { high: 2, digest: digestOf([wrong]), signature }
  expect(await ledger.commit((draft) => draft.receive(range([wrong], early)))).toMatchObject({
    ok: true,
  })
  // What is held is not what was claimed any more: it proves nothing.
  ledger.holdings.setClaim(other, { high: 2, sum: emptySum(anySeal.hashes).fill(7), signature })
  const right = { kind: 'totals', seq: 3, key, added: 0, removed: 2 } as const
  const claim = { high: 3, digest: digestOf([right]), signature }
  expect(await ledger.commit((draft) => draft.receive({ ...range([right], claim), fresh: true }))).toMatchObject({
    ok: true,
  })
  await reopen()
  expect([...skusAbove(ledger.holdings, other, 0)]).toEqual([key])
  expect(claimOf(ledger.holdings, other)).toEqual(claim)
})

test('a batch that fails is acknowledged to nobody, ends the ledger, and is not there after a restart', async () => {
  await database[Symbol.asyncDispose]()
  await open((real) => ({
    get: (row) => real.get(row),
    scan: (range) => real.scan(range),
    walk: (range, visit) => real.walk(range, visit),
    write: () => Promise.reject(new StorageError('write-failed', 'the disk is full')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }))
  const heard: unknown[] = []
  ledger.subscribe((committed) => heard.push(committed))
  const both = [1, 2].map((seq) => ledger.commit((draft) => draft.fold(feed, [sale(seq, 1)])))
  for (const result of await Promise.allSettled(both)) expect(result).toMatchObject({ status: 'rejected' })
  await expect(ledger.failed).rejects.toMatchObject({ code: 'write-failed' })
  await expect(ledger.commit(() => null)).rejects.toMatchObject({ code: 'write-failed' })
  expect(heard).toEqual([])
  await reopen()
  expect(ledger.holdings.replicas.size).toBe(0)
})

test('a catalogue that comes as one claim is one commit, however large it is', async () => {
  const records = Array.from({ length: 130_000 }, (_, index): StockRecord => {
    const sku = `sku-${index}`
    return { kind: 'listed', seq: index + 1, key: sku as SkuKey, text: sku, name: '', value: true, stamp: 1 }
  })
  const claim = { high: records.length, digest: digestOfAll(standInHashes, records.map(received)), signature }
  const written: number[] = []
  const storage: Storage = {
    get: () => Promise.resolve(undefined),
    async *scan() {},
    walk: () => Promise.resolve(),
    write: async (operations) => void written.push(operations.length),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const large = await Ledger.open(storage, systemClock, systemRandom, self, { ...anySeal, hashes: standInHashes })
  const answer = await large.commit((draft) => draft.receive(range(records, claim)))
  expect(answer.ok).toBe(true)
  // The records, their claim and its sum, and how much of the history is held.
  expect(written).toEqual([records.length + 3])
})

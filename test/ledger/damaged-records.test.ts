/**
 * A record of another shop was damaged on disk: until all that was held of it is there again nothing of its replica is
 * claimed, and what comes from a shop that knows less neither heals it nor hides it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Claim,
  claimOf,
  digestOf,
  encodeRecord,
  levelIn,
  ridOf,
  shopIdOfKey,
  type SkuKey,
  type StockRecord,
} from '@stockmesh/protocol'
import { Level } from 'level'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const other = ridOf(shopIdOfKey(new Uint8Array(32).fill(2)), new Uint8Array(8).fill(9))
const [cup, bowl] = ['kop-2', 'skål-1'] as [SkuKey, SkuKey]

/** The other shop's records, as one after the other came. */
const records: readonly StockRecord[] = [
  baseline(cup, 1),
  baseline(bowl, 2),
  { kind: 'totals', seq: 3, key: cup, added: 0, removed: 5 },
]

let directory: string
let database: Database
let ledger: Ledger

function baseline(key: SkuKey, seq: number): StockRecord {
  return {
    kind: 'baseline',
    seq,
    key,
    text: key,
    name: '',
    baseline: { kind: 'first', quantity: 20, stamp: 1, covers: [] },
  }
}

function rangeTo(high: number) {
  const received = records.slice(0, high).map((record) => ({ record, bytes: encodeRecord(record) }))
  const signature = new Uint8Array(64).fill(3)
  const claim: Claim = { high, digest: digestOf(anySeal.hashes, received), signature }
  return { rid: other, records: received, claim, fresh: false, history: null }
}

/** What the replicator asks of the ledger where the replica is suspect. */
async function receiveAgain(high: number): Promise<void> {
  const damaged = ledger.suspects.get(other)?.rows ?? null
  const result = await ledger.commit((draft) => draft.receive({ ...rangeTo(high), fresh: true, damaged }))
  expect(result.ok).toBe(true)
}

async function open(): Promise<void> {
  database = await openDatabase(join(directory, 'node'))
  ledger = await Ledger.open(database, systemClock, systemRandom, self, anySeal)
}

async function reopen(): Promise<void> {
  await ledger.settle()
  await database[Symbol.asyncDispose]()
  await open()
}

/** Turns a bit of the first record that lies on the disk, which is one of the cup. */
async function damage(): Promise<void> {
  await ledger.settle()
  await database[Symbol.asyncDispose]()
  const level = new Level<Uint8Array, Uint8Array>(join(directory, 'node'), {
    keyEncoding: 'view',
    valueEncoding: 'view',
  })
  for await (const [key, value] of level.iterator({ ...prefixRange(tables.record), limit: 1 })) {
    const turned = value.slice()
    turned[0] = (turned[0] ?? 0) ^ 1
    await level.put(key, turned)
  }
  await level.close()
  await open()
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-damaged-'))
  await open()
  await ledger.commit((draft) => draft.receive(rangeTo(3)))
  await damage()
})

afterEach(async () => {
  await database[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

test('its replica is not claimed, and its SKU has no level', () => {
  expect([...ledger.suspects]).toMatchObject([[other, { high: 3, keys: new Set([cup]) }]])
  expect([...ledger.claims()]).toEqual([])
  expect([ledger.isDoubtful(cup), ledger.isDoubtful(bowl)]).toEqual([true, false])
})

test('all of it comes from a shop that has as much: whoever hears of the batch can read it, also after a restart', async () => {
  const heard: unknown[] = []
  ledger.subscribe(({ claims }) => heard.push(...claims.map(({ high }) => high), ledger.isAhead(other)))
  await receiveAgain(3)
  expect(heard).toEqual([3, false])
  await reopen()
  expect([ledger.suspects.size, levelIn(ledger.holdings, cup)]).toEqual([0, 15])
  expect(claimOf(ledger.holdings, other)).toEqual(rangeTo(3).claim)
})

test('a shop that knows less of it does not heal it, nor make a later start forget that it is damaged', async () => {
  const heard: unknown[] = []
  ledger.subscribe(({ claims }) => heard.push(...claims))
  await receiveAgain(2)
  expect([heard, [...ledger.claims()], ledger.isDoubtful(cup)]).toEqual([[], [], true])
  await reopen()
  expect([[...ledger.claims()], ledger.isDoubtful(cup)]).toEqual([[], true])
  await receiveAgain(3)
  expect([ledger.suspects.size, levelIn(ledger.holdings, cup)]).toEqual([0, 15])
})

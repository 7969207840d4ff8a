/**
 * A call that must not happen twice: its receipt is in the batch of what it did, so there is no moment at which only
 * one of the two is on disk.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { levelIn, limits, shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { Receipts } from '../../packages/node/src/ledger/receipts.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import type { Storage } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const sku = 'hylde' as SkuKey
const call = { id: 'a call', body: 'what it carries' }

interface Answer {
  readonly to: number
}

let directory: string
let database: Database
let ledger: Ledger
let receipts: Receipts
let now: number

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-receipts-'))
  now = 1_800_000_000_000
  await open()
  const baseline = { kind: 'first', quantity: 100, stamp: 1, covers: [] } as const
  await ledger.commit((draft) => draft.issue({ kind: 'baseline', key: sku, text: 'HYLDE', name: '', baseline }))
})

afterEach(async () => {
  await database[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

async function open(storage?: (database: Database) => Storage): Promise<void> {
  database = await openDatabase(join(directory, 'node'))
  const clock = { now: () => now }
  const used = storage?.(database) ?? database
  ledger = await Ledger.open(used, clock, systemRandom, self, anySeal)
  receipts = new Receipts(used, clock)
}

/** As after kill -9: what was not written is gone, and nothing was said goodbye to. */
async function reopen(): Promise<void> {
  await database[Symbol.asyncDispose]()
  await open()
}

async function takeIn(key: typeof call | null): Promise<Answer> {
  const receipt = await receipts.open<Answer>(key)
  if (!receipt.ok) throw new Error(receipt.code)
  if (receipt.value.kept !== null) return receipt.value.kept
  return await ledger.commit((draft) => {
    draft.change(sku, 25, 'received', null)
    const answer = { to: draft.level(sku) ?? 0 }
    receipt.value.keep(draft, answer)
    return answer
  })
}

test('a repeat has the first answer and nothing happens again, also after the process died in between', async () => {
  expect(await takeIn(call)).toEqual({ to: 125 })
  expect(await takeIn(call)).toEqual({ to: 125 })
  await reopen()
  expect(await takeIn(call)).toEqual({ to: 125 })
  expect(levelIn(ledger.holdings, sku)).toBe(125)
  expect(await takeIn({ ...call, id: 'another call' })).toEqual({ to: 150 })
})

test('a call whose batch did not reach the disk left no receipt, and happens when it is repeated', async () => {
  let isFull = false
  await database[Symbol.asyncDispose]()
  await open((real) => ({
    get: (key) => real.get(key),
    scan: (range) => real.scan(range),
    walk: (range, visit) => real.walk(range, visit),
    write: (operations) => (isFull ? Promise.reject(new Error('the disk is full')) : real.write(operations)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }))
  isFull = true
  await expect(takeIn(call)).rejects.toThrow('the disk is full')
  await reopen()
  expect(levelIn(ledger.holdings, sku)).toBe(100)
  expect(await takeIn(call)).toEqual({ to: 125 })
  expect(await takeIn(call)).toEqual({ to: 125 })
})

test('without a key every call happens, and nothing is kept', async () => {
  expect([await takeIn(null), await takeIn(null)]).toEqual([{ to: 125 }, { to: 150 }])
  expect(await rows()).toBe(0)
})

test('the same key with another body is a mistake that is told', async () => {
  await takeIn(call)
  await expect(takeIn({ ...call, body: 'something else' })).rejects.toThrow('idempotency-key-reused')
  expect(levelIn(ledger.holdings, sku)).toBe(125)
})

test('a receipt is kept for seven days, then it is swept by the next call', async () => {
  await takeIn(call)
  now += limits.receiptMsMax - 1
  expect(await takeIn(call)).toEqual({ to: 125 })
  now += limits.receiptSweepMs
  expect(await takeIn({ ...call, id: 'another call' })).toEqual({ to: 150 })
  expect(await rows()).toBe(1)
  expect(await takeIn(call)).toEqual({ to: 175 })
})

async function rows(): Promise<number> {
  let count = 0
  for await (const _ of database.scan(prefixRange(tables.receipt))) count += 1
  return count
}

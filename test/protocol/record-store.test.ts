/** The store in memory: what is asked for is what a plain model holds, and a long life does not grow. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../packages/protocol/src/arena.ts'
import { noRecords, type SkuRecords } from '../../packages/protocol/src/level.ts'
import { encodeRecord, type StockRecord } from '../../packages/protocol/src/record.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'
import { emptySum } from '../../packages/protocol/src/digest.ts'
import { RecordStore } from '../../packages/protocol/src/record-store.ts'
import { encodeRecordRow } from '../../packages/protocol/src/record-row.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { baseline, check, keyOf, listed, ridAt, shopAt, totals } from './arbitraries.ts'
import { dropReplica, mergeRecord } from './record-model.ts'
import { SeededRandom } from './random.ts'

const rids = [1, 2, 3].map((shop) => ridAt(shopAt(shop)))
const keys = ['a', 'b', 'c', '__proto__'].map(keyOf)

function someRecord(random: SeededRandom, seq: number): StockRecord {
  const key = random.pick(keys)
  const kind = random.below(3)
  if (kind === 0) return baseline(seq, random.below(99), {}, key)
  if (kind === 1) return listed(seq, random.chance(0.5), seq, key)
  return totals(seq, seq * random.pick([1, 1_000_000]), random.below(9), key)
}

/** Without regard to the order in which records stand. */
function asSet({ totals: held, baselines, listed: lists }: SkuRecords): Set<string> {
  return new Set([...held, ...baselines, ...lists].map((one) => JSON.stringify(one)))
}

describe('the record store', () => {
  it('holds what a plain model holds, through placing, dropping and loading again', () => {
    check(
      fc.property(fc.nat(), (runSeed) => {
        const random = new SeededRandom(runSeed)
        const store = new RecordStore(recordHashes)
        const model = new Map<SkuKey, SkuRecords>()
        const seqs = new Map(rids.map((rid) => [rid, 0]))
        for (let step = 0; step < 80; step += 1) {
          const rid = random.pick(rids)
          if (random.chance(0.03)) {
            store.dropReplica(rid)
            for (const [key, records] of model) model.set(key, dropReplica(records, rid))
            continue
          }
          const seq = (seqs.get(rid) ?? 0) + 1 + random.below(3)
          seqs.set(rid, seq)
          const record = someRecord(random, seq)
          store.place({ rid, record, bytes: encodeRecord(record) })
          store.setClaim(rid, { high: seq, sum: emptySum(recordHashes), signature: null })
          model.set(record.key, mergeRecord(model.get(record.key) ?? noRecords, { rid, record }))
          expect(store.find(rid, record.kind, record.key)).toMatchObject({ rid, record })
        }
        for (const key of keys) expect(asSet(store.recordsOf(key))).toEqual(asSet(model.get(key) ?? noRecords))
        const again = new RecordStore(recordHashes)
        for (const rid of rids) {
          const held = [...store.above(rid, 0)]
          expect(held.map(({ record }) => record.seq)).toEqual(
            held.map(({ record }) => record.seq).toSorted((a, b) => a - b),
          )
          const middle = held[held.length >> 1]?.record.seq ?? 0
          const above = held.filter(({ record }) => record.seq > middle)
          expect([...store.above(rid, middle)]).toEqual(above)
          expect(store.keysAbove(rid, middle)).toEqual(new Set(above.map(({ record }) => record.key)))
          for (const one of held.toReversed()) again.load(rid, encodeRecordRow(one))
          again.restore(rid, { high: seqs.get(rid) ?? 0, sum: emptySum(recordHashes), signature: null })
          expect([...again.above(rid, 0)]).toEqual(held)
        }
        expect(again.size).toBe(store.size)
      }),
      60,
    )
  })

  it('does not grow over a long life of changes to the same SKUs', () => {
    const store = new RecordStore(recordHashes)
    const [rid] = rids
    if (rid === undefined) throw new Error('there is one')
    const change = (from: number, count: number): void => {
      for (let seq = from; seq < from + count; seq += 1) {
        const record = totals(seq, seq, 0, `sku-${seq % 500}`)
        store.place({ rid, record, bytes: encodeRecord(record) })
      }
    }
    // Numbers of changes have taken the room that they need for the rest of any life.
    change(1, 70_000)
    const { held } = store.bytes
    change(70_001, 100_000)
    expect(store.size).toBe(500)
    expect(store.bytes.held).toBeLessThanOrEqual(held)
  })
})

describe('the arena', () => {
  it('gives back what was kept, whatever was dropped between, in blocks of any size', () => {
    check(
      fc.property(fc.nat(), (runSeed) => {
        const random = new SeededRandom(runSeed)
        const arena = new Arena()
        const held = new Map<number, Uint8Array>()
        for (let step = 0; step < 120; step += 1) {
          if (held.size > 0 && random.chance(0.4)) {
            const address = random.pick([...held.keys()])
            arena.drop(address)
            held.delete(address)
            continue
          }
          const length = random.pick([0, 1, 11, 12, 13, 100, 507, 508, 509, 3_000, 262_140, 262_141, 400_000])
          const bytes = new Uint8Array(length).fill(random.below(256))
          const address = arena.keep(bytes)
          expect(held.has(address)).toBe(false)
          held.set(address, bytes)
        }
        for (const [address, bytes] of held) expect(Buffer.compare(arena.view(address), bytes)).toBe(0)
        expect(arena.usedBytes).toBe([...held.values()].reduce((sum, { length }) => sum + length, 0))
      }),
      60,
    )
  })

  it('says so where nothing was kept', () => {
    expect(() => new Arena().view(1)).toThrow(RangeError)
  })
})

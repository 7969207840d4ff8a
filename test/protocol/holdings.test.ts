/** Holdings: what is held of a replica is what its claim says, however it came. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyIssued,
  applyReceived,
  claimOf,
  createHoldings,
  type Holdings,
  levelIn,
  readHoldings,
  recordsOf,
  skusAbove,
  totalsOf,
} from '../../packages/protocol/src/holdings.ts'
import { digestOf, emptySum } from '../../packages/protocol/src/digest.ts'
import { decodeRecord, encodeRecord, type StockRecord } from '../../packages/protocol/src/record.ts'
import type { ReceivedRecord } from '../../packages/protocol/src/replication-step.ts'
import { encodeRecordRow } from '../../packages/protocol/src/record-row.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { baseline, check, keyOf, listed, ridAt, shopAt, totals } from './arbitraries.ts'
import { SeededRandom } from './random.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'

const rid = ridAt(shopAt(1))
const other = ridAt(shopAt(2))
const keys = ['a', 'b', 'c', 'd', 'e'].map(keyOf)

/** Issues one random record, or a few in one commit with gaps between their seqs, as a feed's fold does. */
function issueSome(holdings: Holdings, random: SeededRandom, history: StockRecord[]): void {
  let { high } = claimOf(holdings, rid)
  const records: StockRecord[] = []
  const picked = new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(keys)))
  for (const key of picked) {
    high += 1 + random.below(3)
    const before = totalsOf(holdings, rid, key)
    const kind = random.below(6)
    if (kind === 0) records.push(baseline(high, random.below(99), {}, key))
    else if (kind === 1) records.push(listed(high, random.chance(0.5), high, key))
    else {
      const [added, removed] = [before?.added ?? 0, before?.removed ?? 0]
      records.push(totals(high, added + random.below(3), removed + random.below(3), key))
    }
  }
  applyIssued(holdings, rid, records, high + random.below(2))
  history.push(...records)
}

/** What a model holds at a claim: the newest of each SKU and kind. */
function newestAt(history: readonly StockRecord[], high: number): Map<string, StockRecord> {
  const newest = new Map<string, StockRecord>()
  for (const record of history) if (record.seq <= high) newest.set(`${record.kind} ${record.key}`, record)
  return newest
}

function heldOf(holdings: Holdings): Map<string, StockRecord> {
  return new Map([...holdings.above(rid, 0)].map(({ record }) => [`${record.kind} ${record.key}`, record]))
}

const sorted = (records: Map<string, StockRecord>): [string, StockRecord][] =>
  [...records].sort(([a], [b]) => (a < b ? -1 : 1))

const never = (): boolean => false

/** Everything that a node shows of itself, to say that nothing changed. */
function picture(holdings: Holdings): unknown {
  return structuredClone({
    skus: [...holdings.skus.keys()].map((key) => [key, recordsOf(holdings, key)]),
    replicas: [...holdings.replicas.keys()].map((each) => [claimOf(holdings, each), [...holdings.above(each, 0)]]),
  })
}

function received(record: StockRecord): ReceivedRecord {
  return { record, bytes: encodeRecord(record) }
}

/** A reader that pulls in pages while the origin goes on, and takes a range when its claim is reached. */
class Receiver {
  readonly holdings = createHoldings(recordHashes)
  #stage: ReceivedRecord[] = []
  #through = 0

  pull(origin: Holdings, recordsMax: number): void {
    const page = readHoldings(origin, never)(rid, this.#through, { records: recordsMax, bytes: 1_000_000 })
    if (page === null) throw new Error('memory is never ahead here')
    for (const bytes of page.records) {
      const record = decodeRecord(bytes)
      if (!record.ok) throw new Error(record.message)
      this.#stage.push({ record: record.value, bytes })
    }
    this.#through = page.through
    if (!page.end) return
    const claim = claimOf(origin, rid)
    expect(applyReceived(this.holdings, rid, this.#stage, claim, false).ok).toBe(true)
    this.#stage = []
    this.#through = claim.high
  }

  drop(): void {
    this.#stage = []
    this.#through = claimOf(this.holdings, rid).high
  }
}

describe('claims', () => {
  it('equal highs mean identical records and equal digests, for any strict transfers', () => {
    check(
      fc.property(fc.nat(), (runSeed) => {
        const random = new SeededRandom(runSeed)
        const origin = createHoldings(recordHashes)
        const history: StockRecord[] = []
        const receivers = [new Receiver(), new Receiver(), new Receiver()]
        const digests = new Map<number, string>()
        const note = (holdings: Holdings): void => {
          const { high, digest } = claimOf(holdings, rid)
          expect(sorted(heldOf(holdings))).toEqual(sorted(newestAt(history, high)))
          const hex = Buffer.from(digest).toString('hex')
          expect(digests.get(high) ?? hex).toBe(hex)
          digests.set(high, hex)
        }
        for (let step = 0; step < 60; step += 1) {
          const receiver = random.pick(receivers)
          if (random.chance(0.3)) issueSome(origin, random, history)
          else if (random.chance(0.05)) receiver.drop()
          else receiver.pull(origin, 1 + random.below(3))
          note(origin)
          note(receiver.holdings)
        }
      }),
    )
  })

  it('a relay passes the same bytes on, also of a release that writes more', () => {
    const newer = Uint8Array.from([...encodeRecord(totals(1, 5, 0)), 1, 2, 3])
    const record = decodeRecord(newer)
    if (!record.ok) throw new Error(record.message)
    const relay = createHoldings(recordHashes)
    const claim = { high: 1, digest: digestOf(recordHashes, [{ bytes: newer }]), signature: null }
    const came = { record: record.value, bytes: newer }
    expect(applyReceived(relay, rid, [came], claim, false).ok).toBe(true)
    const page = readHoldings(relay, never)(rid, 0, { records: 5, bytes: 100 })
    expect(page?.records).toEqual([newer])
  })

  it('what is read back from disk in any order is what was held', () => {
    check(
      fc.property(fc.nat(), (runSeed) => {
        const random = new SeededRandom(runSeed)
        const origin = createHoldings(recordHashes)
        for (let step = 0; step < 20; step += 1) issueSome(origin, random, [])
        const restored = createHoldings(recordHashes)
        for (const held of [...origin.above(rid, 0)].reverse()) restored.load(rid, encodeRecordRow(held))
        restored.restore(rid, { ...claimOf(origin, rid), sum: origin.sum(rid) })
        expect(sorted(heldOf(restored))).toEqual(sorted(heldOf(origin)))
        expect(claimOf(restored, rid)).toEqual(claimOf(origin, rid))
        const all = { records: 1_000, bytes: 1_000_000 }
        expect(readHoldings(restored, never)(rid, 0, all)).toEqual(readHoldings(origin, never)(rid, 0, all))
      }),
      50,
    )
  })
})

describe('a received range', () => {
  const issued = [totals(1, 5, 0, 'a'), totals(2, 7, 1, 'b'), baseline(3, 9, {}, 'a'), totals(4, 6, 2, 'a')]

  function originAt(count: number): Holdings {
    const origin = createHoldings(recordHashes)
    for (const record of issued.slice(0, count)) applyIssued(origin, rid, [record], record.seq)
    return origin
  }

  it('with a wrong digest changes nothing at all', () => {
    for (const before of [createHoldings(recordHashes), originAt(2)]) {
      const was = picture(before)
      const claim = { high: 4, digest: new Uint8Array(32).fill(1), signature: null }
      for (const fresh of [false, true]) {
        expect(applyReceived(before, rid, issued.map(received), claim, fresh)).toMatchObject({
          code: 'digest-mismatch',
        })
        expect(picture(before)).toEqual(was)
      }
    }
  })

  it('in which a total shrinks is refused, and changes nothing', () => {
    const before = originAt(2)
    const was = picture(before)
    const shrunk = [received(totals(5, 4, 0, 'a'))]
    const claim = { high: 5, digest: new Uint8Array(32), signature: null }
    expect(applyReceived(before, rid, shrunk, claim, false)).toMatchObject({ code: 'totals-shrink' })
    const twice = [received(totals(5, 9, 0, 'a')), received(totals(6, 8, 0, 'a'))]
    expect(applyReceived(before, rid, twice, { ...claim, high: 6 }, false)).toMatchObject({ code: 'totals-shrink' })
    expect(picture(before)).toEqual(was)
  })

  it('at or below the own claim changes nothing, and is no mistake', () => {
    const before = originAt(4)
    const was = picture(before)
    for (const high of [4, 3, 0]) {
      const old = applyReceived(
        before,
        rid,
        issued.map(received),
        { high, digest: new Uint8Array(32), signature: null },
        false,
      )
      expect(old).toEqual({ ok: true, value: [] })
    }
    expect(picture(before)).toEqual(was)
  })

  it('may overlap what is held, and hold a record twice', () => {
    const before = originAt(2)
    const all = [...issued, ...issued].map(received)
    const applied = applyReceived(before, rid, all, claimOf(originAt(4), rid), false)
    expect(applied.ok && applied.value.map(({ held }) => held.record.seq)).toEqual([3, 4])
    expect(applied.ok && applied.value[1]?.before).toEqual(issued[0])
    expect(levelIn(before, keyOf('a'))).toBe(9 + 6 - 2)
  })

  it('asked for from zero replaces what is held of the replica, and of no other', () => {
    // What is held is damaged: b has the wrong number, and c never was.
    const damaged = createHoldings(recordHashes)
    const wrong = [totals(1, 5, 0, 'a'), totals(2, 7, 0, 'b'), totals(3, 1, 0, 'c')]
    for (const record of wrong) applyIssued(damaged, rid, [record], record.seq)
    damaged.setClaim(rid, { high: 3, sum: emptySum(recordHashes).fill(1), signature: null })
    applyIssued(damaged, other, [totals(1, 3, 0, 'c')], 1)
    const origin = originAt(4)
    const records = allOf(origin)
    expect(applyReceived(damaged, rid, records, claimOf(origin, rid), true).ok).toBe(true)
    expect(sorted(heldOf(damaged))).toEqual(sorted(heldOf(origin)))
    expect(claimOf(damaged, rid)).toEqual(claimOf(origin, rid))
    expect(totalsOf(damaged, rid, keyOf('c'))).toBeNull()
    expect(totalsOf(damaged, other, keyOf('c'))?.added).toBe(3)
  })
})

/** Everything of the replica, as a peer that is asked from zero sends it. */
function allOf(origin: Holdings): ReceivedRecord[] {
  return [...origin.above(rid, 0)].map(({ record, bytes }) => ({ record, bytes }))
}

describe('two histories under one replica', () => {
  const first = [totals(1, 5, 0, 'a'), totals(2, 1, 0, 'b')]
  const madeOf = (records: readonly StockRecord[]): Holdings => {
    const holdings = createHoldings(recordHashes)
    for (const record of records) applyIssued(holdings, rid, [record], record.seq)
    return holdings
  }

  it.each([
    ['another record at a seq that the claim covers', [totals(1, 5, 0, 'a'), totals(2, 2, 0, 'b')]],
    ['a record that is not there any more', [totals(1, 5, 0, 'a'), totals(2, 7, 0, 'a'), totals(3, 8, 0, 'a')]],
    ['a total that is smaller than it was', [totals(2, 1, 0, 'b'), totals(3, 4, 0, 'a')]],
    ['a record below the claim that was not there', [totals(1, 5, 0, 'a'), totals(2, 1, 0, 'c'), totals(3, 1, 0, 'b')]],
  ])('are a fork, and change nothing: %s', (_, others) => {
    const held = madeOf(first)
    const was = picture(held)
    const came = madeOf([...others, totals(4, 9, 0, 'd')])
    expect(applyReceived(held, rid, allOf(came), claimOf(came, rid), true)).toMatchObject({ code: 'fork' })
    expect(picture(held)).toEqual(was)
  })

  it('are not what goes on from what is held, however far', () => {
    const held = madeOf(first)
    const came = madeOf([...first, totals(3, 6, 0, 'a'), totals(4, 2, 0, 'b'), totals(5, 1, 0, 'c')])
    expect(applyReceived(held, rid, allOf(came), claimOf(came, rid), true)).toMatchObject({ ok: true })
    expect(sorted(heldOf(held))).toEqual(sorted(heldOf(came)))
  })
})

describe('reading', () => {
  it('in pages meets every record exactly once, and one that moved to the end again there', () => {
    check(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 }), (runSeed, most, bytes) => {
        const random = new SeededRandom(runSeed)
        const origin = createHoldings(recordHashes)
        const history: StockRecord[] = []
        for (let step = 0; step < 10; step += 1) issueSome(origin, random, history)
        const seqs: number[] = []
        let above = 0
        for (;;) {
          const page = readHoldings(origin, never)(rid, above, { records: most, bytes })
          if (page === null) throw new Error('memory is never ahead here')
          expect(page.records.length).toBeLessThanOrEqual(most)
          // One record always fits, or a large one would stop everything.
          if (!page.end) expect(page.records.length).toBeGreaterThan(0)
          for (const one of page.records) {
            const record = decodeRecord(one)
            seqs.push(record.ok ? record.value.seq : 0)
          }
          above = page.through
          if (page.end) break
          if (history.length < 60 && random.chance(0.5)) issueSome(origin, random, history)
        }
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
        const met = new Set(seqs)
        for (const record of heldOf(origin).values()) expect(met.has(record.seq)).toBe(true)
      }),
    )
  })

  it('answers nothing while memory is ahead of the disk, and an end where nothing is held', () => {
    const limit = { records: 5, bytes: 100 }
    expect(readHoldings(createHoldings(recordHashes), () => true)(rid, 0, limit)).toBeNull()
    expect(readHoldings(createHoldings(recordHashes), never)(rid, 7, limit)).toEqual({
      records: [],
      through: 7,
      end: true,
    })
  })

  it('names the SKUs above a seq as a simple search does', () => {
    check(
      fc.property(fc.nat(), fc.nat(60), (runSeed, above) => {
        const random = new SeededRandom(runSeed)
        const origin = createHoldings(recordHashes)
        const history: StockRecord[] = []
        for (let step = 0; step < 15; step += 1) issueSome(origin, random, history)
        const { high } = claimOf(origin, rid)
        const expected = new Set<SkuKey>()
        for (const record of newestAt(history, high).values()) if (record.seq > above) expected.add(record.key)
        expect(skusAbove(origin, rid, above)).toEqual(expected)
        expect(skusAbove(origin, other, 0)).toEqual(new Set())
      }),
    )
  })
})

describe('a long life', () => {
  it('sweeps replaced records and keeps everything else', () => {
    const origin = createHoldings(recordHashes)
    applyIssued(origin, rid, [totals(1, 1, 0, 'still')], 1)
    for (let seq = 2; seq <= 5_000; seq += 1) {
      applyIssued(origin, rid, [totals(seq, seq, 0, `sku-${seq % 10}`)], seq)
    }
    expect(origin.size).toBe(11)
    expect(origin.bytes.held).toBeLessThan(1_200_000)
    expect(heldOf(origin).size).toBe(11)
    expect(totalsOf(origin, rid, keyOf('still'))?.added).toBe(1)
    const page = readHoldings(origin, never)(rid, 0, { records: 100, bytes: 100_000 })
    expect(page?.records).toHaveLength(11)
    expect(recordsOf(origin, keyOf('sku-0')).totals.map(({ record }) => record.seq)).toEqual([5_000])
  })

  it('refuses to issue below its claim or with a smaller total: that would be a bug of ours', () => {
    const origin = createHoldings(recordHashes)
    applyIssued(origin, rid, [totals(5, 5, 0)], 5)
    const issue = (record: StockRecord, high: number) => () => applyIssued(origin, rid, [record], high)
    expect(issue(totals(5, 6, 0), 6)).toThrow('above the claim')
    expect(issue(totals(6, 6, 0), 4)).toThrow('never goes back')
    expect(issue(totals(6, 4, 0), 6)).toThrow('smaller total')
  })
})

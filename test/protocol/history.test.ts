/** History: which movements are taken, that they always add up to the totals, and whom to ask for those that miss. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditRow, endAudit, startAudit } from '../../packages/protocol/src/history-audit.ts'
import {
  answerQuestion,
  closeQuestion,
  createHistoryPulls,
  nextQuestions,
  openPulls,
  restPeer,
} from '../../packages/protocol/src/history-pull.ts'
import {
  addRows,
  carryBelow,
  decodeHistoryRow,
  encodeHistoryRow,
  type History,
  type HistoryPart,
  type HistoryRow,
  noHistory,
  takePart,
} from '../../packages/protocol/src/history.ts'
import type { Rid, ShopId } from '../../packages/protocol/src/ids.ts'
import { historyAnswerMsMax, historyRestMs } from '../../packages/protocol/src/limits.ts'
import type { TotalsRecord } from '../../packages/protocol/src/record.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { check, keyOf, ridAt, shopAt, totals } from './arbitraries.ts'
import { SeededRandom } from './random.ts'

/** A replica as its origin has it. */
class Origin {
  readonly rows: HistoryRow[] = []
  readonly totals = new Map<SkuKey, TotalsRecord>()
  high = 0
  history: History = noHistory

  move(text: string, delta: number): void {
    const before = this.totals.get(keyOf(text))
    // A number may be left out: it is that of a baseline.
    this.high += 1 + (delta & 1)
    const [added, removed] = [before?.added ?? 0, before?.removed ?? 0]
    const record = totals(this.high, added + Math.max(0, delta), removed + Math.max(0, -delta), text)
    this.totals.set(record.key, record)
    const movement = { delta, cause: 'sale', reference: null, at: 1, levelBefore: null, levelAfter: null } as const
    const row = { seq: this.high, key: record.key, net: record.added - record.removed, movement }
    this.rows.push(row)
    this.history = addRows(this.history, [row], this.high)
  }

  /** What a node that holds rows from `floor` on answers. */
  part(above: number, count = 100, floor = 1): HistoryPart {
    const first = Math.max(above + 1, floor)
    const rows = this.rows.slice(first - 1, first - 1 + count)
    const isEnd = first - 1 + rows.length >= this.rows.length
    return { first, rows: rows.map(encodeHistoryRow), complete: isEnd ? this.high : 0, floor }
  }

  take(history: History, part: HistoryPart): ReturnType<typeof takePart> {
    return takePart(history, part, this.high, (key) => this.totals.get(key) ?? null)
  }
}

function originOf(deltas: readonly (readonly [string, number])[]): Origin {
  const origin = new Origin()
  for (const [text, delta] of deltas) origin.move(text, delta)
  return origin
}

function faultsOf(origin: Origin, history: History, rows: readonly (readonly [number, HistoryRow])[]): string[] {
  const audit = startAudit(history)
  for (const [n, row] of rows) auditRow(audit, n, row)
  return endAudit(audit, origin.totals.values(), new Map()).map(({ key, message }) => `${key} ${message}`)
}

describe('movements that come', () => {
  it('are the same at the end, however they were cut, and add up to the totals', () => {
    const some = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -9, max: 9 })), { maxLength: 40 })
    check(
      fc.property(some, fc.nat(), (deltas, seed) => {
        const random = new SeededRandom(seed)
        const origin = originOf(deltas)
        let history = noHistory
        const rows: [number, HistoryRow][] = []
        for (let asked = 0; history.complete < origin.high && asked < 100; asked += 1) {
          const taken = origin.take(history, origin.part(history.through, 1 + random.below(7)))
          if (!taken.ok) throw new Error(taken.message)
          history = taken.value.history
          for (const { n, row } of taken.value.rows) rows.push([n, row])
        }
        expect(history).toEqual(origin.history)
        expect(rows.map(([, row]) => row)).toEqual(origin.rows)
        expect(faultsOf(origin, history, rows)).toEqual([])
      }),
    )
  })

  it('twice change nothing', () => {
    const origin = originOf([
      ['a', -1],
      ['a', 3],
    ])
    const first = origin.take(noHistory, origin.part(0))
    const history = first.ok ? first.value.history : noHistory
    expect(origin.take(history, origin.part(0))).toEqual({ ok: true, value: { history, rows: [] } })
  })

  it('that leave a gap are not taken, unless their sender has no older ones', () => {
    const origin = originOf([
      ['a', -1],
      ['a', 3],
      ['b', 2],
    ])
    expect(origin.take(noHistory, { ...origin.part(1), floor: 1 })).toMatchObject({ code: 'history-gap' })
    expect(origin.take(noHistory, origin.part(0, 100, 3))).toMatchObject({
      ok: true,
      value: { history: { first: 3, through: 3, complete: origin.high, adopted: 3 } },
    })
  })

  const wrong: [string, (row: HistoryRow) => HistoryRow][] = [
    ['of a SKU that the replica never moved', (row) => ({ ...row, key: keyOf('falsk') })],
    ['that adds more than the totals', (row) => ({ ...row, movement: { ...row.movement, delta: 500 } })],
    ['whose total is not that of its record', (row) => ({ ...row, net: row.net + 1 })],
    ['that is ahead of its record', (row) => ({ ...row, seq: row.seq + 1 })],
    ['that is older than the one before it', (row) => ({ ...row, seq: 1 })],
    ['that does not go on from the one before it', (row) => ({ ...row, movement: { ...row.movement, delta: 1 } })],
  ]
  it.each(wrong)('26: a movement %s is refused, with all that came with it', (_what, lie) => {
    const origin = originOf([
      ['a', -2],
      ['a', -4],
    ])
    const part = origin.part(0)
    const last = decodeHistoryRow(part.rows.at(-1) ?? new Uint8Array())
    if (!last.ok) throw new Error(last.message)
    const rows = [...part.rows.slice(0, -1), encodeHistoryRow(lie(last.value))]
    expect(origin.take(noHistory, { ...part, rows })).toMatchObject({ ok: false, code: 'history-unfit' })
  })

  it('bytes that are no movement, and an end above the claim, are refused', () => {
    const origin = originOf([['a', -2]])
    const part = origin.part(0)
    expect(origin.take(noHistory, { ...part, rows: [new Uint8Array(2)] })).toMatchObject({ code: 'history-unfit' })
    expect(origin.take(noHistory, { ...part, complete: 99 })).toMatchObject({ code: 'history-unfit' })
  })
})

describe('the audit', () => {
  const origin = originOf([
    ['a', -2],
    ['b', 5],
    ['a', -4],
  ])
  const rows = origin.rows.map((row, index) => [index + 1, row] as const)

  it('finds a movement that is lost, doubled or changed', () => {
    expect(faultsOf(origin, origin.history, rows)).toEqual([])
    expect(faultsOf(origin, origin.history, rows.slice(1))).toEqual([
      'b After movement 0 comes 2.',
      'a Carried 0 and moved -4, which is not the total -6.',
    ])
    expect(faultsOf(origin, origin.history, rows.slice(0, 2)).at(-1)).toMatch('a Carried 0 and moved -2')
    const [one, two, three] = origin.rows
    if (one === undefined || two === undefined || three === undefined) throw new Error('there are three')
    const changed = { ...two, movement: { ...two.movement, delta: 4 } }
    expect(
      faultsOf(origin, origin.history, [
        [1, one],
        [2, changed],
        [3, three],
      ]),
    ).toEqual(['b Carried 0 and moved 4, which is not the total 5.'])
  })

  it('counts what is carried, and says nothing of what is on its way', () => {
    const carried = carryBelow(origin.history, 3)
    const audit = startAudit(carried)
    for (const [n, row] of rows) auditRow(audit, n, row)
    const kept = new Map([
      [keyOf('a'), { n: 1, net: -2 }],
      [keyOf('b'), { n: 2, net: 5 }],
    ])
    expect(endAudit(audit, origin.totals.values(), kept)).toEqual([])
    const part = { ...noHistory, through: 1, seq: 1, complete: 1 }
    expect(faultsOf(origin, part, rows.slice(0, 1))).toEqual([])
  })
})

describe('whom to ask', () => {
  const [m, e] = [shopAt(1), shopAt(2)]
  const rid = ridAt(m)
  const claimed = new Map<ShopId, number>([
    [m, 9],
    [e, 9],
  ])
  const facts = { complete: () => 3, claimed: (peer: ShopId) => claimed.get(peer) ?? 0 }
  function pullsOf(...peers: ShopId[]) {
    const pulls = createHistoryPulls()
    pulls.lagging.add(rid)
    for (const peer of peers) openPulls(pulls, peer)
    return pulls
  }

  it('is the origin, once until it answers', () => {
    const pulls = pullsOf(e, m)
    expect(nextQuestions(pulls, facts, 1_000)).toEqual([{ peer: m, rid }])
    expect(nextQuestions(pulls, facts, 2_000)).toEqual([])
    expect(answerQuestion(pulls, { peer: m, rid })).toBe(true)
    expect(nextQuestions(pulls, facts, 2_500)).toEqual([])
    closeQuestion(pulls, m)
    expect(nextQuestions(pulls, facts, 3_000)).toEqual([{ peer: m, rid }])
  })

  it('is another that claims more, where the origin is away or of a release that knows no history', () => {
    expect(nextQuestions(pullsOf(e), facts, 1_000)).toEqual([{ peer: e, rid }])
    expect(nextQuestions(pullsOf(), facts, 1_000)).toEqual([])
  })

  it('is another while the one that was asked rests, or does not answer', () => {
    const pulls = pullsOf(m, e)
    nextQuestions(pulls, facts, 1_000)
    const late = 1_000 + historyAnswerMsMax
    expect(nextQuestions(pulls, facts, late)).toEqual([{ peer: e, rid }])
    answerQuestion(pulls, { peer: e, rid })
    closeQuestion(pulls, e)
    restPeer(pulls, { peer: e, rid }, late)
    expect(nextQuestions(pulls, facts, late)).toEqual([])
    expect(nextQuestions(pulls, facts, late + historyRestMs)).toEqual([{ peer: m, rid }])
  })

  it('asks one peer about one replica at a time, and several peers about several', () => {
    const pulls = pullsOf(m, e)
    const other: Rid = ridAt(e)
    pulls.lagging.add(other)
    expect(nextQuestions(pulls, facts, 1_000)).toEqual([
      { peer: m, rid },
      { peer: e, rid: other },
    ])
    pulls.lagging.add(ridAt(m, 2))
    expect(nextQuestions(pulls, facts, 1_000)).toEqual([])
  })

  it('what was not asked is not taken for an answer', () => {
    const pulls = pullsOf(m)
    expect(answerQuestion(pulls, { peer: m, rid })).toBe(false)
    expect(answerQuestion(pulls, { peer: e, rid })).toBe(false)
    nextQuestions(pulls, facts, 1_000)
    expect(answerQuestion(pulls, { peer: m, rid })).toBe(true)
    expect(answerQuestion(pulls, { peer: m, rid })).toBe(false)
  })
})

/** What the log tells of what other shops counted, created and sold, and what can be read back from it. */
import {
  claimOf,
  countBaseline,
  coverAll,
  recordsOf,
  type Rid,
  ridOf,
  shopIdOfKey,
  type SkuKey,
  shopOfRid,
} from '@stockmesh/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import type { LogLine } from '../../packages/node/src/ledger/log-line.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { LogReader } from '../../packages/node/src/views/log-reader.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { anySeal } from '../harness/claim-seal.ts'

const key = 'set-3' as SkuKey
const other = 'kop-2' as SkuKey
const page = { after: null, limit: 100 }

/** A shop's node: its ledger, and the replicas that it writes. */
class Node {
  readonly storage = new MemoryStorage()
  readonly feed: Rid
  readonly #clock: { now(): number }
  #ledger: Ledger | null = null
  #seq = 0

  constructor(byte: number, clock: { now(): number }) {
    this.feed = ridOf(shopIdOfKey(new Uint8Array(32).fill(byte)), new Uint8Array(8).fill(byte))
    this.#clock = clock
  }

  get log(): LogReader {
    return new LogReader({ storage: this.storage, ledger: this.ledger })
  }

  get ledger(): Ledger {
    if (this.#ledger === null) throw new Error('the node is not open')
    return this.#ledger
  }

  async open(): Promise<this> {
    this.#ledger = await Ledger.open(this.storage, this.#clock, systemRandom, shopOfRid(this.feed), anySeal)
    return this
  }

  async create(sku: SkuKey, quantity: number): Promise<void> {
    const baseline = { kind: 'first', quantity, stamp: 1, covers: [] } as const
    await this.ledger.commit((draft) => {
      draft.issue({ kind: 'baseline', key: sku, text: sku, name: '', baseline })
      draft.issue({ kind: 'listed', key: sku, text: sku, name: '', value: true, stamp: 1 })
    })
  }

  async count(sku: SkuKey, quantity: number, isCreation = false): Promise<void> {
    await this.ledger.commit((draft) => {
      const records = recordsOf(draft.holdings, sku)
      const baseline = countBaseline(records, { quantity, covers: coverAll(records), now: this.#clock.now() })
      draft.issue({ kind: 'baseline', key: sku, text: sku, name: '', baseline })
      if (isCreation) draft.issue({ kind: 'listed', key: sku, text: sku, name: '', value: true, stamp: 2 })
    })
  }

  async list(sku: SkuKey): Promise<void> {
    await this.ledger.commit((draft) =>
      draft.issue({ kind: 'listed', key: sku, text: sku, name: '', value: true, stamp: 2 }),
    )
  }

  async sell(sku: SkuKey, quantity: number, at: number): Promise<void> {
    this.#seq += 1
    const change = { key: sku, seq: this.#seq, at, delta: -quantity, cause: 'sale', reference: null } as const
    await this.ledger.commit((draft) => draft.fold(this.feed, [change]))
  }

  /** Takes all that the other one holds above what is held here, with its movements or without. */
  async hear(from: Node, withHistory = true): Promise<void> {
    for (const [rid, { high }] of from.ledger.claims()) {
      const above = claimOf(this.ledger.holdings, rid).high
      if (high <= above) continue
      const records = [...from.ledger.holdings.above(rid, above)]
      const claim = claimOf(from.ledger.holdings, rid)
      const history = withHistory ? from.ledger.recentHistory(rid, above) : null
      const received = { rid, records, claim, fresh: false, history }
      const result = await this.ledger.commit((draft) => draft.receive(received))
      expect(result.ok).toBe(true)
    }
  }

  async told(sku: SkuKey): Promise<readonly string[]> {
    const { items } = await this.log.log({ ...page, sku: null, member: null, cause: null }, sku)
    return items.map(({ cause, delta, levelAfter, result }) => `${cause} ${delta} -> ${levelAfter} ${result}`)
  }
}

let now: number
let m: Node
let e: Node

beforeEach(async () => {
  now = 10_000
  const clock = { now: () => now }
  m = await new Node(1, clock).open()
  e = await new Node(2, clock).open()
  await m.create(key, 100)
  await m.create(other, 100)
  await e.hear(m)
})

describe('what other shops did', () => {
  it('3: a count is told as a count, with what it changed here', async () => {
    await e.sell(key, 3, 9_000)
    await m.count(key, 60)
    await e.hear(m)
    expect(await e.told(key)).toEqual([
      'stock-count -40 -> 57 97 replaced by 57',
      'sale -3 -> 97 counted',
      'created null -> 100 baseline',
    ])
    const { items } = await e.log.movements(key, page)
    expect(items.map(({ cause, delta, member }) => [cause, delta, member])).toEqual([
      ['stock-count', -40, shopOfRid(m.feed)],
      ['sale', -3, shopOfRid(e.feed)],
    ])
  })

  it('3: a count that comes after a later one is told as changing nothing', async () => {
    await m.count(key, 50)
    now += 1_000
    await e.count(key, 60)
    await e.hear(m)
    expect((await e.told(key))[0]).toBe('stock-count 0 -> 60 later-count-stands')
    await m.hear(e)
    expect((await m.told(key))[0]).toBe('stock-count 10 -> 60 50 replaced by 60')
  })

  it('30: a product that every shop had dropped and that was created again is told as created', async () => {
    await m.count(key, 5, true)
    await e.hear(m)
    expect((await e.told(key))[0]).toBe('created null -> 5 baseline')
  })

  it('a count is no creation because something else was listed right after it', async () => {
    await m.count(key, 60)
    await m.list('ny' as SkuKey)
    await e.hear(m)
    expect((await e.told(key))[0]).toBe('stock-count -40 -> 60 100 replaced by 60')
  })

  it('many counts at once have a line each, of many new products none', async () => {
    for (let index = 0; index < 60; index += 1) await m.create(`ny-${index}` as SkuKey, 1)
    for (let index = 0; index < 60; index += 1) await m.count(`ny-${index}` as SkuKey, 2)
    const lines: LogLine[] = []
    e.ledger.subscribe((committed) => lines.push(...committed.lines))
    await e.hear(m)
    expect(lines.filter(({ cause }) => cause === 'stock-count')).toHaveLength(60)
    expect(lines.filter(({ cause }) => cause === 'created')).toHaveLength(0)
  })
})

describe('what moved since a time', () => {
  const heard = (node: Node, sku = key) => coverAll(recordsOf(node.ledger.holdings, sku))
  const moved = (node: Node, since: number, from: ReturnType<typeof heard> = []) =>
    node.log.movedSince(key, () => since, { from, until: heard(node) })

  it('is the movements of all shops by their own times, counts left out', async () => {
    await m.sell(key, 2, 5_000)
    await e.hear(m)
    await m.sell(key, 3, 6_000)
    await e.hear(m)
    await e.sell(key, 4, 6_000)
    await e.count(key, 50)
    await e.sell(key, 1, 7_000)
    expect(await moved(e, 6_000)).toEqual({ units: -8, unclear: false })
    expect(await moved(e, 6_001)).toEqual({ units: -1, unclear: false })
    expect(await e.log.movedSince(other, () => 0, { from: [], until: heard(e, other) })).toEqual({
      units: 0,
      unclear: false,
    })
  })

  it('is only what was heard between two moments', async () => {
    await e.sell(key, 4, 6_000)
    const from = heard(e)
    expect(await moved(e, 0, from)).toEqual({ units: 0, unclear: false })
    await e.sell(key, 1, 7_000)
    expect(await moved(e, 0, from)).toEqual({ units: -1, unclear: false })
    expect(await e.log.movedSince(key, () => 0, { from: [], until: from })).toEqual({ units: -4, unclear: false })
  })

  it('is exact of several movements that came as one record', async () => {
    for (const at of [6_000, 6_100, 6_200]) await m.sell(key, 1, at)
    await e.hear(m)
    expect(await moved(e, 6_100)).toEqual({ units: -2, unclear: false })
  })

  it('is unclear of movements that are on their way, and takes them for later ones', async () => {
    await m.sell(key, 1, 5_000)
    await e.hear(m)
    await m.sell(key, 1, 6_000)
    await e.hear(m, false)
    expect(await moved(e, 5_500)).toEqual({ units: -1, unclear: true })
  })
})

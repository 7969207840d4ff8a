/**
 * Two or three nodes that exchange counters and history over a line that can break: the real ledger, database and
 * replicator, with every frame as it stands on the wire.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Cause,
  decodeHistoryRow,
  decodeMessage,
  encodeHistoryRow,
  encodeMessage,
  limits,
  type Message,
  noHistory,
  type Rid,
  ridOf,
  type ShopId,
  shopIdOfKey,
  type SkuKey,
} from '@stockmesh/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkHistories } from '../../packages/node/src/ledger/history-check.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { Replicator } from '../../packages/node/src/replication/replicator.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import { LogReader } from '../../packages/node/src/views/log-reader.ts'
import { ManualTime } from '../network/manual-time.ts'
import { anySeal } from '../harness/claim-seal.ts'

interface Frame {
  readonly from: ShopId
  readonly type: Message['type']
  readonly bytes: number
  readonly rows: number
}

/** What the line makes of a message; null loses it. */
type Bend = (from: ShopId, message: Message) => Message | null

let directory: string
let time: ManualTime
let nodes: Node[]

class Node {
  readonly shop: ShopId
  readonly feed: Rid
  readonly #byte: number
  #database: Database | null = null
  #ledger: Ledger | null = null
  #replicator: Replicator | null = null
  #seq = 0

  constructor(byte: number) {
    this.#byte = byte
    this.shop = shopIdOfKey(new Uint8Array(32).fill(byte))
    this.feed = ridOf(this.shop, new Uint8Array(8).fill(byte))
    nodes.push(this)
  }

  get ledger(): Ledger {
    if (this.#ledger === null) throw new Error('the node is not open')
    return this.#ledger
  }

  get replicator(): Replicator {
    if (this.#replicator === null) throw new Error('the node is not open')
    return this.#replicator
  }

  get log(): LogReader {
    if (this.#database === null) throw new Error('the node is not open')
    return new LogReader({ storage: this.#database, ledger: this.ledger })
  }

  async open(): Promise<this> {
    const storage = await openDatabase(join(directory, String(this.#byte)))
    const ledger = await Ledger.open(storage, time, systemRandom, this.shop, anySeal)
    const hello = { release: '1', unicode: '15', processId: new Uint8Array(16), startedAt: 0 }
    const ports = { ledger, storage, clock: time, timers: time, self: this.shop, hello }
    this.#replicator = await Replicator.open({
      ...ports,
      signatures: { isSigned: () => true },
      onAlarm: ({ code }) => expect(code).toBe(''),
    })
    this.#replicator.setShops(new Set(nodes.map(({ shop }) => shop)), new Map())
    this.#replicator.setWritten(this.feed)
    this.#database = storage
    this.#ledger = ledger
    return this
  }

  async close(): Promise<void> {
    if (this.#database === null) return
    await this.replicator[Symbol.asyncDispose]()
    await this.ledger.settle()
    await this.#database[Symbol.asyncDispose]()
    this.#database = null
  }

  /** Changes of the shop, one commit. */
  async move(changes: readonly (readonly [sku: string, delta: number])[], cause: Cause = 'sale'): Promise<void> {
    const rows = changes.map(([sku, delta]) => {
      this.#seq += 1
      return { key: sku as SkuKey, seq: this.#seq, at: time.now(), delta, cause, reference: `1${this.#seq}` }
    })
    await this.ledger.commit((draft) => draft.fold(this.feed, rows))
  }

  /** How many movements of a replica are held, and whether that is all. */
  holds(rid: Rid): { readonly through: number; readonly isAll: boolean } {
    const { through, complete } = this.ledger.histories.get(rid) ?? noHistory
    return { through, isAll: complete > 0 && complete === this.ledger.claims().get(rid)?.high }
  }

  async faults(): Promise<string[]> {
    const found: string[] = []
    if (this.#database === null) throw new Error('the node is not open')
    const { holdings, histories } = this.ledger
    for await (const { message } of checkHistories(this.#database, holdings, histories)) found.push(message)
    return found
  }

  async movements(sku: string): Promise<string[]> {
    const { items } = await this.log.movements(sku as SkuKey, { after: null, limit: 1_000 })
    return items.map(({ cause, delta, reference }) => `${cause} ${delta} ${reference ?? ''}`.trim())
  }
}

/** A line between two nodes. */
class Line {
  readonly frames: Frame[] = []
  readonly #ends: readonly [Node, Node]
  readonly #bend: Bend
  #isOpen = true

  constructor(one: Node, other: Node, bend: Bend = (_from, message) => message) {
    this.#ends = [one, other]
    this.#bend = bend
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      here.replicator.open({
        shopId: there.shop,
        send: (message) => this.#carry(here, there, message),
        close: (code) => expect(code).toBe(''),
      })
    }
  }

  break(): void {
    this.#isOpen = false
    const [one, other] = this.#ends
    one.replicator.close(other.shop)
    other.replicator.close(one.shop)
  }

  sum(type: Message['type'], from: Node): { readonly frames: number; readonly bytes: number; readonly rows: number } {
    const frames = this.frames.filter((frame) => frame.type === type && frame.from === from.shop)
    const add = (of: 'bytes' | 'rows'): number => frames.reduce((sum, frame) => sum + frame[of], 0)
    return { frames: frames.length, bytes: add('bytes'), rows: add('rows') }
  }

  #carry(from: Node, to: Node, message: Message): void {
    const bent = this.#bend(from.shop, message)
    if (bent === null) return
    const bytes = encodeMessage(bent)
    const rows = bent.type === 'history' ? bent.part.rows.length : 0
    this.frames.push({ from: from.shop, type: bent.type, bytes: bytes.length, rows })
    setImmediate(() => {
      const decoded = decodeMessage(bytes)
      if (!decoded.ok) throw new Error(decoded.message)
      if (this.#isOpen && decoded.value.type !== 'unknown') to.replicator.receive(from.shop, decoded.value)
    })
  }
}

/** Lets everything that is under way happen, while time passes slowly, until it is so. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await time.advance(1)
  }
}

const sku = (index: number): string => `sku-${String(index).padStart(5, '0')}`
/** 500 SKUs that moved five times each, one change a commit in turns. */
async function sellMany(node: Node): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await node.move(Array.from({ length: 500 }, (_, index) => [sku(index * 7), -1] as const))
  }
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-history-'))
  time = new ManualTime(1_700_000_000_000)
  nodes = []
})

afterEach(async () => {
  for (const node of nodes) await node.close()
  await rm(directory, { recursive: true })
})

test('a re-sync of 500 SKUs takes 12 kB of counters, then 80 bytes a movement, whatever the catalogue', async () => {
  const [m, e] = [new Node(1), new Node(2)]
  await m.open()
  await e.open()
  await m.move(
    Array.from({ length: 4_000 }, (_, index) => [sku(index), 1_000] as const),
    'received',
  )
  const first = new Line(m, e)
  await until('all is there', () => e.holds(m.feed).through === 4_000 && e.holds(m.feed).isAll)
  first.break()
  await sellMany(m)
  const line = new Line(m, e)
  await until('all is there again', () => e.holds(m.feed).through === 6_500 && e.holds(m.feed).isAll)
  const counters = line.sum('chunk', m)
  const history = line.sum('history', m)
  expect(history.rows).toBe(2_500)
  expect(counters.bytes).toBeLessThanOrEqual(12_000)
  expect(history.bytes / history.rows).toBeLessThanOrEqual(80)
  // Counters first: nothing of the history stands before them.
  const types = line.frames.filter(({ from }) => from === m.shop).map(({ type }) => type)
  expect(types.lastIndexOf('chunk')).toBeLessThan(types.indexOf('history'))
  for (const { type, bytes } of line.frames) {
    if (type === 'history') expect(bytes).toBeLessThan(limits.historyPartBytesMax + 2_000)
  }
  expect(await e.faults()).toEqual([])
  expect(await e.movements(sku(7))).toEqual(await m.movements(sku(7)))
})

test('a sale is seen with its cause in the batch that brings it, and nobody asks', async () => {
  const [m, e] = [await new Node(1).open(), await new Node(2).open()]
  m.replicator.setShops(new Set(nodes.map(({ shop }) => shop)), new Map())
  const line = new Line(m, e)
  await m.move([['kop-2', -1]])
  await until('it is there', () => e.holds(m.feed).through === 1)
  const lines: (string | null)[] = []
  e.ledger.subscribe((committed) => {
    for (const one of committed.lines) lines.push(`${committed.claims.length} ${one.reference}`)
  })
  await m.move([['kop-2', -2]])
  await until('it is there too', () => e.holds(m.feed).through === 2)
  expect(lines).toEqual(['1 12'])
  expect(line.sum('history-want', e).frames).toBe(0)
  expect(line.frames.filter(({ type }) => type === 'chunk').at(-1)?.bytes).toBeLessThanOrEqual(200)
})

test('24: a line that breaks in between goes on where it was, also after a restart', async () => {
  const [m, e] = [new Node(1), new Node(2)]
  await m.open()
  await e.open()
  await sellMany(m)
  let parts = 0
  const line = new Line(m, e, (_from, message) => {
    if (message.type === 'history') parts += 1
    return message.type === 'history' && parts > 2 ? null : message
  })
  await until('two parts are there', () => e.holds(m.feed).through === 2 * limits.historyPartRowsMax)
  expect(e.holds(m.feed).isAll).toBe(false)
  line.break()
  await e.close()
  await e.open()
  expect(e.holds(m.feed)).toEqual({ through: 2 * limits.historyPartRowsMax, isAll: false })
  const again = new Line(m, e)
  await until('all is there', () => e.holds(m.feed).isAll)
  expect(again.sum('history', m).rows).toBe(2_500 - 2 * limits.historyPartRowsMax)
  expect(await e.faults()).toEqual([])
})

test('a node of an earlier release has the counters and is never asked; another member has its movements', async () => {
  const [m, e, t] = [new Node(1), new Node(2), new Node(3)]
  for (const node of [m, e, t]) await node.open()
  await sellMany(m)
  // E heard all while it could; M then runs a release that knows no history.
  const before = new Line(m, e)
  await until('E has all', () => e.holds(m.feed).isAll)
  before.break()
  const old: Bend = (from, message) => {
    if (from !== m.shop) return message.type === 'history-want' ? null : message
    if (message.type === 'hello') return { ...message, history: false }
    return message.type === 'chunk' ? { ...message, history: null } : message
  }
  const line = new Line(m, t, old)
  await until('T has the counters', () => t.ledger.claims().get(m.feed)?.high === 2_500)
  expect(t.holds(m.feed)).toEqual({ through: 0, isAll: false })
  expect(await t.movements(sku(7))).toEqual(['catch-up -5'])
  expect(line.frames.map(({ type }) => type)).not.toContain('history-want')
  const other = new Line(e, t)
  await until('T has the movements', () => t.holds(m.feed).isAll)
  expect(other.sum('history', e).rows).toBe(2_500)
  expect(await t.movements(sku(7))).toEqual(await m.movements(sku(7)))
  expect(await t.faults()).toEqual([])
})

test('26: a member that lies about movements is not believed, and another is asked', async () => {
  const [m, e, t] = [new Node(1), new Node(2), new Node(3)]
  for (const node of [m, e, t]) await node.open()
  await sellMany(m)
  const before = new Line(m, e)
  await until('E has all', () => e.holds(m.feed).isAll)
  before.break()
  await m.close()
  const lying: Bend = (_from, message) => {
    if (message.type !== 'history') return message
    const rows = message.part.rows.map((bytes) => {
      const row = decodeHistoryRow(bytes)
      if (!row.ok) throw new Error(row.message)
      return encodeHistoryRow({ ...row.value, movement: { ...row.value.movement, delta: -500 } })
    })
    return { ...message, part: { ...message.part, rows } }
  }
  const line = new Line(e, t, lying)
  await until('a lie was told', () => line.sum('history', e).frames > 0)
  await until('T has the counters', () => t.ledger.claims().get(m.feed)?.high === 2_500)
  for (let turn = 0; turn < 50; turn += 1) await time.advance(10)
  expect(t.holds(m.feed)).toEqual({ through: 0, isAll: false })
  expect(await t.movements(sku(7))).toEqual(['catch-up -5'])
  // It rests a while, instead of being asked in a loop.
  expect(line.sum('history', e).frames).toBe(1)
  line.break()
  const honest = new Line(e, t)
  await until('T has the movements', () => t.holds(m.feed).isAll)
  expect(honest.sum('history', e).rows).toBe(2_500)
  expect(await t.faults()).toEqual([])
})

test('many questions of one peer cost one answer at a time', async () => {
  const [m, e] = [new Node(1), new Node(2)]
  await m.open()
  await e.open()
  await sellMany(m)
  const line = new Line(m, e)
  await until('all is there', () => e.holds(m.feed).isAll)
  const answered = line.sum('history', m).frames
  const want = { type: 'history-want', rid: m.feed, above: 0, high: 2_500 } as const
  for (let turn = 0; turn < 1_000; turn += 1) m.replicator.receive(e.shop, want)
  await until('they are answered', () => line.sum('history', m).frames >= answered + 2)
  for (let turn = 0; turn < 50; turn += 1) await time.advance(10)
  // The first, and the last of those that came meanwhile; E takes none of them, since it asked for none.
  expect(line.sum('history', m).frames).toBe(answered + 2)
  expect(e.holds(m.feed).through).toBe(2_500)
})

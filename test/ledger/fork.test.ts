/**
 * A replica with two histories: its folder and shop were put back to an old copy by hand, and sold on. The real ledger
 * and replicator of each node over a line; whoever meets both histories merges them, and every node ends with the same.
 */
import { ridOf, type ShopId, shopIdOfKey, type SkuKey, totalsOf } from '@stockmesh/protocol'
import { beforeEach, expect, test } from 'vitest'
import { auditTestimonies } from '../../packages/node/src/audit/audit-trust.ts'
import { Faults } from '../../packages/node/src/audit/faults.ts'
import { checkHistories } from '../../packages/node/src/ledger/history-check.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { readSummedClaims } from '../../packages/node/src/ledger/sum-rows.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { type ReplicationAlarm, Replicator } from '../../packages/node/src/replication/replicator.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { del, put } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'
import { anySeal } from '../harness/claim-seal.ts'

const [shopM, shopE, shopT] = [1, 2, 3].map((byte) => shopIdOfKey(new Uint8Array(32).fill(byte))) as [
  ShopId,
  ShopId,
  ShopId,
]
const feed = ridOf(shopE, new Uint8Array(8).fill(7))
const skus = ['a', 'b', 'c'] as SkuKey[]

let time: ManualTime

class Node implements AsyncDisposable {
  readonly shop: ShopId
  readonly alarms: ReplicationAlarm[] = []
  readonly ledger: Ledger
  readonly replicator: Replicator
  readonly #storage: MemoryStorage

  private constructor(shop: ShopId, storage: MemoryStorage, ledger: Ledger, replicator: Replicator) {
    this.shop = shop
    this.#storage = storage
    this.ledger = ledger
    this.replicator = replicator
  }

  static async open(shop: ShopId, storage = new MemoryStorage()): Promise<Node> {
    const ledger = await Ledger.open(storage, time, systemRandom, shop, anySeal)
    const hello = { release: '1', unicode: '15', processId: new Uint8Array(16), startedAt: 0 }
    const told: { node: Node | null } = { node: null }
    const onAlarm = (alarm: ReplicationAlarm): void => void told.node?.alarms.push(alarm)
    const ports = {
      ledger,
      storage,
      clock: time,
      timers: time,
      self: shop,
      hello,
      signatures: { isSigned: () => true },
      onAlarm,
    }
    const replicator = await Replicator.open(ports)
    told.node = new Node(shop, storage, ledger, replicator)
    replicator.setShops(new Set([shopM, shopE, shopT]), new Map())
    if (shop === shopE) replicator.setWritten(feed)
    return told.node
  }

  /** A change of the shop of E, under this number of its feed. */
  async move(seq: number, key: string, delta: number): Promise<void> {
    const change = { key: key as SkuKey, seq, at: time.now(), delta, cause: 'sale', reference: null } as const
    await this.ledger.commit((draft) => draft.fold(feed, [change]))
  }

  get sold(): number[] {
    return skus.map((key) => totalsOf(this.ledger.holdings, feed, key)?.removed ?? 0)
  }

  get claim(): string {
    const claim = this.ledger.claims().get(feed)
    return claim === undefined ? 'none' : `${claim.high} ${Buffer.from(claim.digest).toString('hex')}`
  }

  get doubtful(): string[] {
    return [...new Set(this.alarms.flatMap(({ code, doubtful }) => (code === 'fork' ? (doubtful ?? []) : [])))].sort(
      (one, other) => (one < other ? -1 : 1),
    )
  }

  async faults(): Promise<string[]> {
    const found: string[] = []
    const { holdings, histories } = this.ledger
    for await (const { message } of checkHistories(this.#storage, holdings, histories)) found.push(message)
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.replicator[Symbol.asyncDispose]()
    await this.ledger.settle()
  }
}

/** Opens a session between two nodes; answers how to end it. */
function meet(one: Node, other: Node): () => void {
  let isOpen = true
  const end = (): void => {
    isOpen = false
    one.replicator.close(other.shop)
    other.replicator.close(one.shop)
  }
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    here.replicator.open({
      shopId: there.shop,
      send: (message) => setImmediate(() => isOpen && there.replicator.receive(here.shop, message)),
      close: (code) => expect(code).toBe(''),
    })
  }
  return end
}

/** Lets everything happen until it is so. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    if (turn > 2_000) throw new Error(`never came true: ${what}`)
    await time.advance(50)
  }
}

function inStep(one: Node, other: Node): boolean {
  return one.claim === other.claim && one.replicator.equals(other.shop) && other.replicator.equals(one.shop)
}

/** E sold 2 of a, was copied, and then went two ways: M knows of one, T of the other. */
async function twoWays(m: Node, t: Node): Promise<{ readonly copy: Node }> {
  const storage = new MemoryStorage()
  await using e = await Node.open(shopE, storage)
  await e.move(1, 'a', -2)
  const copied = storage.copy()
  await e.move(2, 'a', -5)
  await e.move(3, 'b', -1)
  const end = meet(e, m)
  await until('M has it', () => inStep(e, m))
  end()
  const copy = await Node.open(shopE, copied)
  await copy.move(2, 'a', -3)
  await copy.move(3, 'c', -4)
  const endCopy = meet(copy, t)
  await until('T has it', () => inStep(copy, t))
  endCopy()
  expect([m.sold, t.sold]).toEqual([
    [7, 1, 0],
    [5, 0, 4],
  ])
  return { copy }
}

beforeEach(() => {
  time = new ManualTime(1_700_000_000_000)
})

test('two nodes with one history each end with the larger totals of both, and name what may be lost', async () => {
  await using m = await Node.open(shopM)
  await using t = await Node.open(shopT)
  const { copy } = await twoWays(m, t)
  const end = meet(m, t)
  await until('M and T are in step', () => inStep(m, t))
  expect([m.sold, t.sold]).toEqual([
    [7, 1, 4],
    [7, 1, 4],
  ])
  for (const node of [m, t]) {
    expect(new Set(node.alarms.map(({ code, rid }) => `${code} ${rid}`))).toEqual(new Set([`fork ${feed}`]))
    expect(await node.faults()).toEqual([])
  }
  expect([...m.doubtful, ...t.doubtful]).toContain('a')

  // The origin hears that it may not go on under this replica, and then takes what the others have.
  const endOrigin = meet(copy, t)
  await until('the origin is told', () => copy.alarms.some(({ code }) => code === 'fork'))
  expect(copy.sold).toEqual([5, 0, 4])
  copy.replicator.release(feed)
  await until('the origin has it too', () => inStep(copy, t))
  expect(copy.sold).toEqual([7, 1, 4])
  expect(await copy.faults()).toEqual([])
  end()
  endOrigin()
  await copy[Symbol.asyncDispose]()
})

test('a history that went on alone is merged when it is met, and merging ends', async () => {
  await using m = await Node.open(shopM)
  await using t = await Node.open(shopT)
  const { copy } = await twoWays(m, t)
  const end = meet(m, t)
  await until('M and T are in step', () => inStep(m, t))
  end()
  // The copy is not told, sells on, and T hears of it by the way of M only.
  await copy.move(4, 'c', -6)
  const endOrigin = meet(copy, m)
  await until('the origin is told', () => copy.alarms.some(({ code }) => code === 'fork'))
  copy.replicator.release(feed)
  await until('the origin and M are in step', () => inStep(copy, m))
  const endLast = meet(m, t)
  await until('all are in step', () => inStep(m, t) && inStep(copy, m))
  for (const node of [m, t, copy]) expect(node.sold).toEqual([7, 1, 10])
  const before = [m, t, copy].map(({ claim }) => claim)
  await time.advance(130_000)
  expect([m, t, copy].map(({ claim }) => claim)).toEqual(before)
  endOrigin()
  endLast()
  await copy[Symbol.asyncDispose]()
})

test('who takes part later gets what is merged, like any other claim', async () => {
  await using m = await Node.open(shopM)
  await using t = await Node.open(shopT)
  const { copy } = await twoWays(m, t)
  meet(m, t)
  await until('M and T are in step', () => inStep(m, t))
  await copy[Symbol.asyncDispose]()
  const late = shopIdOfKey(new Uint8Array(32).fill(4))
  await using joined = await Node.open(late)
  meet(joined, m)
  await until('the new one is in step', () => inStep(joined, m))
  expect(joined.sold).toEqual([7, 1, 4])
  expect(joined.alarms).toEqual([])
  expect(await joined.faults()).toEqual([])
})

test('what it was merged of is kept, shown to others after a restart, and found damaged', async () => {
  const disk = new MemoryStorage()
  {
    await using m = await Node.open(shopM, disk)
    await using t = await Node.open(shopT)
    const { copy } = await twoWays(m, t)
    meet(m, t)
    await until('M and T are in step', () => inStep(m, t))
    await copy[Symbol.asyncDispose]()
  }
  expect(await auditOf(disk)).toEqual([])
  const rows: [Uint8Array, Uint8Array][] = []
  for await (const row of disk.scan(prefixRange(tables.testimony))) rows.push([...row])
  expect(rows).toHaveLength(4)
  {
    await using m = await Node.open(shopM, disk.copy())
    await using joined = await Node.open(shopIdOfKey(new Uint8Array(32).fill(4)))
    meet(joined, m)
    await until('the new one is in step', () => inStep(joined, m))
    expect(joined.sold).toEqual([7, 1, 4])
  }
  // Nothing that is not whole is claimed or shown, and what comes from another heals it.
  for (const [index, [key, value]] of rows.entries()) {
    const damaged = disk.copy()
    await damaged.write([index % 2 === 0 ? del(key) : put(key, Uint8Array.of(1, ...value.subarray(0, -1)))])
    const codes = await auditOf(damaged)
    expect(codes).toEqual(expect.arrayContaining(['history-not-signed', 'merge-unproven']))
    await using m = await Node.open(shopM, damaged)
    expect([...m.ledger.suspects.keys()]).toEqual(index % 2 === 0 ? [feed] : [])
    if (index % 2 !== 0) continue
    expect([m.claim, m.sold]).toEqual(['none', [7, 1, 4]])
    await using whole = await Node.open(shopT, disk.copy())
    meet(m, whole)
    await until('M is whole again', () => inStep(m, whole))
    expect([m.sold, await auditOf(damaged)]).toEqual([[7, 1, 4], []])
  }
})

async function auditOf(storage: MemoryStorage): Promise<string[]> {
  const ignore = (): void => undefined
  const claims = await readSummedClaims(storage, anySeal.hashes, { malformed: ignore, damaged: ignore })
  const faults = new Faults()
  await auditTestimonies(storage, { hashes: anySeal.hashes, claims, isSigned: () => true }, faults)
  return faults.kept.map(({ code }) => code)
}

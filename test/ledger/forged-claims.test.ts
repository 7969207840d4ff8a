/**
 * A member that relays another shop's counters and adds to them, by real keys and hashes: the ledger and replicator of
 * three nodes over a line, of which the one in the middle lies.
 */
import {
  decodeNetworkId,
  encodeRecord,
  isClaimSigned,
  mergeTestimonies,
  type Message,
  replaceInSum,
  type Rid,
  ridOf,
  sheetsOf,
  type ShopId,
  type SkuKey,
  testify,
  type Testimony,
  testimoniesOf,
  totalsOf,
} from '@stockmesh/protocol'
import { beforeEach, expect, test } from 'vitest'
import { digestOf } from '../../packages/protocol/src/digest.ts'
import { generateIdentity, type Identity } from '../../packages/node/src/identity.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'
import { ClaimSignatures } from '../../packages/node/src/replication/claim-signatures.ts'
import { type ReplicationAlarm, Replicator } from '../../packages/node/src/replication/replicator.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'

const network = decodeNetworkId(new Uint8Array(32).fill(6))
const identities = [generateIdentity(), generateIdentity(), generateIdentity()] as const
const [ofM, ofE, ofT] = identities
const feed = ridOf(ofM.shopId, new Uint8Array(8).fill(7))
const key = 'falsk-26' as SkuKey

let time: ManualTime

class Node implements AsyncDisposable {
  readonly shop: ShopId
  readonly ledger: Ledger
  readonly replicator: Replicator
  readonly alarms: ReplicationAlarm[] = []
  readonly closed: string[] = []

  private constructor(shop: ShopId, ledger: Ledger, replicator: Replicator) {
    this.shop = shop
    this.ledger = ledger
    this.replicator = replicator
  }

  static async open(identity: Identity, storage: MemoryStorage = new MemoryStorage()): Promise<Node> {
    const { shopId: self } = identity
    const signatures = new ClaimSignatures(identity, () => ({
      id: network,
      keyOf: (shop) => identities.find(({ shopId }) => shopId === shop)?.publicKey ?? null,
    }))
    const seal = { hashes: recordHashes, sign: signatures.sign.bind(signatures) }
    const ledger = await Ledger.open(storage, time, systemRandom, self, seal)
    const hello = { release: '1', unicode: '15', processId: new Uint8Array(16), startedAt: 0 }
    const told: { node: Node | null } = { node: null }
    const onAlarm = (alarm: ReplicationAlarm): void => void told.node?.alarms.push(alarm)
    const ports = { ledger, storage, clock: time, timers: time, self, hello, signatures, onAlarm }
    const replicator = await Replicator.open(ports)
    told.node = new Node(self, ledger, replicator)
    replicator.setShops(new Set(identities.map(({ shopId }) => shopId)), new Map())
    if (self === ofM.shopId) replicator.setWritten(feed)
    return told.node
  }

  get units(): number {
    return totalsOf(this.ledger.holdings, feed, key)?.added ?? 0
  }

  get claim(): string {
    const claim = this.ledger.claims().get(feed)
    return claim === undefined ? 'none' : `${claim.high} ${Buffer.from(claim.digest).toString('hex')}`
  }

  async receive(seq: number, delta: number): Promise<void> {
    const change = { key, seq, at: time.now(), delta, cause: 'received', reference: null } as const
    await this.ledger.commit((draft) => draft.fold(feed, [change]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.replicator[Symbol.asyncDispose]()
    await this.ledger.settle()
  }
}

const plain = (message: Message): readonly Message[] => [message]

/** Opens a session; what the first one says comes as `told` makes it. */
function meet(one: Node, other: Node, told: (message: Message) => readonly Message[] = plain): void {
  let isOpen = true
  for (const [here, there, makes] of [
    [one, other, told],
    [other, one, plain],
  ] as const) {
    here.replicator.open({
      shopId: there.shop,
      send: (message) => {
        for (const made of makes(message)) setImmediate(() => isOpen && there.replicator.receive(here.shop, made))
      },
      close: (code) => {
        isOpen = false
        here.closed.push(code)
        here.replicator.close(there.shop)
        there.replicator.close(here.shop)
      },
    })
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    if (turn > 2_000) throw new Error(`never came true: ${what}`)
    await time.advance(50)
  }
}

/** 500 units more under M's replica, with a digest that fits; E signs with the only key that it has. */
function withMore(e: Node, message: Message): Message {
  if (message.type !== 'chunk' || message.digest === null || message.rid !== feed) return message
  const { holdings } = e.ledger
  const held = holdings.find(feed, 'totals', key)
  const high = message.high + 1
  const forged = encodeRecord({ kind: 'totals', seq: high, key, added: 580, removed: 0 })
  const sum = holdings.sum(feed).slice()
  replaceInSum(recordHashes, sum, held?.bytes ?? null, forged)
  const claim = { high, digest: recordHashes.condense(sum) }
  const liar = new ClaimSignatures(ofE, () => ({ id: network, keyOf: () => null }))
  return { ...message, ...claim, records: [...message.records, forged], signature: liar.sign(feed as Rid, claim) }
}

/** A history of M's replica that there never was: 500 units more, signed with the only key that E has. */
function inventedHistory(): Testimony {
  const record = { bytes: encodeRecord({ kind: 'totals', seq: 1, key, added: 580, removed: 0 }) }
  const claim = { high: 1, digest: digestOf(recordHashes, [record]) }
  const liar = new ClaimSignatures(ofE, () => ({ id: network, keyOf: () => null }))
  const testimony = testify({ ...claim, signature: liar.sign(feed, claim) }, [record])
  if (testimony === null) throw new Error('it is signed')
  return testimony
}

/** E says that M's replica was merged, and shows these histories of it. */
function withMerged(testimonies: readonly Testimony[]): (message: Message) => readonly Message[] {
  const claim = mergeTestimonies(recordHashes, feed, testimonies).claim
  return (message) => {
    if (message.type === 'have') {
      const others = message.claims.filter(({ rid }) => rid !== feed)
      return [{ ...message, claims: [...others, { rid: feed, ...claim }] }]
    }
    if (message.type !== 'chunk' || message.rid !== feed) return [message]
    const sheets = sheetsOf(testimonies)
    return sheets.map((records, above) => {
      const digest = above + 1 === sheets.length ? claim.digest : null
      return { ...message, index: above, above, records, high: claim.high, digest, signature: null }
    })
  }
}

beforeEach(() => {
  time = new ManualTime(1_700_000_000_000)
})

test('26: E relays a record in the name of M with 500 more: refused, flagged, and it stays 80', async () => {
  await using m = await Node.open(ofM)
  await using e = await Node.open(ofE)
  await using t = await Node.open(ofT)
  await m.receive(1, 80)
  meet(m, e)
  await until('E has it', () => e.units === 80 && e.claim === m.claim)
  meet(e, t, (message) => [withMore(e, message)])
  await until('T sends E away', () => t.closed.length > 0)
  expect(t.closed).toEqual(['claim-forged'])
  expect(t.alarms.map(({ code, peer }) => [code, peer])).toEqual([['claim-forged', ofE.shopId]])
  expect([t.units, t.claim]).toEqual([0, 'none'])
  meet(m, t)
  await until('T has it from M', () => t.claim === m.claim)
  expect([m, e, t].map(({ units }) => units)).toEqual([80, 80, 80])
})

test.each([
  ['alone', (): Testimony[] => [inventedHistory()]],
  ['beside the true one', (m: Node): Testimony[] => [...testimoniesOf(m.ledger.holdings, feed), inventedHistory()]],
  [
    'as the true one twice',
    (m: Node): Testimony[] => testimoniesOf(m.ledger.holdings, feed).flatMap((one) => [one, one]),
  ],
])('a second history that E invents is taken by nobody, and M hears of no fork: shown %s', async (_, shown) => {
  await using m = await Node.open(ofM)
  await using e = await Node.open(ofE)
  await using t = await Node.open(ofT)
  await m.receive(1, 80)
  meet(m, e)
  await until('E has it', () => e.claim === m.claim)
  for (const node of [t, m]) {
    const { length } = node.alarms
    node.replicator.close(ofE.shopId)
    meet(e, node, withMerged(shown(m)))
    await until('E is sent away', () => node.closed.length > 0)
    expect(node.closed).toEqual(['digest-wrong'])
    expect(node.alarms.slice(length).map(({ code, peer }) => [code, peer])).toEqual([['digest-wrong', ofE.shopId]])
  }
  expect([t.units, t.claim, m.units]).toEqual([0, 'none', 80])
  meet(m, t)
  await until('T has it from M', () => t.claim === m.claim)
  expect(t.units).toBe(80)
})

test('a relay passes the signature of the origin on, also after both were started anew', async () => {
  const storages = [new MemoryStorage(), new MemoryStorage()] as const
  {
    await using m = await Node.open(ofM, storages[0])
    await using e = await Node.open(ofE, storages[1])
    await m.receive(1, 80)
    meet(m, e)
    await until('E has it', () => e.claim === m.claim)
  }
  await using m = await Node.open(ofM, storages[0].copy())
  await using e = await Node.open(ofE, storages[1].copy())
  await using t = await Node.open(ofT)
  meet(e, t)
  await until('T has it from E', () => t.units === 80)
  expect(t.alarms).toEqual([])
  for (const node of [m, e, t]) {
    const claim = node.ledger.claims().get(feed)
    if (claim === undefined) throw new Error('all hold it')
    expect(isClaimSigned(network, feed, claim, ofM.publicKey, ofM.verify)).toBe(true)
    expect(node.claim).toBe(m.claim)
  }
})

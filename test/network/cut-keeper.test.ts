/**
 * What members say of a shop that is out: each how far it holds its counters, by itself, and again where more came
 * before all had spoken.
 */
import { isAboveCut, type NetworkId, type Rid, ridOf } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { generateIdentity, type Identity } from '../../packages/node/src/identity.ts'
import { CutKeeper } from '../../packages/node/src/network/cut-keeper.ts'
import { type Membership, openMembership } from '../../packages/node/src/network/membership.ts'
import { systemClock } from '../../packages/node/src/ports.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { eventually } from './small-node.ts'

const [ofM, ofE, ofT] = [generateIdentity(), generateIdentity(), generateIdentity()] as const
const sold = ridOf(ofE.shopId, new Uint8Array(8).fill(1))
const about = (name: string) => ({ url: `http://127.0.0.1/${name}`, name })

class Member {
  readonly membership: Membership
  readonly held = new Map<Rid, { high: number; digest: Uint8Array; signature: null }>()
  readonly keeper: CutKeeper

  constructor(membership: Membership, { shopId: self }: Identity) {
    this.membership = membership
    const onFailure = (error: unknown): void => expect(error).toBeNull()
    this.keeper = new CutKeeper({ self, membership, replicator: this, onFailure })
    membership.onChange(() => this.keeper.notice())
  }

  static async open(identity: Identity, storage = new MemoryStorage()): Promise<Member> {
    return new Member(await openMembership(storage, 1, identity, systemClock), identity)
  }

  hold(high: number): void {
    this.held.set(sold, { high, digest: new Uint8Array(32), signature: null })
    this.keeper.hear([{ rid: sold, high, digest: new Uint8Array(32), signature: null }])
  }

  /** How far E goes here; null while not all have spoken. */
  get end(): number | null {
    const cut = this.membership.view?.cuts.get(ofE.shopId)
    return cut?.isFinal === true ? (cut.highs.get(sold) ?? 0) : null
  }
}

/** A network of M and of those that it lets in, by name. */
async function found({ membership }: Member, others: Readonly<Record<string, Identity>>): Promise<NetworkId> {
  const founded = await membership.found(about('M'))
  if (!founded.ok) throw new Error(founded.message)
  for (const [name, { publicKey }] of Object.entries(others)) await membership.add({ key: publicKey, ...about(name) })
  return founded.value
}

test('25: M evicts E while T is cut off and has heard of 4 sales more: those count, and the next one is refused by both', async () => {
  const [m, t] = [await Member.open(ofM), await Member.open(ofT)]
  await t.membership.adopt(await found(m, { E: ofE, T: ofT }), m.membership.records())
  m.hold(3)
  t.hold(7)
  await m.membership.remove(ofE.shopId)
  await eventually(() => m.membership.view?.cuts.get(ofE.shopId)?.by.has(ofM.shopId) === true, 'M says what it holds')
  expect(m.end).toBeNull()

  await t.membership.receive(m.membership.records())
  await eventually(() => t.end !== null, 'T has spoken, and so has everybody')
  await m.membership.receive(t.membership.records())
  expect([m.end, t.end]).toEqual([7, 7])
  for (const { membership } of [m, t]) {
    const cuts = membership.view?.cuts ?? new Map()
    expect([7, 8].map((high) => isAboveCut(cuts, sold, high))).toEqual([false, true])
  }
  // M has fetched what T had: it says so, and nothing more is said.
  m.hold(7)
  await eventually(
    () => m.membership.view?.cuts.get(ofE.shopId)?.by.get(ofM.shopId)?.get(sold) === 7,
    'M says what it holds by now',
  )
  const said = m.membership.records().length
  m.hold(7)
  await m.membership.rename('M again')
  expect(m.membership.records().length).toBe(said + 1)
})

test('T lets E in while M removes T: A, who took E for a member and is stopped as it hears of it, says so at its next start, and M answers', async () => {
  const ofA = generateIdentity()
  const storage = new MemoryStorage()
  const [m, t] = [await Member.open(ofM), await Member.open(ofT)]
  const a = await openMembership(storage, 1, ofA, systemClock)
  const network = await found(m, { T: ofT, A: ofA })
  for (const membership of [t.membership, a]) await membership.adopt(network, m.membership.records())
  await t.membership.add({ key: ofE.publicKey, ...about('E') })
  await a.receive(t.membership.records())
  expect(a.member(ofE.shopId)).not.toBeNull()
  await m.membership.remove(ofT.shopId)
  await a.receive(m.membership.records())
  expect(a.view?.pending).toEqual([ofE.shopId])
  expect(a.view?.cuts.has(ofE.shopId)).toBe(false)

  const again = await Member.open(ofA, storage)
  again.held.set(sold, { high: 4, digest: new Uint8Array(32), signature: null })
  again.keeper.notice()
  await eventually(() => again.membership.view?.cuts.has(ofE.shopId) === true, 'A says what it holds')
  await m.membership.receive(again.membership.records())
  await eventually(() => m.end !== null, 'M has spoken, too')
  await again.membership.receive(m.membership.records())
  expect([m.end, again.end]).toEqual([4, 4])
  // M fetches it, says so, and nobody has anything to say any more.
  m.hold(4)
  await eventually(() => m.membership.view?.cuts.get(ofE.shopId)?.by.get(ofM.shopId)?.get(sold) === 4, 'M has it')
  await again.membership.receive(m.membership.records())
  const said = again.membership.records().length
  await again.membership.rename('A again')
  expect(again.membership.records().length).toBe(said + 1)
})

/**
 * Shops that were evicted and go on signing under old pasts. The same honest network is played twice, once with them and
 * once without: what honest members agree on must be the same. All that an evicted shop may still bring in is what it
 * signed before its eviction was known, where a member that did not know of it either built on it; so here nobody
 * endorses: whoever hears of such a record knows of the eviction, or does not act upon the record.
 *
 * STOCKMESH_ADVERSARY_COUNT runs more histories than the suite does.
 */
import { hashMembershipRecord, type MembershipChange, type MembershipView } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, ridAt } from './arbitraries.ts'
import { idOf, keyOf, Side } from './membership-side.ts'

const runs = Number(process.env['STOCKMESH_ADVERSARY_COUNT'] ?? 150)

const honest = ['m', 'a', 'b', 't', 'u']
const villains = ['e', 'c']
const guests = ['x', 'y']
const newcomers = ['n', 'o']
const everybody = [...honest, ...villains, ...guests, ...newcomers]

type Kind = MembershipChange['kind'] | 'merge' | 'hear'

/** `pick` chooses whatever else there is to choose. */
interface Step {
  readonly kind: Kind
  readonly by: number
  readonly whom: number
  readonly pick: readonly number[]
}

/** What each honest shop (and in its good days each villain) knows. */
type World = Map<string, Side>

const stepOf = (kinds: readonly Kind[], many: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      by: fc.nat(99),
      whom: fc.nat(99),
      pick: fc.array(fc.nat(999), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: many },
  )

const good: readonly Kind[] = ['add', 'add', 'add', 'remove', 'rename', 'address', 'cut', 'merge', 'merge', 'merge']
const bad: readonly Kind[] = ['add', 'add', 'remove', 'remove', 'rename', 'address', 'cut']

function at<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T
}

function changeOf(kind: Kind, subject: string, high: number): MembershipChange {
  switch (kind) {
    case 'add':
      return { kind, key: keyOf(subject), url: `http://${subject}${high}.test`, name: `${subject}${high}` }
    case 'remove':
      return { kind, subject: idOf(subject) }
    case 'address':
      return { kind, url: `http://moved${high}.test` }
    case 'rename':
      return { kind, name: `named${high}` }
    case 'cut':
      return { kind, subject: idOf(subject), highs: new Map([[ridAt(idOf(subject)), high]]), more: false }
    default:
      throw new Error(kind)
  }
}

const isIn = (side: Side | undefined, name: string): side is Side =>
  side?.view.members.some(({ shopId }) => shopId === idOf(name)) === true

/** Whether an honest shop that knows this much would do it; it takes part in the network, and does nothing for nothing. */
function would(side: Side | undefined, by: string, kind: Kind, subject: string): side is Side {
  if (!isIn(side, by)) return false
  const { view } = side
  const id = idOf(subject)
  if (kind === 'add')
    return by !== subject && !view.members.some(({ shopId }) => shopId === id) && !view.removed.includes(id)
  if (kind === 'remove') return view.members.some(({ shopId }) => shopId === id)
  if (kind === 'cut') return view.removed.includes(id)
  return true
}

function act(world: World, by: string, kind: Kind, subject: string, high: number): void {
  const side = world.get(by) as Side
  const after = side.sign(by, changeOf(kind, subject, high))
  world.set(by, after)
  // Who lets a shop in sends it all records.
  if (kind === 'add') world.set(subject, world.get(subject)?.merge(after) ?? after)
}

const unique = (side: Side): Side =>
  new Side(side.network, [...new Map(side.records.map((bytes) => [hashMembershipRecord(bytes), bytes])).values()])

function whole(world: World, who: readonly string[] = [...world.keys()]): Side {
  const [first, ...others] = who.flatMap((name) => world.get(name) ?? []) as [Side, ...Side[]]
  return unique(first.merge(...others))
}

/**
 * What honest members agree on. Of shops that two let in at the same time after the eviction, the one who counts, and so
 * their order, may be another one: what came before a record of theirs is a longer past.
 */
function agreed(view: MembershipView, known: MembershipView, old: ReadonlySet<string>): unknown {
  const isOld = ({ shopId }: { readonly shopId: string }): boolean => old.has(shopId)
  return {
    old: view.members.filter(isOld),
    fresh: view.members.flatMap((member) => (isOld(member) ? [] : [member.shopId])).sort(),
    pending: view.pending.filter((shop) => known.keys.has(shop)),
    removed: view.removed.filter((shop) => !guests.map(idOf).includes(shop)),
    cuts: [...view.cuts]
      .filter(([shop]) => !guests.map(idOf).includes(shop))
      .map(([shop, { highs, isFinal }]) => ({ shop, highs, isFinal }))
      .sort((a, b) => (a.shop < b.shop ? -1 : 1)),
  }
}

function found(): World {
  const base = Side.found('m').add('m', 'a')
  return new Map([
    ['m', base],
    ['a', base],
  ])
}

describe('shops that were evicted and sign on', () => {
  it('change nothing that honest members agree on', { timeout: 600_000 }, () => {
    const story = fc.record({
      before: stepOf(good, 24),
      evictions: fc.tuple(fc.nat(99), fc.nat(99)),
      forged: stepOf(bad, 10),
      after: stepOf([...good, 'hear', 'hear', 'hear'], 12),
      order: fc.infiniteStream(fc.nat()),
    })
    let told = 0
    check(
      fc.property(story, ({ before, evictions, forged, after, order }) => {
        const world = found()
        const names = [...honest, ...villains]
        for (const { kind, by, whom, pick } of before) {
          const [who, other] = [at([...world.keys()], by), at(names, whom)]
          const side = world.get(who)
          if (kind === 'merge')
            world.set(who, unique((side as Side).merge(world.get(at([...world.keys()], whom)) as Side)))
          else if (kind === 'hear' || !would(side, who, kind, other)) continue
          // A villain is removed only by the eviction, and does no harm before it.
          else if (kind === 'remove' && (villains.includes(other) || (villains.includes(who) && who !== other)))
            continue
          else act(world, who, kind, other, pick[0] ?? 0)
        }
        const known = whole(world)
        // Each villain that is a member is evicted by a member that was there before it, and stays.
        const evicted = villains.filter((villain) => isIn(known, villain))
        const evicters: string[] = []
        for (const [index, villain] of evicted.entries()) {
          const order = known.view.members.map(({ shopId }) => shopId)
          const able = honest.filter((name) => {
            const side = world.get(name)
            return (
              isIn(known, name) &&
              isIn(side, name) &&
              isIn(side, villain) &&
              order.indexOf(idOf(name)) < order.indexOf(idOf(villain))
            )
          })
          if (able.length === 0) return
          const evicter = at(able, evictions[index] ?? 0)
          evicters.push(evicter)
          act(world, evicter, 'remove', villain, 0)
        }
        if (evicted.length === 0) return
        const clean = whole(world)
        const old = new Set(clean.view.members.map(({ shopId }) => shopId as string))
        if (evicters.some((name) => !isIn(clean, name)) || villains.some((name) => isIn(clean, name))) return
        told += 1

        // What the evicted and their guests sign under whatever past.
        let all = clean
        const crafted: Uint8Array[] = []
        for (const { kind, by, whom, pick } of forged) {
          const signer = at([...evicted, ...evicted, ...guests], by)
          const hashes = all.records.map(hashMembershipRecord)
          const late =
            crafted.length > 0 && (pick[0] ?? 0) % 2 === 0 ? [hashMembershipRecord(at(crafted, pick[0] ?? 0))] : []
          const past = [...pick.map((index) => at(hashes, index)), ...late]
          const record = all.signAfter(signer, changeOf(kind, at(everybody, whom), 1_000 + (pick[0] ?? 0)), past)
          const next = unique(all.with(record))
          if (!next.view.valid.includes(hashMembershipRecord(record))) continue
          all = next
          crafted.push(record)
        }

        // Honest members know of the evictions, go on, and hear of some of it, in whatever order.
        for (const name of villains) world.delete(name)
        const proof = whole(world, evicters)
        for (const [name, side] of world) world.set(name, unique(side.merge(proof)))
        const attacked: World = new Map(world)
        for (const { kind, by, whom, pick } of after) {
          const who = at([...world.keys()], by)
          const [one, two] = [world.get(who) as Side, attacked.get(who) as Side]
          if (kind === 'hear') {
            attacked.set(
              who,
              unique(two.with(...crafted.filter((_, index) => pick.some((each) => each % (index + 2) === 0)))),
            )
          } else if (kind === 'merge') {
            const other = at([...world.keys()], whom)
            world.set(who, unique(one.merge(world.get(other) as Side)))
            attacked.set(who, unique(two.merge(attacked.get(other) as Side)))
          } else {
            const other = at([...honest, ...newcomers, ...villains], whom)
            if (villains.includes(other) && kind !== 'cut') continue
            const plain = would(one, who, kind, other)
            expect(would(two, who, kind, other), `${who} may ${kind} ${other}`).toBe(plain)
            if (!plain) continue
            act(world, who, kind, other, pick[0] ?? 0)
            act(attacked, who, kind, other, pick[0] ?? 0)
          }
        }
        const expected = unique(whole(world).merge(clean)).view
        const everything = unique(whole(attacked).merge(all))
        const view = everything.view
        expect(agreed(view, expected, old)).toEqual(agreed(expected, expected, old))
        for (const shop of [...villains, ...guests].map(idOf)) {
          expect(view.members.map(({ shopId }) => shopId)).not.toContain(shop)
        }
        expect(view.rejected).toEqual([])
        const shuffled = everything.records
          .map((record) => ({ record, place: order.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ record }) => record)
        expect(new Side(everything.network, shuffled).view).toEqual(view)
      }),
      runs,
    )
    expect(told).toBeGreaterThan(runs / 10)
  })
})

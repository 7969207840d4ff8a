/**
 * Shops that were evicted, or left, and go on signing under old pasts. The same honest network is played twice, once with
 * them and once without: what honest members agree on must be the same.
 *
 * By design something stands that a shop signs at the same time as it is removed: what a member believed that had not
 * heard of the removal, and built on by removing the shop itself, letting its guest in, or speaking of its leaving. So
 * here every member knows who is out before it hears of anything that they sign afterwards. And who evicts is senior to
 * the evicted one, which otherwise could remove it in turn.
 *
 * STOCKMESH_ADVERSARY_COUNT runs more histories than the suite does.
 */
import { hashMembershipRecord, type MembershipChange, type MembershipView } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, ridAt } from './arbitraries.ts'
import { idOf, keyOf, Side } from './membership-side.ts'

const runs = Number(process.env['STOCKMESH_ADVERSARY_COUNT'] ?? 600)

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

interface Departed {
  readonly world: World
  readonly gone: readonly string[]
}

function playBefore(steps: readonly Step[]): World {
  const world = found()
  for (const { kind, by, whom, pick } of steps) {
    const who = at([...world.keys()], by)
    const other = at([...honest, ...villains], whom)
    const side = world.get(who) as Side
    if (kind === 'merge') world.set(who, unique(side.merge(world.get(at([...world.keys()], whom)) as Side)))
    else if (!would(side, who, kind, other)) continue
    // Villains do no harm yet, and their time has not come.
    else if (kind === 'remove' && (villains.includes(other) || villains.includes(who))) continue
    else act(world, who, kind, other, pick[0] ?? 0)
  }
  return world
}

/** Each villain that is a member is evicted by a senior, or leaves; then all know it. null where that does not succeed. */
function departed(
  world: World,
  choices: readonly { readonly by: number; readonly leaves: boolean }[],
): Departed | null {
  const known = whole(world)
  const order = known.view.members.map(({ shopId }) => shopId)
  const gone = villains.filter((villain) => isIn(known, villain))
  const able = gone.map((villain) =>
    honest.filter((name) => {
      const side = world.get(name)
      const isSenior = order.indexOf(idOf(name)) < order.indexOf(idOf(villain))
      return isSenior && isIn(known, name) && isIn(side, name) && isIn(side, villain)
    }),
  )
  if (gone.length === 0 || able.some((each) => each.length === 0)) return null
  const seniors = gone.map((_, index) => at(able[index] ?? [], choices[index]?.by ?? 0))
  const signers = gone.map((villain, index) => {
    const leaves = choices[index]?.leaves === true && isIn(world.get(villain), villain)
    return leaves ? villain : (seniors[index] as string)
  })
  for (const [index, villain] of gone.entries()) act(world, signers[index] as string, 'remove', villain, 0)
  const clean = whole(world)
  if (seniors.some((name) => !isIn(clean, name)) || villains.some((name) => isIn(clean, name))) return null
  const proof = whole(world, [...seniors, ...signers])
  for (const [name, side] of world) world.set(name, unique(side.merge(proof)))
  for (const [name, side] of world) {
    if (villains.includes(name)) continue
    for (const villain of gone) if (would(side, name, 'cut', villain)) act(world, name, 'cut', villain, 1)
  }
  return { world, gone }
}

/** What those who are out and their guests sign, each under whatever past: all that is valid. */
function forge(clean: Side, gone: readonly string[], steps: readonly Step[]): Uint8Array[] {
  let all = clean
  const forged: Uint8Array[] = []
  for (const { kind, by, whom, pick } of steps) {
    const [first = 0] = pick
    const signer = at([...gone, ...gone, ...guests], by)
    const hashes = all.records.map(hashMembershipRecord)
    const chained = forged.length > 0 && first % 2 === 0 ? [hashMembershipRecord(at(forged, first))] : []
    const past = [...pick.map((index) => at(hashes, index)), ...chained]
    const record = all.signAfter(signer, changeOf(kind, at(everybody, whom), 1_000 + first), past)
    const next = unique(all.with(record))
    if (!next.view.valid.includes(hashMembershipRecord(record))) continue
    all = next
    forged.push(record)
  }
  return forged
}

/** Honest members go on, in `attacked` hearing of what was forged, in whatever order. */
function goOn(world: World, attacked: World, forged: readonly Uint8Array[], steps: readonly Step[]): void {
  for (const { kind, by, whom, pick } of steps) {
    const who = at([...world.keys()], by)
    const [one, two] = [world.get(who) as Side, attacked.get(who) as Side]
    if (kind === 'hear') {
      const heard = forged.filter((_, index) => pick.some((each) => each % (index + 2) === 0))
      attacked.set(who, unique(two.with(...heard)))
    } else if (kind === 'merge') {
      const other = at([...world.keys()], whom)
      world.set(who, unique(one.merge(world.get(other) as Side)))
      attacked.set(who, unique(two.merge(attacked.get(other) as Side)))
    } else {
      const other = at([...honest, ...newcomers, ...villains], whom)
      if (villains.includes(other) && kind !== 'cut') continue
      const does = would(one, who, kind, other)
      expect(would(two, who, kind, other), `${who} may ${kind} ${other}`).toBe(does)
      if (!does) continue
      act(world, who, kind, other, first(pick))
      act(attacked, who, kind, other, first(pick))
    }
  }
}

const first = ([one = 0]: readonly number[]): number => one

describe('shops that are out and sign on', () => {
  it('change nothing that honest members agree on', { timeout: 3_600_000 }, () => {
    const story = fc.record({
      before: stepOf(good, 24),
      choices: fc.array(fc.record({ by: fc.nat(99), leaves: fc.boolean() }), { minLength: 2, maxLength: 2 }),
      crafted: stepOf(bad, 10),
      after: stepOf([...good, 'hear', 'hear', 'hear'], 12),
      order: fc.infiniteStream(fc.nat()),
    })
    let told = 0
    check(
      fc.property(story, ({ before, choices, crafted, after, order }) => {
        const begun = departed(playBefore(before), choices)
        if (begun === null) return
        told += 1
        const { world, gone } = begun
        const clean = whole(world)
        const old = new Set<string>(clean.view.members.map(({ shopId }) => shopId))
        const forged = forge(clean, gone, crafted)
        for (const name of villains) world.delete(name)
        const attacked: World = new Map(world)
        goOn(world, attacked, forged, after)

        const expected = unique(whole(world).merge(clean)).view
        const everything = unique(
          whole(attacked)
            .merge(clean)
            .with(...forged),
        )
        const { view } = everything
        expect(agreed(view, expected, old)).toEqual(agreed(expected, expected, old))
        const members = new Set<string>(view.members.map(({ shopId }) => shopId))
        expect([...villains, ...guests].filter((name) => members.has(idOf(name)))).toEqual([])
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

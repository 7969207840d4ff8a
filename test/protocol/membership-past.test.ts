/**
 * What a new record comes after, also where a shop has made more heads than a record can name: what honest shops signed
 * is among it.
 */
import { decodeMembershipRecord, hashMembershipRecord, headsFor, limits, type RecordHash } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './arbitraries.ts'
import { idOf, keyOf, Side } from './membership-side.ts'

const many = limits.membershipHeadsMax + 40
const two = Side.found('m').add('m', 'e')

/** Names that E gives itself side by side, each behind `from` and what `behind` says. */
function flooded(
  side: Side,
  from: readonly RecordHash[],
  behind: (index: number) => readonly RecordHash[] = () => [],
): Side {
  const made = Array.from({ length: many }, (_, index) =>
    side.signAfter('e', { kind: 'rename', name: `e${index}` }, [...from, ...behind(index)]),
  )
  return side.with(...made)
}

/** Everything that the last record of a side came after. */
function pastOfLast(side: Side): Set<RecordHash> {
  const byHash = new Map(side.records.map((bytes) => [hashMembershipRecord(bytes), decodeMembershipRecord(bytes)]))
  const past = new Set<RecordHash>()
  const open = [hashMembershipRecord(side.records.at(-1)!)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const record = byHash.get(next)
    for (const hash of record?.ok === true ? record.value.after : []) if (!past.has(hash)) open.push(hash)
    past.add(next)
  }
  return past
}

describe('what a new record comes after', () => {
  it('is every head, where they are few', () => {
    const parted = two.sign('m', { kind: 'rename', name: 'M' }).merge(two.sign('e', { kind: 'rename', name: 'E' }))
    expect(headsFor(parted.view, parted.records, idOf('m'))).toEqual(parted.view.heads)
    expect(parted.view.heads).toHaveLength(2)
  })

  it('lets a shop sign that was let in after a flood began, and its signer be removed with all that was known', () => {
    const full = two.add('m', 't').add('e', 'x')
    const flood = flooded(full, two.view.heads)
    expect(flood.view.heads).toHaveLength(many + 1)
    for (const signer of ['t', 'x', 'm']) {
      expect(flood.sign(signer, { kind: 'address', url: `http://${signer}.new` }).view.rejected).toEqual([])
      const out = flood.remove(signer, 'e')
      expect(out.view.rejected).toEqual([])
      expect(out.view.pending).toEqual([])
      expect(out.names).toEqual(['m', 't', 'x'])
      const cut = out.sign('t', { kind: 'cut', subject: idOf('e'), highs: new Map(), more: false })
      expect(cut.view.rejected).toEqual([])
    }
  })

  it('is all that honest shops signed, wherever a flood hides it', () => {
    const step = fc.record({
      who: fc.nat(9),
      kind: fc.constantFrom('add', 'rename', 'merge', 'leave'),
      other: fc.nat(9),
    })
    check(
      fc.property(fc.array(step, { maxLength: 12 }), fc.infiniteStream(fc.nat(999)), (steps, dice) => {
        const world = new Map<string, Side>([['m', two]])
        const names = ['m', 'a', 'b', 'c', 'd']
        for (const { who, kind, other } of steps) {
          const by = [...world.keys()][who % world.size]!
          const side = world.get(by)!
          const subject = names[other % names.length]!
          const isIn = (name: string): boolean => side.view.members.some(({ shopId }) => shopId === idOf(name))
          if (kind === 'merge') world.set(by, side.merge(world.get([...world.keys()][other % world.size]!)!))
          else if (!isIn(by)) continue
          else if (kind === 'rename') world.set(by, side.sign(by, { kind, name: by }))
          else if (kind === 'leave' && by !== 'm') world.set(by, side.remove(by, by))
          else if (kind === 'add' && !isIn(subject) && !side.view.removed.includes(idOf(subject))) {
            world.set(by, side.add(by, subject))
            world.set(subject, world.get(subject)?.merge(world.get(by)!) ?? world.get(by)!)
          }
        }
        const honest = [...world.values()].reduce((all, side) => all.merge(side))
        const hashes = honest.view.valid
        const { heads } = honest.view
        const flood = flooded(honest, two.view.heads, (index) => heads.slice(index, index + 1))
        const signer = flood.view.members.filter(({ shopId }) => shopId !== idOf('e'))[dice.next().value % 2]
        const by = names.find((name) => idOf(name) === signer?.shopId)
        if (by === undefined) return
        const signed = flood.sign(by, { kind: 'add', key: keyOf('x'), url: 'http://x.test', name: 'x' })
        expect(signed.view.rejected).toEqual([])
        const past = pastOfLast(signed)
        expect(hashes.filter((hash) => !past.has(hash))).toEqual([])
      }),
      100,
    )
  })
})

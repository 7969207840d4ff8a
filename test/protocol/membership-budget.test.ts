/**
 * A member that signs without end: its share is taken and no more, unless another shop built on it, and all who honestly
 * sign go on.
 */
import { hashMembershipRecord, type MembershipChange, withinBudget } from '@stockmesh/protocol'
import { describe, expect, it } from 'vitest'
import { idOf, keyOf, Side } from './membership-side.ts'

const budget = { ofShop: 5, all: 30, bytes: 1_000_000 }
const two = Side.found('m').add('m', 'e')
const anybody = (): boolean => true

/** Names that `signer` gives itself, one after the other. */
function renamed(side: Side, signer: string, count: number): Side {
  let at = side
  for (let index = 0; index < count; index += 1) at = at.sign(signer, { kind: 'rename', name: `${signer}${index}` })
  return at
}

function take(held: Side, all: Side, limits = budget): ReturnType<typeof withinBudget> {
  const known = new Set(held.records)
  const byHash = new Map(all.records.map((bytes) => [hashMembershipRecord(bytes), bytes]))
  const fresh = all.view.valid.map((hash) => byHash.get(hash)!).filter((bytes) => !known.has(bytes))
  return withinBudget(held.records, fresh, anybody, limits)
}

describe('membership records of one shop', () => {
  it('are taken up to its share, at once or one by one', () => {
    const flood = renamed(two, 'e', 9)
    const { taken, over } = take(two, flood)
    expect(taken).toEqual(flood.records.slice(2, 2 + budget.ofShop))
    expect(over).toEqual([idOf('e')])
    const held = two.with(...taken)
    expect(take(held, flood)).toEqual({ taken: [], over: [idOf('e')] })
  })

  it('are taken beyond it where another shop has come after them, and only those', () => {
    const flood = renamed(two, 'e', 9)
    const built = renamed(flood, 'm', 1)
    const { taken, over } = take(two, renamed(built, 'e', 3))
    expect(taken).toEqual(built.records.slice(2))
    expect(over).toEqual([idOf('e')])
  })

  it('do not take the share of another one: its removal is heard', () => {
    const held = two.with(...take(two, renamed(two, 'e', 50)).taken)
    const { taken, over } = take(held, held.remove('m', 'e'))
    expect(taken).toHaveLength(1)
    expect(over).toEqual([])
    expect(held.with(...taken).names).toEqual(['m'])
  })

  it('are judged quickly whoever lets in and removes one shop after the other', { timeout: 20_000 }, () => {
    // An evicted shop may show as many under an old past. With all looked at again for each removal this took minutes.
    const made: Uint8Array[] = []
    const sign = (signer: string, kind: 'add' | 'remove', name: string): void => {
      const last = made.at(-1)
      const change = kind === 'add' ? { key: keyOf(name), url: '', name } : { subject: idOf(name) }
      const after = last === undefined ? two.view.heads : [hashMembershipRecord(last)]
      made.push(two.signAfter(signer, { kind, ...change } as MembershipChange, after))
    }
    for (let index = 0; index < 200; index += 1) {
      sign('e', 'add', `guest${index}`)
      sign(`guest${index}`, 'add', `their guest${index}`)
      sign('e', 'remove', `guest${index}`)
    }
    expect(two.with(...made).view.members).toHaveLength(202)
    expect(two.remove('m', 'e').with(...made).names).toEqual(['m'])
  })

  it('are judged quickly however many follow each other', { timeout: 20_000 }, () => {
    // One past for all of them: with a judgement for each this took minutes.
    const side = renamed(two, 'e', 3)
    let at = side
    const from = side.view.heads
    const many = Array.from({ length: 2_000 }, (_, index) => {
      const one = new Side(two.network, []).signAfter('e', { kind: 'rename', name: `n${index}` }, from)
      at = at.with(one)
      return one
    })
    expect(at.view.valid).toHaveLength(side.records.length + many.length)
  })
})

describe('membership records of all shops', () => {
  it('end at the limit for all; a removal of a member is taken all the same, and one of who is out is not', () => {
    const limits = { ...budget, all: 4 }
    const full = renamed(two, 'e', 2)
    expect(take(full, renamed(full, 'm', 1), limits)).toEqual({ taken: [], over: [idOf('m')] })
    expect(take(full, full.remove('m', 'e'), limits).taken).toHaveLength(1)
    const removal = full.remove('m', 'e').records.slice(-1)
    for (const out of ['m', 'e']) {
      expect(withinBudget(full.records, removal, (shop) => shop !== idOf(out), limits).taken).toEqual([])
    }
  })

  it('do not keep a member that has signed its share from removing another one, once', () => {
    const full = renamed(two, 'm', budget.ofShop)
    const twice = full.with(...full.remove('m', 'e').records.slice(-1))
    const again = full.signAfter('m', { kind: 'remove', subject: idOf('e') }, two.view.heads)
    const { taken, over } = take(full, twice.with(again))
    expect(taken).toHaveLength(1)
    expect(over).toEqual([idOf('m')])
  })

  it('end at the limit of bytes', () => {
    const size = two.records.reduce((sum, { length }) => sum + length, 0)
    const { taken } = take(two, renamed(two, 'e', 3), { ...budget, bytes: size + 150 })
    expect(taken).toHaveLength(1)
  })
})

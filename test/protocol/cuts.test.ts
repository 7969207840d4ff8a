/**
 * Cuts of removed shops: the same in every order of delivery, final when every member has spoken, and never lower again.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cut, dueCuts, formerShops, isAboveCut } from '../../packages/protocol/src/cuts.ts'
import type { Rid } from '../../packages/protocol/src/ids.ts'
import { cutReplicasMax } from '../../packages/protocol/src/limits.ts'
import { check, ridAt } from './arbitraries.ts'
import { idOf, Side } from './membership-side.ts'

const three = Side.found('m').add('m', 'e').add('m', 't')
const rid = (epoch = 1): Rid => ridAt(idOf('e'), epoch)
const highs = (...held: readonly (readonly [number, number])[]): Map<Rid, number> => {
  return new Map(held.map(([epoch, high]) => [rid(epoch), high]))
}

function cut(side: Side, by: string, held: ReadonlyMap<Rid, number>, more = false): Side {
  return side.sign(by, { kind: 'cut', subject: idOf('e'), highs: held, more })
}

describe('a cut', () => {
  it('is final when each member has said how far it holds the removed shop, and goes as far as the highest', () => {
    const removed = three.remove('m', 'e')
    expect(removed.view.cuts.size).toBe(0)
    const begun = cut(removed, 'm', highs([1, 3]))
    expect(begun.view.cuts.get(idOf('e'))).toMatchObject({ isFinal: false, highs: highs([1, 3]) })
    expect(isAboveCut(begun.view.cuts, rid(), 99)).toBe(false)
    const { cuts } = cut(begun, 't', highs([1, 7], [2, 1])).view
    expect(cuts.get(idOf('e'))).toMatchObject({ isFinal: true, highs: highs([1, 7], [2, 1]) })
    expect([7, 8].map((high) => isAboveCut(cuts, rid(1), high))).toEqual([false, true])
    expect([isAboveCut(cuts, rid(2), 2), isAboveCut(cuts, rid(3), 1)]).toEqual([true, true])
    // Of nobody else anything is cut.
    expect(isAboveCut(cuts, ridAt(idOf('t')), 1_000)).toBe(false)
  })

  it('of a shop that is a member, by one that is none, or by the removed shop itself is no record', () => {
    expect(cut(three, 'm', highs()).view.rejected.map(({ code }) => code)).toEqual(['subject-unknown'])
    const removed = three.remove('m', 'e')
    for (const signer of ['e', 'x']) {
      expect(cut(removed, signer, highs([1, 99])).view.rejected.map(({ code }) => code)).toEqual([
        'signer-not-a-member',
      ])
    }
  })

  it('that goes on in another record counts when the last one is there', () => {
    const begun = cut(cut(three.remove('m', 'e'), 't', highs([1, 2])), 'm', highs([1, 5]), true)
    expect(begun.view.cuts.get(idOf('e'))).toMatchObject({ isFinal: false })
    const ended = cut(begun, 'm', highs([2, 6]))
    expect(ended.view.cuts.get(idOf('e'))).toMatchObject({ isFinal: true, highs: highs([1, 5], [2, 6]) })
  })

  it('stands when who said it is removed, and waits for a member that came later', () => {
    const said = cut(cut(three.remove('m', 'e'), 'm', highs([1, 5])), 't', highs([1, 9]))
    const without = said.remove('m', 't')
    expect(without.view.cuts.get(idOf('e'))).toMatchObject({ isFinal: true, highs: highs([1, 9]) })
    const joined = said.add('m', 'x')
    expect(joined.view.cuts.get(idOf('e'))).toMatchObject({ isFinal: false })
    expect(cut(joined, 'x', highs()).view.cuts.get(idOf('e'))).toMatchObject({ isFinal: true, highs: highs([1, 9]) })
  })

  it('is not made longer by a shop that is out as well: what it signs under an old past, nobody who removed it had heard', () => {
    const removed = three.remove('m', 'e')
    const both = cut(removed, 'm', highs([1, 5])).remove('m', 't')
    expect(both.merge(cut(removed, 't', highs([1, 99]))).view.cuts).toEqual(both.view.cuts)
    // Nor by a guest that nobody else let in.
    expect(both.merge(cut(removed.add('t', 'x'), 'x', highs([1, 99]))).view.cuts).toEqual(both.view.cuts)
    // Who took what it named while it was a member says so itself.
    const taken = cut(cut(removed, 't', highs([1, 9])), 'm', highs([1, 9]))
    const merged = taken.merge(removed.add('m', 'u').remove('u', 't'))
    expect(merged.view.cuts.get(idOf('e'))?.highs).toEqual(highs([1, 9]))
  })

  it('is the same for every order and repetition of delivery', () => {
    const removed = three.remove('m', 'e')
    // Two at the same time, one of a member that removed the shop by itself, and one that says more later.
    const ends = [
      cut(removed, 'm', highs([1, 3])),
      cut(removed.merge(three.remove('t', 'e')), 't', highs([1, 7])),
      cut(cut(removed, 'm', highs([1, 3])), 'm', highs([2, 4])),
    ]
    const whole = three.merge(...ends)
    check(
      fc.property(
        fc.shuffledSubarray([...whole.records, ...whole.records], { minLength: whole.records.length }),
        (some) => {
          const view = new Side(whole.network, [...some, ...whole.records]).view
          expect(view.cuts).toEqual(whole.view.cuts)
          expect(view.members).toEqual(whole.view.members)
        },
      ),
    )
    // Whatever part of it came, what all of it says is never lower.
    check(
      fc.property(fc.subarray([...whole.records]), (some) => {
        const part = new Side(whole.network, some).view.cuts.get(idOf('e'))
        for (const [of, high] of part?.highs ?? []) {
          expect(whole.view.cuts.get(idOf('e'))?.highs.get(of)).toBeGreaterThanOrEqual(high)
        }
      }),
    )
  })
})

describe('a shop that is pending', () => {
  // T lets E in while M removes T: whoever heard of E first took it for a member.
  const begun = Side.found('m').add('m', 't')
  const pending = begun.add('t', 'e').merge(begun.remove('m', 't').add('m', 'u'))
  const tookIt = new Map([[rid(), { high: 4 }]])
  const cutOf = (side: Side): Cut | undefined => side.view.cuts.get(idOf('e'))

  it('is cut off where somebody holds what it did, and then by all of them', () => {
    expect(pending.view.pending).toEqual([idOf('e')])
    const [saysOfT, saysOfE] = dueCuts(pending.view, idOf('m'), tookIt)
    expect([saysOfT?.subject, saysOfE]).toEqual([
      idOf('t'),
      { kind: 'cut', subject: idOf('e'), highs: highs([1, 4]), more: false },
    ])
    const said = cut(pending, 'm', highs([1, 4]))
    expect(said.view.rejected).toEqual([])
    expect(formerShops(said.view)).toEqual([idOf('t'), idOf('e')])
    expect(cutOf(said)).toMatchObject({ isFinal: false, highs: highs([1, 4]) })
    expect(dueCuts(said.view, idOf('u'), new Map()).map(({ subject }) => subject)).toContain(idOf('e'))
    expect(cutOf(cut(said, 'u', highs()))).toMatchObject({ isFinal: true, highs: highs([1, 4]) })
  })

  it('costs nobody a word where nobody holds anything of it', () => {
    const many = [...'fghijkl'].reduce((side, name) => side.merge(begun.add('t', name)), pending)
    expect(many.view.pending).toHaveLength(8)
    expect(dueCuts(many.view, idOf('m'), new Map()).map(({ subject }) => subject)).toEqual([idOf('t')])
    expect(formerShops(many.view)).toEqual([idOf('t')])
  })

  it('costs nobody a word by leaving, either, and takes back no cut', () => {
    const gone = [...'fghijkl'].reduce((side, name) => side.merge(begun.add('t', name).remove(name, name)), pending)
    expect(gone.view.rejected).toEqual([])
    expect(dueCuts(gone.view, idOf('m'), new Map()).map(({ subject }) => subject)).toEqual([idOf('t')])
    const said = cut(cut(pending, 'm', highs([1, 4])), 'u', highs())
    const left = said.merge(begun.add('t', 'e').remove('e', 'e'))
    expect(left.view.pending).toEqual([idOf('e')])
    expect(cutOf(left)).toEqual(cutOf(said))
    // Somebody else let it in as well: it was a member, and left.
    expect(left.add('u', 'e').view.removed).toEqual([idOf('e'), idOf('t')].sort())
  })

  it('costs no walk over all that is held, however many of them there are', () => {
    const many = [...'fghijkl'].reduce((side, name) => side.merge(begun.add('t', name)), pending)
    let walked = 0
    const held = new Map([...Array(100).keys()].map((epoch) => [ridAt(idOf('u'), epoch), { high: 1 }]))
    const counted = Object.assign(new Map(held), {
      *[Symbol.iterator]() {
        for (const each of held) {
          walked += 1
          yield each
        }
      },
    })
    expect(dueCuts(many.view, idOf('m'), counted).map(({ subject }) => subject)).toEqual([idOf('t')])
    expect(walked).toBe(held.size)
  })

  it('is cut off no more once a member confirms it, and anew when it is removed', () => {
    const said = cut(cut(pending, 'm', highs([1, 4])), 'u', highs())
    const confirmed = said.add('u', 'e')
    expect(confirmed.view.members.map(({ shopId }) => shopId)).toContain(idOf('e'))
    expect(cutOf(confirmed)).toBeUndefined()
    const removed = confirmed.remove('m', 'e')
    expect(cutOf(removed)).toBeUndefined()
    const later = new Map([[rid(), { high: 9 }]])
    const [, saysOfE] = dueCuts(removed.view, idOf('m'), later)
    expect(saysOfE).toMatchObject({ subject: idOf('e'), highs: highs([1, 9]) })
    const anew = cut(cut(removed, 'm', highs([1, 9])), 'u', highs([1, 7]))
    expect(cutOf(anew)).toMatchObject({ isFinal: true, highs: highs([1, 9]) })
  })
})

describe('what a member has to say', () => {
  const held = (...replicas: readonly (readonly [number, number])[]) => {
    return replicas.map(([epoch, high]) => [rid(epoch), { high }] as const)
  }

  it('is all that it holds, then only what it holds more', () => {
    const removed = three.remove('m', 'e')
    const due = (side: Side, ...replicas: readonly (readonly [number, number])[]) => {
      const others = [[ridAt(idOf('t')), { high: 50 }]] as const
      return dueCuts(side.view, idOf('m'), new Map([...held(...replicas), ...others]))
    }
    expect(due(removed)).toEqual([{ kind: 'cut', subject: idOf('e'), highs: new Map(), more: false }])
    expect(due(removed, [1, 4], [2, 1])).toMatchObject([{ highs: highs([1, 4], [2, 1]), more: false }])
    const said = cut(removed, 'm', highs([1, 4], [2, 1]))
    expect(due(said, [1, 4], [2, 1])).toEqual([])
    expect(due(said, [1, 6], [2, 1])).toMatchObject([{ highs: highs([1, 6]) }])
    // What another member said is not what this one holds.
    expect(due(cut(removed, 't', highs([1, 9])), [1, 4])).toMatchObject([{ highs: highs([1, 4]) }])
  })

  it('is said in several records where the shop had many replicas', () => {
    const many = Array.from({ length: 2 * cutReplicasMax + 1 }, (_, index) => [index + 1, 2 ** 50 + index] as const)
    const removed = three.remove('m', 'e')
    const parts = dueCuts(removed.view, idOf('m'), new Map(held(...many)))
    expect(parts.map(({ more }) => more)).toEqual([true, true, false])
    const said = parts.reduce((side, part) => side.sign('m', part), removed)
    expect(said.view.rejected).toEqual([])
    expect(said.view.cuts.get(idOf('e'))?.highs).toEqual(highs(...many))
    expect(dueCuts(said.view, idOf('m'), new Map(held(...many)))).toEqual([])
  })
})

interface Shop {
  readonly name: string
  side: Side
  /** Of E, whose other end is the shop that holds most. */
  held: number
}

describe('members that fetch what counts, and say what they hold', () => {
  const names = ['m', 'a', 'b', 't', 'e']
  const begun = ['a', 'b', 't'].reduce((side, name) => side.add('m', name), Side.found('m'))
  const isIn = (side: Side, name: string): boolean => side.view.members.some(({ shopId }) => shopId === idOf(name))
  const hear = (shop: Shop, { records }: Side): void => {
    const fresh = records.filter((record) => !shop.side.records.includes(record))
    if (fresh.length > 0) shop.side = shop.side.with(...fresh)
  }

  function fetch(to: Shop, from: Shop): boolean {
    const { members, removed, pending, cuts } = to.side.view
    const shops = [...members.map(({ shopId }) => shopId), ...formerShops({ removed, pending, cuts })]
    const isTaken = [from.name, to.name].every((name) => members.some(({ shopId }) => shopId === idOf(name)))
    if (!isTaken || !shops.includes(idOf('e')) || from.held <= to.held) return false
    if (isAboveCut(cuts, rid(), from.held)) return false
    to.held = from.held
    return true
  }

  function say(shop: Shop): boolean {
    if (!isIn(shop.side, shop.name)) return false
    const due = dueCuts(shop.side.view, idOf(shop.name), new Map([[rid(), { high: shop.held }]]))
    for (const part of due) shop.side = shop.side.sign(shop.name, part)
    expect(shop.side.view.rejected).toEqual([])
    expect(dueCuts(shop.side.view, idOf(shop.name), new Map([[rid(), { high: shop.held }]]))).toEqual([])
    return due.length > 0
  }

  const step = fc.record({
    kind: fc.constantFrom('add', 'remove', 'hear', 'fetch', 'say', 'sell'),
    by: fc.nat(4),
    whom: fc.nat(4),
  })
  const holdings = fc.array(fc.nat(8), { minLength: 5, maxLength: 5 })

  it('end with the same, whoever let E in, confirmed it or removed it meanwhile', () => {
    const play = (heard: readonly number[], steps: readonly { kind: string; by: number; whom: number }[]): void => {
      const letIn = begun.add('t', 'e')
      const shops = names.map((name, place): Shop => {
        const held = name === 'm' ? 0 : (heard[place] ?? 0)
        return { name, side: held > 0 ? letIn : begun, held }
      })
      const [m, , , , e] = shops as [Shop, Shop, Shop, Shop, Shop]
      m.side = m.side.remove('m', 't')
      e.side = letIn
      e.held = 9
      for (const { kind, by, whom } of steps) {
        const [shop, other] = [shops[by] as Shop, shops[whom] as Shop]
        const { side, name } = shop
        if (kind === 'hear') hear(shop, other.side)
        else if (kind === 'fetch') fetch(shop, other)
        else if (kind === 'say') say(shop)
        else if (!isIn(side, name)) continue
        else if (kind === 'sell' && shop === e) e.held += 1
        else if (kind === 'remove' && isIn(side, other.name)) shop.side = side.remove(name, other.name)
        else if (kind === 'add' && !isIn(side, 'e') && !side.view.removed.includes(idOf('e')))
          shop.side = side.add(name, 'e')
      }
      for (let moved = true, rounds = 0; moved; rounds += 1) {
        expect(rounds).toBeLessThan(10)
        for (const shop of shops) for (const { side } of shops) hear(shop, side)
        const present = shops.filter(({ side, name }) => isIn(side, name))
        const fetched = present.flatMap((to) => present.filter((from) => fetch(to, from)))
        const said = present.filter(say)
        moved = fetched.length + said.length > 0
      }
      const { view } = m.side
      const present = shops.filter(({ name }) => isIn(m.side, name))
      expect(new Set(present.map(({ held }) => held)).size).toBeLessThan(2)
      if (present.length > 0) for (const shop of formerShops(view)) expect(view.cuts.get(shop)?.isFinal).toBe(true)
    }
    check(fc.property(holdings, fc.array(step, { maxLength: 20, size: 'max' }), play), 60)
  })
})

/**
 * Membership records: any order of delivery ends in the same members, and concurrency is decided as written in the
 * header of membership.ts.
 */
import { encodeMembershipRecord, hashMembershipRecord, wasEvicted } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf, keyOf, Side, signature } from './membership-side.ts'

const three = Side.found('m').add('m', 'e').add('e', 't')

describe('membership', () => {
  it('begins with the founder, and members add members, the senior first', () => {
    expect(three.names).toEqual(['m', 'e', 't'])
    expect(three.view.members.map((member) => member.addedBy)).toEqual([null, idOf('m'), idOf('e')])
    expect(three.view.rejected).toEqual([])
    expect(three.view.heads).toHaveLength(1)
  })

  it('believes a new address and name of the shop itself', () => {
    const moved = three.sign('e', { kind: 'address', url: 'http://new.test' }).sign('e', { kind: 'rename', name: 'E!' })
    expect(moved.view.members[1]).toMatchObject({ url: 'http://new.test', name: 'E!' })
    expect(moved.view.members[0]).toMatchObject({ url: 'http://m.test', name: 'm' })
  })

  it('lets a removed shop go for ever: neither a concurrent nor a later add, address or rename brings it back', () => {
    const removed = three.remove('m', 'e')
    expect(removed.names).toEqual(['m', 't'])
    expect(removed.add('m', 'e').names).toEqual(['m', 't'])
    const meanwhile = three.add('t', 'e').sign('e', { kind: 'rename', name: 'still here' })
    expect(removed.merge(meanwhile).names).toEqual(['m', 't'])
    expect(removed.view.removed).toEqual([idOf('e')])
  })

  it('lets a shop leave by itself', () => {
    expect(three.remove('t', 't').names).toEqual(['m', 'e'])
  })

  it('holds an add of a concurrently removed shop until another member confirms it', () => {
    const merged = three.remove('m', 'e').merge(three.add('e', 'x'))
    expect(merged.names).toEqual(['m', 't'])
    expect(merged.view.pending).toEqual([idOf('x')])
    const confirmed = merged.add('t', 'x')
    expect(confirmed.names).toEqual(['m', 't', 'x'])
    expect(confirmed.view.pending).toEqual([])
  })

  it('keeps what a removed shop had added when the remover had seen it', () => {
    expect(three.add('e', 'x').remove('m', 'e').names).toEqual(['m', 't', 'x'])
  })

  it('holds everybody that a removed shop let in behind its own guest', () => {
    const guests = three.add('e', 'x').add('x', 'y')
    const merged = three.remove('m', 'e').merge(guests)
    expect(merged.names).toEqual(['m', 't'])
    expect(merged.view.pending).toEqual([idOf('x'), idOf('y')].sort())
  })

  it('keeps the senior of two shops that remove each other', () => {
    expect(three.remove('e', 'm').merge(three.remove('m', 'e')).names).toEqual(['m', 't'])
    expect(three.remove('e', 't').merge(three.remove('t', 'e')).names).toEqual(['m', 'e'])
  })

  it('does not let an evicted shop take others with it by signing under an old past', () => {
    const revenge = three.remove('e', 't').remove('e', 'm')
    expect(three.remove('m', 'e').merge(revenge).names).toEqual(['m', 't'])
  })

  it('does not let an evicted shop vouch for what it signed under an old past by leaving afterwards', () => {
    const revenge = three.add('e', 'x').remove('e', 't').remove('e', 'e')
    const merged = three.remove('m', 'e').merge(revenge)
    expect(merged.names).toEqual(['m', 't'])
    expect(merged.view.pending).toEqual([idOf('x')])
  })

  it('keeps what a shop did that left, also where another one removes it afterwards', () => {
    const left = three.add('e', 'x').remove('e', 'e')
    expect(left.names).toEqual(['m', 't', 'x'])
    expect(left.remove('m', 'e').names).toEqual(['m', 't', 'x'])
    expect(left.merge(three.sign('t', { kind: 'rename', name: 'T' })).names).toEqual(['m', 'T', 'x'])
  })

  it('counts nothing that a shop signs beside its leaving, under a past in which it had not left', () => {
    const left = three.add('e', 'x').remove('e', 'e')
    const beside = three.add('e', 'y').remove('e', 't')
    expect(left.merge(beside).names).toEqual(['m', 't', 'x'])
    expect(left.merge(beside.add('y', 'z')).view.pending).toEqual([idOf('y'), idOf('z')].sort())
  })

  it('counts nothing of it either where the shop leaves once more', () => {
    const left = three.add('e', 'x').remove('e', 'e')
    const said = left.sign('m', { kind: 'cut', subject: idOf('e'), highs: new Map(), more: false })
    // For what it did later, or to take back what it had done.
    const again = three.add('e', 'y').remove('e', 't').remove('e', 'e')
    for (const other of [again, three.remove('e', 'e')]) {
      const merged = said.merge(other)
      expect(merged.names).toEqual(['m', 't', 'x'])
      // Whoever heard of both does not change it, and its records are good.
      const on = merged.sign('t', { kind: 'cut', subject: idOf('e'), highs: new Map(), more: false }).add('t', 'w')
      expect(on.view.rejected).toEqual([])
      expect(on.names).toEqual(['m', 't', 'x', 'w'])
    }
  })

  it('does not call a shop evicted that left, whatever one that was evicted says of it', () => {
    const left = three.remove('t', 't').remove('m', 'e')
    const slandered = left.merge(three.remove('e', 't'))
    expect(slandered.view.removed).toEqual([idOf('e'), idOf('t')].sort())
    expect(['e', 't', 'm'].map((name) => wasEvicted(slandered.view, idOf(name)))).toEqual([true, false, false])
    // A member may, and what it had heard before stays.
    expect(wasEvicted(three.remove('t', 't').merge(three.remove('m', 't')).view, idOf('t'))).toBe(true)
  })

  it('does not let evicted shops make each other senior under an old past', () => {
    // C was there before M, which evicts E; F, which evicts C, was there before all of them.
    const start = Side.found('f').add('f', 'c')
    const letIn = start.sign('f', { kind: 'rename', name: 'f' }).add('f', 'm')
    const out = letIn.add('f', 'e').remove('m', 'e').remove('f', 'c')
    const merged = out.merge(letIn.merge(start.add('c', 'e')).remove('e', 'm'))
    expect(merged.view.rejected).toEqual([])
    expect(merged.names).toEqual(['f', 'm'])
  })

  it('does not let an evicted shop change who is senior among the others', () => {
    const old = Side.found('m').add('m', 'e')
    const all = old.sign('m', { kind: 'rename', name: 'm' }).add('m', 't').add('m', 'u')
    const out = all.remove('m', 'e').merge(old.add('e', 'u'))
    expect(out.names).toEqual(['m', 't', 'u'])
    expect(out.remove('u', 't').merge(out.remove('t', 'u')).names).toEqual(['m', 't'])
  })

  it('counts a removal that one of those who removed its signer had seen, also where a senior had not', () => {
    const four = three.add('m', 'u')
    const seen = four.remove('e', 'u')
    const merged = seen.remove('t', 'e').merge(four.remove('m', 'e'))
    expect(merged.names).toEqual(['m', 't'])
    expect(merged.view.removed).toEqual([idOf('e'), idOf('u')].sort())
  })

  it('refuses what a stranger, a removed shop or a forger signs, and what comes after it', () => {
    const stranger = three.add('z', 'z')
    expect(stranger.view.rejected.map((each) => each.code)).toEqual(['signer-not-a-member'])
    const afterwards = three.remove('m', 'e').add('e', 'x')
    expect(afterwards.view.rejected.map((each) => each.code)).toEqual(['signer-not-a-member'])
    expect(afterwards.names).toEqual(['m', 't'])
    const forged = encodeMembershipRecord(
      { kind: 'remove', subject: idOf('t') },
      { by: idOf('m'), at: 3, after: three.view.heads },
      (bytes) => signature(keyOf('e'), bytes),
    )
    const upon = encodeMembershipRecord(
      { kind: 'rename', name: 'upon' },
      { by: idOf('m'), at: 3, after: [hashMembershipRecord(forged)] },
      (bytes) => signature(keyOf('m'), bytes),
    )
    const view = three.with(forged, upon).view
    expect(view.members.map((member) => member.name)).toEqual(['m', 'e', 't'])
    expect(view.rejected.map((each) => each.code).sort()).toEqual(['past-rejected', 'signature-invalid'])
  })

  it('waits for a missing past and refuses another founding', () => {
    const [first, , last] = three.records as [Uint8Array, Uint8Array, Uint8Array]
    const gap = new Side(three.network, [last, first])
    expect(gap.names).toEqual(['m'])
    expect(gap.view.rejected.map((each) => each.code)).toEqual(['past-missing'])
    expect(gap.merge(three).names).toEqual(['m', 'e', 't'])
    expect(three.merge(Side.found('evil')).view.rejected.map((each) => each.code)).toEqual(['other-network'])
  })

  it('gives garbage a code and goes on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const view = three.with(bytes).view
        expect(view.members).toHaveLength(3)
        expect(view.rejected).toHaveLength(1)
      }),
    )
    const longer = new Uint8Array([...(three.records[1] ?? []), 0])
    expect(three.with(longer).view.rejected.map((each) => each.code)).toContain('malformed')
  })

  it('is the same for every order and repetition of delivery, also of concurrent changes', () => {
    const shops = ['m', 'e', 't', 'x', 'y']
    const step = fc.record({
      side: fc.nat(2),
      signer: fc.constantFrom(...shops),
      subject: fc.constantFrom(...shops),
      kind: fc.constantFrom('add', 'add', 'remove', 'rename', 'merge'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), fc.infiniteStream(fc.nat()), (steps, dice) => {
        const sides = [three, three, three]
        for (const { side, signer, subject, kind } of steps) {
          const at = sides[side] ?? three
          if (kind === 'merge') sides[side] = at.merge(sides[(side + 1) % 3] ?? three)
          else if (at.names.includes(signer)) {
            if (kind === 'add') sides[side] = at.add(signer, subject)
            else if (kind === 'rename') sides[side] = at.sign(signer, { kind, name: `${signer}-${subject}` })
            else if (at.names.includes(subject)) sides[side] = at.remove(signer, subject)
          }
        }
        const all = three.merge(...sides)
        const shuffled = all.records
          .map((record) => ({ record, place: dice.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ record }) => record)
        const view = new Side(three.network, shuffled).view
        expect(view).toEqual(all.view)
        // Who has judged a part of it judges the rest, and comes to the same.
        const [first = three] = sides
        const known = first.view.valid
        const { view: again, verified } = all.viewKnowing(known)
        expect(again).toEqual(view)
        expect(verified).toBe(view.valid.length - known.length)
        // What honest members sign is never refused, and a removed key is nowhere among the members.
        expect(view.rejected).toEqual([])
        expect(view.members.filter((member) => view.removed.includes(member.shopId))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

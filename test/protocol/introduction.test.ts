/**
 * A shop that a member does not know shows how it was let in, and the member takes it in or shows it why not: one of both
 * changes its mind, whatever either knows that the other does not.
 */
import { hashMembershipRecord, standingRecords } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './arbitraries.ts'
import { idOf, Side } from './membership-side.ts'

const roundsMax = 20

const has = (side: Side, name: string): boolean => side.view.members.some(({ shopId }) => shopId === idOf(name))

function grown(side: Side, more: readonly Uint8Array[]): Side {
  const held = new Set(side.records.map(hashMembershipRecord))
  return side.with(...more.filter((bytes) => !held.has(hashMembershipRecord(bytes))))
}

/** What both know in the end, as `Membership.introduce` and the answer to it do it. */
function introduced(
  joiner: string,
  from: Side,
  to: Side,
): { readonly from: Side; readonly to: Side; readonly rounds: number } {
  for (let rounds = 1; rounds <= roundsMax; rounds += 1) {
    if (!has(from, joiner) || has(to, joiner)) return { from, to, rounds }
    const shown = standingRecords(from.view, from.records, idOf(joiner))
    const both = grown(to, shown)
    const standing = standingRecords(both.view, both.records, idOf(joiner))
    if (has(both, joiner)) to = grown(to, standing)
    else
      from = grown(
        from,
        standing.filter((bytes) => to.records.includes(bytes)),
      )
  }
  return { from, to, rounds: Number.POSITIVE_INFINITY }
}

describe('an introduction', () => {
  const start = Side.found('f').add('f', 'm').add('f', 'a').add('f', 't')

  it('shows by whom the shop was let in, and removed, and nothing else', () => {
    const letIn = start.sign('t', { kind: 'rename', name: 'T' }).add('a', 'j')
    const later = letIn.add('m', 'x').sign('m', { kind: 'rename', name: 'M' })
    expect(standingRecords(later.view, later.records, idOf('j'))).toEqual(letIn.records)
    expect(standingRecords(later.view, later.records, idOf('nobody'))).toEqual([])
    const cut = { kind: 'cut', subject: idOf('a'), highs: new Map(), more: false } as const
    const removed = letIn.remove('f', 'a')
    const known = removed.sign('m', cut)
    expect(standingRecords(known.view, known.records, idOf('j'))).toEqual(removed.records)
  })

  it('brings the removal of who had removed who let the shop in, where only the shop knows it', () => {
    const from = start.add('a', 'j').merge(start.remove('f', 'm'))
    const to = start.remove('m', 'a')
    expect([has(from, 'j'), has(to, 'j')]).toEqual([true, false])
    const end = introduced('j', from, to)
    expect([has(end.from, 'j'), has(end.to, 'j')]).toEqual([true, true])
    expect(end.to.names).toEqual(['f', 'a', 't', 'j'])
  })

  it('brings a confirmation of who let the shop in, where only the shop knows it', () => {
    const parted = start.remove('f', 'a')
    const guest = start.add('a', 'u')
    const to = parted
    const from = guest.add('u', 'j').merge(guest.add('t', 'u'), parted)
    expect([has(from, 'j'), has(to, 'j')]).toEqual([true, false])
    const end = introduced('j', from, to)
    expect([has(end.from, 'j'), has(end.to, 'j')]).toEqual([true, true])
  })

  it('ends, whatever was signed on both sides', () => {
    const names = ['m', 'a', 'b', 'c', 'd', 'e']
    const step = fc.record({
      by: fc.nat(99),
      whom: fc.nat(99),
      kind: fc.constantFrom('add', 'add', 'remove', 'merge', 'merge', 'leave'),
    })
    let met = 0
    check(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const founded = Side.found('m').add('m', 'a')
        const world = new Map([
          ['m', founded],
          ['a', founded],
        ])
        for (const { by, whom, kind } of steps) {
          const who = [...world.keys()][by % world.size] as string
          const side = world.get(who) as Side
          const other = names[whom % names.length] as string
          if (kind === 'merge') world.set(who, grown(side, world.get([...world.keys()][whom % world.size]!)!.records))
          else if (!has(side, who)) continue
          else if (kind === 'leave') world.set(who, side.remove(who, who))
          else if (kind === 'remove' && who !== other && has(side, other)) world.set(who, side.remove(who, other))
          else if (kind === 'add' && !has(side, other) && !side.view.removed.includes(idOf(other))) {
            const after = side.add(who, other)
            world.set(who, after)
            world.set(other, grown(world.get(other) ?? after, after.records))
          }
        }
        for (const [joiner, from] of world) {
          for (const [member, to] of world) {
            if (joiner === member || !has(to, member) || has(to, joiner) || !has(from, joiner) || !has(from, member))
              continue
            met += 1
            expect(introduced(joiner, from, to).rounds, `${joiner} to ${member}`).toBeLessThan(roundsMax)
          }
        }
      }),
      Number(process.env['STOCKMESH_ADVERSARY_COUNT'] ?? 600),
    )
    expect(met).toBeGreaterThan(0)
  })
})

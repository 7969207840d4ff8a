/** The terms of the partition guard: whatever each member has heard, there are terms that all of them go by. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeGuardTerms,
  type GuardTerms,
  isSame,
  newestOf,
  parseGuardTerms,
  setWeights,
  termsAfter,
  type TermsInForce,
  termsOfNewcomer,
  termsOfNobody,
  weightsOf,
} from '../../packages/protocol/src/guard-terms.ts'
import { check, shopAt } from './arbitraries.ts'

const shops = [shopAt(1), shopAt(2), shopAt(3)] as const
const [A, B] = shops
const terms = (number: number, by = A, more: Partial<GuardTerms> = {}): GuardTerms => ({
  by,
  number,
  isOn: true,
  outOfReachMs: 60_000,
  shares: 'set',
  weights: new Map([[A, number]]),
  closed: new Set(),
  ...more,
})
const nobody: TermsInForce = [termsOfNobody(A)]

describe('the terms that a member goes by', () => {
  it('always have some in common with those of every other, however the words travel', () => {
    const anyStep = fc.record({
      at: fc.nat(2),
      from: fc.nat(2),
      does: fc.constantFrom('say' as const, 'read' as const, 'read' as const),
    })
    check(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        // Each member's copy of the document: what each shop said last, and what each heard.
        const members = shops.map((shop) => ({
          shop,
          said: new Map<number, GuardTerms>(),
          heard: new Map<number, GuardTerms>(),
          inForce: [termsOfNobody(shop)] as TermsInForce,
        }))
        for (const { at, from, does } of steps) {
          const [me, other] = [members[at], members[from]]
          if (me === undefined || other === undefined) continue
          if (does === 'say') {
            const number = Math.max(0, ...[...me.said.values()].map((one) => one.number)) + 1
            me.said.set(at, terms(number, me.shop))
          }
          for (const [author, word] of other.said) {
            if ((me.said.get(author)?.number ?? 0) < word.number) me.said.set(author, word)
          }
          for (const [author, word] of other.heard) if (author !== at) me.heard.set(author, word)
          const isHeardByAll = (word: GuardTerms): boolean =>
            shops.every((_, index) => {
              const heard = me.heard.get(index)
              return heard !== undefined && isSame(heard, word)
            })
          me.inForce = termsAfter(me.inForce, me.said.values(), isHeardByAll)
          if (newestOf(me.inForce).number > 0) me.heard.set(at, newestOf(me.inForce))
          const nameOf = (word: GuardTerms): string => (word.number === 0 ? '0' : `${word.number} ${word.by}`)
          const common = members
            .map(({ inForce }) => new Set(inForce.map(nameOf)))
            .reduce((a, b) => new Set([...a].filter((name) => b.has(name))))
          expect([...common]).not.toEqual([])
        }
      }),
      500,
    )
  })

  it('are the newest alone once all have heard it', () => {
    expect(termsAfter(nobody, [terms(1)], () => false)).toEqual([nobody[0], terms(1)])
    expect(termsAfter([nobody[0], terms(1)], [terms(1)], () => true)).toEqual([terms(1)])
  })

  it('of two that were said apart end with those of the higher shop', () => {
    expect(newestOf(termsAfter(nobody, [terms(2, B), terms(2, A)], () => false))).toEqual(terms(2, B))
  })

  it('are off at once where somebody turned it off', () => {
    expect(weightsOf([terms(1), terms(2, A, { isOn: false })])).toEqual([])
  })

  it('give a newcomer no share before all have heard terms that do', () => {
    expect(weightsOf([termsOfNewcomer(B), terms(1)])).toEqual([new Map(), new Map([[A, 1]])])
    expect(weightsOf([termsOfNobody(A), terms(1)])).toEqual([new Map([[A, 1]])])
  })
})

describe('terms in the network document', () => {
  it('are read as they were written', () => {
    const said = terms(3, A, { closed: new Set([B]), weights: new Map([[A, 7]]) })
    expect(parseGuardTerms(A, { ...encodeGuardTerms(said) })).toEqual(said)
  })

  it('are none where anything in them is not as it must be', () => {
    const value = encodeGuardTerms(terms(3))
    const wrong = [
      { number: 0 },
      { number: 1.5 },
      { isOn: 1 },
      { outOfReachMs: 5 },
      { shares: 'most' },
      { weights: null },
      { weights: { [A]: -1 } },
      { weights: { nobody: 1 } },
      { closed: ['nobody'] },
      { closed: 'all' },
    ]
    for (const part of wrong) expect(parseGuardTerms(A, { ...value, ...part })).toBeNull()
  })
})

describe('weights that a person sets', () => {
  const [X, Y, Z] = shops
  const before = {
    weights: new Map([
      [X, 6],
      [Y, 2],
      [Z, 3],
    ]),
    closed: new Set<(typeof shops)[number]>(),
  }

  it('are 0 for a closed shop, and what the others have on average once it is open again', () => {
    const shut = setWeights(shops, new Set([Z]), before, new Map())
    expect([...shut.values()]).toEqual([6, 2, 0])
    const opened = setWeights(shops, new Set(), { weights: shut, closed: new Set([Z]) }, new Map())
    expect([...opened.values()]).toEqual([6, 2, 4])
  })

  it('are those that are set, also for a shop that is opened again, and stay where nothing is said', () => {
    const shut = {
      weights: new Map([
        [X, 6],
        [Y, 2],
        [Z, 0],
      ]),
      closed: new Set([Z]),
    }
    expect([...setWeights(shops, new Set(), shut, new Map([[Z, 0]])).values()]).toEqual([6, 2, 0])
    expect([...setWeights(shops, new Set([Z]), shut, new Map([[X, 1]])).values()]).toEqual([1, 2, 0])
  })
})

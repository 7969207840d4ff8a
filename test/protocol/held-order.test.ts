/** What is made of an order that tells what it holds, and of units that order lines tell of and the number lacks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EffectLine,
  effectsOfOrder,
  explain,
  type HeldOrder,
  judgeWrite,
  type OrderState,
} from '@stockmesh/protocol'

const order = (lines: readonly (readonly [string, number | null, number?])[], more: Partial<OrderState> = {}) => ({
  id: '7',
  reference: '1007',
  createdAt: 100,
  changedAt: 200,
  givesBack: 'cancel' as const,
  isNew: true,
  lines: lines.map(([id, units, ordered = 0]) => ({ id, stockId: `row-${id}`, units, ordered })),
  ...more,
})
const shape = (effects: readonly EffectLine[]) =>
  effects.map(({ kind, delta, isUnproven }) => [kind, delta, isUnproven === true ? 'unproven' : 'proven'])

describe('an order that tells what it holds', () => {
  it('moves by what has changed in it, each change once', () => {
    const law = fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (states) => {
      let before: HeldOrder | null = null
      const told: EffectLine[] = []
      for (const units of states) {
        for (let again = 0; again < 2; again += 1) {
          const { effects, held } = effectsOfOrder(before, order([['1', units]]))
          before = held ?? before
          told.push(...effects)
        }
      }
      expect(told.reduce((sum, { delta }) => sum + delta, 0)).toBe(0 - (states.at(-1) ?? 0))
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
    })
    fc.assert(law)
  })

  it('takes when it is paid, gives back when it is cancelled, and a refund gives back a part', () => {
    const pending = effectsOfOrder(null, order([['1', 0, 3]]))
    expect(pending.effects).toEqual([])
    const paid = effectsOfOrder(pending.held, order([['1', 3]]))
    expect(shape(paid.effects)).toEqual([['sale', -3, 'proven']])
    const refunded = effectsOfOrder(paid.held, order([['1', 2]], { givesBack: 'return' }))
    expect(shape(refunded.effects)).toEqual([['return', 1, 'proven']])
    expect(shape(effectsOfOrder(refunded.held, order([['1', 0]])).effects)).toEqual([['cancel', 2, 'proven']])
  })

  it('of a line that went, and of an older order whose past is not known, it is not known whether it gave back', () => {
    const { held } = effectsOfOrder(null, order([['1', 3]]))
    expect(shape(effectsOfOrder(held, order([])).effects)).toEqual([['cancel', 3, 'unproven']])
    const old = effectsOfOrder(null, order([['1', 0, 2]], { isNew: false }))
    expect(shape(old.effects)).toEqual([['cancel', 2, 'unproven']])
    expect(effectsOfOrder(null, order([['1', 2, 2]], { isNew: false })).effects).toEqual([])
  })

  it('a line that went before it was seen to hold anything may have taken what was ordered and given it back', () => {
    const pending = effectsOfOrder(null, order([['1', 0, 3]]))
    expect(shape(effectsOfOrder(pending.held, order([])).effects)).toEqual([['cancel', 3, 'unproven']])
    const { held } = effectsOfOrder(pending.held, order([['1', 3, 3]]))
    const cancelled = effectsOfOrder(held, order([['1', 0, 3]]))
    expect(effectsOfOrder(cancelled.held, order([])).effects).toEqual([])
  })

  it('may have taken and given back between two looks: that is told without units, once for each change', () => {
    const closed = (more: Partial<OrderState> = {}) => order([['1', 0, 3]], { isClosed: true, ...more })
    const open = order([['1', 0, 3]])
    const unseen = [['cancel', 0, 'proven']]
    const cancelled = effectsOfOrder(null, closed())
    expect(shape(cancelled.effects)).toEqual(unseen)
    expect(effectsOfOrder(cancelled.held, closed()).effects).toEqual([])
    expect(shape(effectsOfOrder(cancelled.held, closed({ changedAt: 201 })).effects)).toEqual(unseen)
    expect(shape(effectsOfOrder(effectsOfOrder(null, open).held, closed()).effects)).toEqual(unseen)
    const refunded = { ...open, lines: open.lines.map((line) => ({ ...line, hasHeld: true as const })) }
    const told = effectsOfOrder(effectsOfOrder(null, open).held, refunded)
    expect(shape(told.effects)).toEqual(unseen)
    expect(effectsOfOrder(told.held, refunded).effects).toEqual([])
    const seen = effectsOfOrder(effectsOfOrder(null, order([['1', 3, 3]])).held, closed())
    expect(shape(seen.effects)).toEqual([['cancel', 3, 'proven']])
  })

  it('one that is cancelled and takes again contradicts itself', () => {
    const { held } = effectsOfOrder(null, order([['1', 1]]))
    const again = effectsOfOrder(held, order([['1', 2]], { isClosed: true }))
    expect(shape(again.effects)).toEqual([['sale', -1, 'unproven']])
    expect(shape(effectsOfOrder(held, order([['1', 2]])).effects)).toEqual([['sale', -1, 'proven']])
    const { held: pending } = effectsOfOrder(null, order([['1', 0, 2]], { isClosed: true }))
    expect(shape(effectsOfOrder(pending, order([['1', 2, 2]], { isClosed: true })).effects)).toEqual([
      ['sale', -2, 'proven'],
    ])
  })

  it('what is no whole number leaves what was known', () => {
    const { held } = effectsOfOrder(null, order([['1', 3]]))
    expect(effectsOfOrder(held, order([['1', null]])).effects).toEqual([])
  })
})

describe('a line that comes soon after an absolute write', () => {
  const line = (delta: number, isUnproven = false): EffectLine => ({
    id: `${delta}`,
    delta,
    kind: delta < 0 ? 'sale' : 'cancel',
    reference: 'r',
    at: 1,
    ...(isUnproven ? { isUnproven: true as const } : {}),
  })
  const given = { unexplained: 0, isFinal: () => true, isExposed: () => true }
  const told = (result: ReturnType<typeof explain>) => [shape(result.movements as never), result.overwritten]

  it('O5: was overwritten where the number does not show it, and is told once', () => {
    expect(told(explain({ ...given, difference: 0, lines: [line(-2)] }))).toEqual([[['sale', -2, 'proven']], -2])
    expect(told(explain({ ...given, difference: -2, lines: [line(-2)] }))).toEqual([[['sale', -2, 'proven']], 0])
    const both = explain({ ...given, difference: -3, lines: [line(-2), line(-3)] })
    expect([both.movements.length, both.overwritten]).toEqual([2, -2])
  })

  it('and one that does not show yet do not hide each other', () => {
    const isFinal = ({ delta }: EffectLine): boolean => delta < 0
    const both = explain({ ...given, difference: 0, lines: [line(-2), line(2)], isFinal })
    expect([both.movements, both.waiting.length]).toEqual([[], 2])
    const alike = explain({ ...given, difference: -5, lines: [line(-2), line(-3)], isFinal: () => false })
    expect(alike.movements.length).toBe(2)
  })

  it('waits until it would show', () => {
    const early = explain({ ...given, difference: 0, lines: [line(-2)], isFinal: () => false })
    expect([early.movements, early.waiting.length]).toEqual([[], 1])
  })

  it('is what was told without a line before', () => {
    const late = explain({ ...given, difference: 0, lines: [line(-2)], unexplained: -2 })
    expect([late.movements, late.overwritten, late.unexplained]).toEqual([[], 0, 0])
  })

  it('and a number that fits neither is told as it is, and listed', () => {
    const typed = explain({ ...given, difference: 10, lines: [line(-2)] })
    expect([told(typed), typed.isUnclear]).toEqual([
      [
        [
          ['sale', -2, 'proven'],
          ['manual', 12, 'proven'],
        ],
        0,
      ],
      true,
    ])
  })

  it('is listed where it would fit as well as told before, with as much overwritten', () => {
    const lines = [line(-2), line(2)]
    const evidence = { shadow: 95, asked: -3, stock: 92, lines, outcome: 'applied', stockMin: null } as const
    expect(judgeWrite({ ...evidence, writing: 'absolute', unexplained: -2 })).toMatchObject({ isUnclear: true })
    expect(judgeWrite({ ...evidence, writing: 'absolute' })).toMatchObject({ isUnclear: false })
    expect(judgeWrite({ ...evidence, writing: 'relative', unexplained: -2 })).toMatchObject({ isUnclear: false })
  })

  it('that was told as overwritten and shows after all is not told again', () => {
    const shown = explain({ ...given, difference: -2, lines: [], owed: -2 })
    expect([shown.movements, shown.shown]).toEqual([[], -2])
    const more = explain({ ...given, difference: -3, lines: [], owed: -2 })
    expect([shape(more.movements as never), more.shown]).toEqual([[['manual', -3, 'proven']], 0])
    const evidence = { shadow: 9, asked: 1, stock: 8, lines: [], owed: -2, outcome: 'applied' } as const
    expect(judgeWrite({ ...evidence, writing: 'absolute', stockMin: null })).toMatchObject({
      applied: -1,
      movements: [],
    })
  })

  it('is listed where an order may have taken and given back unseen, and the number is not what the lines say', () => {
    const unseen = line(0)
    expect(explain({ ...given, difference: 0, lines: [unseen] })).toMatchObject({ movements: [], isUnclear: false })
    expect(explain({ ...given, difference: 3, lines: [unseen] })).toMatchObject({ isUnclear: true })
    expect(explain({ ...given, difference: 3, lines: [unseen], unexplained: -3 })).toMatchObject({ isUnclear: false })
    expect(explain({ ...given, difference: 0, lines: [unseen], unexplained: -3 })).toMatchObject({ isUnclear: true })
    expect(explain({ ...given, difference: 0, lines: [line(-2), unseen] })).toMatchObject({ isUnclear: true })
    expect(explain({ ...given, difference: -2, lines: [line(-2), unseen] })).toMatchObject({ isUnclear: false })
    const plain = explain({ ...given, difference: 3, lines: [unseen], isExposed: () => false })
    expect([plain.isUnclear, plain.waiting]).toEqual([false, []])
    const early = explain({ ...given, difference: 3, lines: [unseen], isFinal: () => false })
    expect([early.movements, early.waiting]).toEqual([[], [unseen]])
    const evidence = { shadow: 9, asked: 1, lines: [unseen], outcome: 'applied', stockMin: null } as const
    expect(judgeWrite({ ...evidence, writing: 'absolute', stock: 10 })).toMatchObject({ isUnclear: false })
    expect(judgeWrite({ ...evidence, writing: 'absolute', stock: 13 })).toMatchObject({ applied: 1, isUnclear: true })
    const half = judgeWrite({ ...evidence, writing: 'absolute', stock: 10, unexplained: -3 })
    expect(half).toMatchObject({ applied: 1, isUnclear: true })
    expect(judgeWrite({ ...evidence, writing: 'relative', stock: 13 })).toMatchObject({ applied: 1, isUnclear: false })
  })

  it('is listed where only a write of which nothing is known could have overwritten it', () => {
    const evidence = { shadow: 100, asked: -2, stock: 98, lines: [line(-3)], stockMin: null } as const
    const unknown = judgeWrite({ ...evidence, writing: 'absolute', outcome: 'unknown' })
    expect(unknown).toMatchObject({ type: 'applied', overwritten: -3, isUnclear: true })
    const known = judgeWrite({ ...evidence, writing: 'absolute', outcome: 'applied' })
    expect(known).toMatchObject({ type: 'applied', overwritten: -3, isUnclear: false })
  })

  it('is listed where a cancelled order took again, though the number fits', () => {
    const evidence = { shadow: 100, asked: 1, lines: [line(1), line(-2, true)], outcome: 'applied' } as const
    const fits = judgeWrite({ ...evidence, stock: 100, writing: 'absolute', stockMin: null })
    expect(fits).toMatchObject({ type: 'applied', applied: 1, isUnclear: true })
  })

  it('may have been overwritten where nothing proves that it moved: it is listed, not told', () => {
    const gone = explain({ ...given, difference: 0, lines: [line(2, true)] })
    expect([gone.movements, gone.isUnclear]).toEqual([[], true])
    const shown = explain({ ...given, difference: 2, lines: [line(2, true)] })
    expect([shape(shown.movements as never), shown.isUnclear]).toEqual([[['cancel', 2, 'proven']], false])
  })

  it('sums: what is told is the difference and what was overwritten', () => {
    const deltas = fc.array(
      fc.integer({ min: -4, max: 4 }).filter((delta) => delta !== 0),
      { minLength: 1, maxLength: 5 },
    )
    const law = fc.property(deltas, fc.integer({ min: -12, max: 12 }), fc.integer({ min: -4, max: 4 }), (...drawn) => {
      const [drawnDeltas, difference, unexplained] = drawn
      const lines = drawnDeltas.map((delta, index) => ({ ...line(delta), id: `${index}` }))
      const { movements, overwritten } = explain({ ...given, difference, unexplained, lines })
      expect(movements.reduce((sum, { delta }) => sum + delta, 0)).toBe(difference + overwritten)
    })
    fc.assert(law)
  })

  it('that an unanswered write and units told before both explain proves nothing', () => {
    const evidence = { shadow: 9, asked: 1, stock: 9, lines: [line(-1)], unexplained: -1, outcome: 'unknown' } as const
    expect(judgeWrite({ ...evidence, writing: 'absolute', stockMin: null }).type).toBe('unclear')
  })
})

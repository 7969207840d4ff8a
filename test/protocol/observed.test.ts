/** The laws of what is made of readings, order lines and writes, and the cases that they were made for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EffectLine,
  explain,
  formerStocks,
  judgeWrite,
  meaningOfReading,
  takenOf,
  type ToldMovement,
  type WriteEvidence,
} from '@stockmesh/protocol'

const line = (delta: number, at = 1, id = `${at}`): EffectLine => {
  return { id, delta, kind: delta < 0 ? 'sale' : 'cancel', reference: `order ${id}`, at }
}
const lines = fc
  .array(
    fc.tuple(
      fc.integer({ min: -5, max: 3 }).filter((delta) => delta !== 0),
      fc.nat(9),
    ),
    { maxLength: 5 },
  )
  .map((drawn) => drawn.map(([delta, at], index) => line(delta, at, `${index}`)))
const sum = (moved: readonly { readonly delta: number }[]): number =>
  moved.reduce((total, { delta }) => total + delta, 0)
const shape = (movements: readonly ToldMovement[]) => movements.map(({ kind, delta }) => [kind, delta])

describe('a reading', () => {
  const base = { shadow: 10, formers: [], suspicion: null, readLagMs: 5_000, readAt: 100_000, now: 100_000 }

  it('is told when it is new, and waits when it may be an old one', () => {
    expect(meaningOfReading({ ...base, stock: 10 })).toEqual({ type: 'same' })
    expect(meaningOfReading({ ...base, stock: 9 })).toEqual({ type: 'moved', delta: -1 })
    const formers = formerStocks([], 12, 99_000)
    const suspicion = { stock: 12, since: 100_000 }
    expect(meaningOfReading({ ...base, stock: 12, formers })).toEqual({ type: 'suspect', suspicion })
    const later = { ...base, stock: 12, formers, suspicion }
    expect(meaningOfReading({ ...later, readAt: 104_999, now: 104_999 }).type).toBe('suspect')
    // It began early, and hung.
    expect(meaningOfReading({ ...later, readAt: 104_999, now: 130_000 }).type).toBe('suspect')
    expect(meaningOfReading({ ...later, readAt: 105_000, now: 105_000 })).toEqual({ type: 'moved', delta: 2 })
    const long = { ...later, readAt: 200_000, now: 200_000 }
    expect(meaningOfReading({ ...long, suspicion: null })).toEqual({ type: 'moved', delta: 2 })
    expect(meaningOfReading({ ...base, stock: 12, formers, readLagMs: 0 })).toEqual({ type: 'moved', delta: 2 })
  })

  it('another number in between begins the wait anew', () => {
    const formers = formerStocks(formerStocks([], 12, 98_000), 11, 99_000)
    const suspicion = { stock: 11, since: 90_000 }
    expect(meaningOfReading({ ...base, stock: 12, formers, suspicion }).type).toBe('suspect')
  })
})

describe('order lines', () => {
  it('O1: what is told adds up to the difference, whatever the lines say', () => {
    const law = fc.property(
      fc.integer({ min: -20, max: 20 }),
      lines,
      fc.integer({ min: -4, max: 4 }),
      fc.boolean(),
      (...given) => {
        const [difference, drawn, unexplained, isFinal] = given
        const result = explain({ difference, lines: drawn, unexplained, isFinal: () => isFinal })
        expect(sum(result.movements)).toBe(difference)
        if (isFinal) expect(result.waiting).toEqual([])
      },
    )
    fc.assert(law)
  })

  it('explain a difference, the rest is manual, and what does not show yet waits', () => {
    const given = { difference: -3, unexplained: 0, isFinal: () => false }
    const exact = explain({ ...given, lines: [line(-2, 1), line(-1, 2)] })
    expect([shape(exact.movements), exact.waiting]).toEqual([
      [
        ['sale', -2],
        ['sale', -1],
      ],
      [],
    ])
    const part = explain({ ...given, lines: [line(-2)] })
    expect([shape(part.movements), part.unexplained]).toEqual([
      [
        ['sale', -2],
        ['manual', -1],
      ],
      -1,
    ])
    const ahead = explain({ ...given, difference: 0, lines: [line(-2)] })
    expect([ahead.movements, ahead.waiting.length]).toEqual([[], 1])
    const back = explain({ ...given, difference: 0, lines: [line(-2, 1), line(2, 2)] })
    expect(shape(back.movements)).toEqual([
      ['sale', -2],
      ['cancel', 2],
    ])
  })

  it('that come late explain what was told without them, and are not told again', () => {
    const late = explain({ difference: 0, lines: [line(-2)], unexplained: -2, isFinal: () => true })
    expect(late).toMatchObject({ movements: [], waiting: [], unexplained: 0, late: [-2] })
  })

  it('a number that was typed over a sale is told as both', () => {
    const typed = explain({ difference: 0, lines: [line(-2)], unexplained: 0, isFinal: () => true })
    expect(shape(typed.movements)).toEqual([
      ['sale', -2],
      ['manual', 2],
    ])
  })
})

describe('a write', () => {
  const asked = fc.integer({ min: -6, max: 6 }).filter((units) => units !== 0)

  it('O1: what is told and what was applied add up to what the shop has', () => {
    const evidence = fc.record({
      shadow: fc.integer({ min: 0, max: 12 }),
      asked,
      stock: fc.integer({ min: -4, max: 20 }),
      lines: fc.option(lines),
      outcome: fc.constantFrom('applied', 'unknown'),
      writing: fc.constantFrom('relative', 'absolute'),
      stockMin: fc.option(fc.constant(0)),
    }) as fc.Arbitrary<WriteEvidence>
    const law = fc.property(evidence, (given) => {
      const verdict = judgeWrite(given)
      if (verdict.type === 'unclear') return
      const applied = verdict.type === 'applied' ? verdict.applied : 0
      expect(given.shadow + sum(verdict.movements) + applied).toBe(given.stock)
    })
    fc.assert(law)
  })

  it('sales beside an absolute write are all told, whether it overwrote them or not', () => {
    const law = fc.property(asked, lines, fc.nat(5), fc.boolean(), (delta, drawn, place, isKnown) => {
      const ordered = drawn.map((each, at) => ({ ...each, at }))
      const after = ordered.slice(place)
      const shadow = 50
      const stock = shadow + delta + sum(after)
      const outcome = isKnown ? 'applied' : 'unknown'
      const verdict = judgeWrite({
        shadow,
        asked: delta,
        stock,
        lines: ordered,
        outcome,
        writing: 'absolute',
        stockMin: null,
      })
      if (verdict.type === 'no-effect' || verdict.type === 'unclear') throw new Error(verdict.type)
      expect(sum(verdict.movements)).toBe(sum(ordered))
    })
    fc.assert(law)
  })

  it('sales beside a relative write are told, and it is known whether it was made', () => {
    const law = fc.property(asked, lines, fc.boolean(), (delta, drawn, isMade) => {
      const stock = 50 + sum(drawn) + (isMade ? delta : 0)
      const verdict = judgeWrite({
        shadow: 50,
        asked: delta,
        stock,
        lines: drawn,
        outcome: 'unknown',
        writing: 'relative',
        stockMin: null,
      })
      expect(verdict.type).toBe(isMade ? 'applied' : 'not-applied')
      expect(verdict.type === 'unclear' ? null : sum(verdict.movements)).toBe(sum(drawn))
    })
    fc.assert(law)
  })

  const base: WriteEvidence = {
    shadow: 10,
    asked: -3,
    stock: 7,
    lines: null,
    outcome: 'unknown',
    writing: 'relative',
    stockMin: null,
  }

  it('O4: without lines a reading that fits neither is unclear, and so is a yes that moved nothing', () => {
    expect(judgeWrite(base)).toMatchObject({ type: 'applied', applied: -3 })
    expect(judgeWrite({ ...base, stock: 10 }).type).toBe('not-applied')
    expect(judgeWrite({ ...base, stock: 8 }).type).toBe('unclear')
    expect(judgeWrite({ ...base, stock: 10, outcome: 'applied' }).type).toBe('unclear')
    expect(judgeWrite({ ...base, stock: 10, outcome: 'applied', lines: [] }).type).toBe('no-effect')
    const seen = judgeWrite({ ...base, stock: 6, outcome: 'applied' })
    expect(seen.type === 'applied' ? shape(seen.movements) : seen).toEqual([['manual', -1]])
  })

  it('a silent clip at the minimum leaves the rest open', () => {
    const clipped = { ...base, shadow: 3, stock: 0, stockMin: 0, outcome: 'applied', lines: [line(-2)] } as const
    expect(judgeWrite(clipped)).toMatchObject({ type: 'applied', applied: -1 })
    expect([-5, -2, 4].map((delta) => takenOf({ stock: 3, delta, stockMin: 0 }))).toEqual([-3, -2, 4])
    expect(takenOf({ stock: -2, delta: -1, stockMin: 0 })).toBe(0)
    expect(takenOf({ stock: 3, delta: -5, stockMin: null })).toBe(-5)
  })
})

/** 32: stock numbers as shops report them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stockUnitsMax } from '../../packages/protocol/src/limits.ts'
import { parseStock } from '../../packages/protocol/src/quantity.ts'
import { check } from './arbitraries.ts'

const told = (raw: unknown): unknown => {
  const stock = parseStock(raw)
  return stock.ok ? stock.value : stock.code
}

describe('32: levels', () => {
  it.each([
    ['12.0', 12],
    ['12', 12],
    [' 12 ', 12],
    ['-3', -3],
    ['-0', 0],
    [-0, 0],
    [0, 0],
    [12, 12],
    [null, null],
    [stockUnitsMax, stockUnitsMax],
  ])('%j is %j', (raw, expected) => {
    const value = told(raw)
    expect(value).toBe(expected)
    expect(Object.is(value, -0)).toBe(false)
  })

  it.each([
    [2.5, 'stock-fraction'],
    ['2.5', 'stock-fraction'],
    ['12.00000000000000000001', 'stock-fraction'],
    ['999999999.99999999999999', 'stock-fraction'],
    [Number.NaN, 'stock-not-a-number'],
    ['NaN', 'stock-not-a-number'],
    ['', 'stock-not-a-number'],
    [' ', 'stock-not-a-number'],
    ['1e21', 'stock-not-a-number'],
    ['0x10', 'stock-not-a-number'],
    ['1,5', 'stock-not-a-number'],
    ['1.000,00', 'stock-not-a-number'],
    ['12 pcs', 'stock-not-a-number'],
    ['<html>', 'stock-not-a-number'],
    [undefined, 'stock-not-a-number'],
    [true, 'stock-not-a-number'],
    [[12], 'stock-not-a-number'],
    [{}, 'stock-not-a-number'],
    [12n, 'stock-not-a-number'],
    [1e21, 'stock-out-of-range'],
    [Number.POSITIVE_INFINITY, 'stock-out-of-range'],
    [-stockUnitsMax - 1, 'stock-out-of-range'],
    ['9'.repeat(400), 'stock-out-of-range'],
  ])('%s is held with %s', (raw, code) => {
    expect(told(raw)).toBe(code)
  })

  it('anything at all gives a number in range, null or a reason', () => {
    check(
      fc.property(fc.anything(), (raw) => {
        const stock = parseStock(raw)
        if (!stock.ok) expect(stock.message).toMatch(/\.$/)
        else if (stock.value !== null) {
          expect(Number.isInteger(stock.value) && Math.abs(stock.value) <= stockUnitsMax).toBe(true)
        }
      }),
      1_000,
    )
  })
})

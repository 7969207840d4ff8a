/** A column is a list of whole numbers, however large they are and whatever it is asked for in between. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Column } from '../../packages/protocol/src/column.ts'
import { check } from './arbitraries.ts'

const number = fc.oneof(
  fc.nat(10),
  fc.constantFrom(0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
)
const step = fc.oneof(
  fc.record({ do: fc.constant('push' as const), value: number }),
  fc.record({ do: fc.constant('set' as const), at: fc.nat(60), value: number }),
  fc.record({ do: fc.constant('truncate' as const), at: fc.nat(60) }),
  fc.record({ do: fc.constant('clear' as const) }),
)

it('holds what was put into it', () => {
  check(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const column = new Column([7])
      let list = [7]
      for (const one of steps) {
        if (one.do === 'push') column.push(one.value)
        if (one.do === 'push') list.push(one.value)
        if (one.do === 'set' && one.at <= list.length) {
          column.set(one.at, one.value)
          list[one.at] = one.value
        }
        if (one.do === 'truncate') column.truncate(one.at)
        if (one.do === 'truncate') list = list.slice(0, one.at)
        if (one.do === 'clear') column.clear()
        if (one.do === 'clear') list = []
      }
      expect(column.length).toBe(list.length)
      expect(Array.from({ length: list.length }, (_, index) => column.at(index))).toEqual(list)
      expect(column.at(list.length)).toBe(0)
      expect(() => column.set(list.length + 1, 1)).toThrow('no cell')
    }),
  )
})

it('takes two bytes a number while all are small, four and eight where one needs them, and little in vain', () => {
  const bytes = (values: readonly number[]): number => new Column(values).heldBytes
  const small = Array.from({ length: 100_000 }, (_, index) => index % 1_000)
  expect(bytes(small) / small.length).toBeLessThan(2.3)
  expect(bytes([...small, 70_000]) / small.length).toBeLessThan(4.6)
  expect(bytes([...small, 2 ** 40]) / small.length).toBeLessThan(9.2)
})

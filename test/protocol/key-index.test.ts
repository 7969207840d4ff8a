/** A key index numbers keys as a `Map` would, in less room, and whatever the keys are. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KeyIndex } from '../../packages/protocol/src/key-index.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { check } from './arbitraries.ts'

const key = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 8 })) as fc.Arbitrary<SkuKey>

it('gives each key one number, in the order in which they come', () => {
  check(
    fc.property(
      fc.array(key, { maxLength: 200 }),
      fc.array(key, { maxLength: 20 }),
      fc.integer(),
      (keys, others, seed) => {
        const index = new KeyIndex(seed)
        const map = new Map<SkuKey, number>()
        for (const one of keys) {
          if (!map.has(one)) map.set(one, map.size + 1)
          expect(index.add(one)).toBe(map.get(one))
        }
        expect([...index.keys()]).toEqual([...map.keys()])
        expect(index.size).toBe(map.size)
        for (const one of [...keys, ...others]) {
          expect([index.has(one), index.numberOf(one)]).toEqual([map.has(one), map.get(one) ?? 0])
        }
        for (const [one, number] of map) expect(index.keyOf(number)).toBe(one)
        expect([index.keyOf(0), index.keyOf(map.size + 1)]).toEqual([null, null])
      },
    ),
  )
})

it('takes at most eleven bytes a key beside the keys', () => {
  const index = new KeyIndex(1)
  const count = 100_000
  for (let n = 0; n < count; n += 1) index.add(`sku-${n}` as SkuKey)
  expect(index.heldBytes / count).toBeLessThan(11)
})

/** Pages of lists that are made anew for each question, while the list changes between them. */
import type { List } from '@stockmesh/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOf } from '../../packages/node/src/views/short-list.ts'

const query = (after: string | null, limit: number) => ({ after, limit })

function names(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `item ${from + index}`)
}

test('the pages together are the list, whatever the limit', () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 20 }), (count, limit) => {
      const all = names(0, count)
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: List<string> = pageOf(all, (name) => name, query(after, limit))
        expect(page.total).toBe(count)
        seen.push(...page.items)
        after = page.next
      } while (after !== null)
      expect(seen).toEqual(all)
    }),
  )
})

test('what comes and goes between two pages neither hides an item that stays nor shows one twice', () => {
  const goneArbitrary = fc.uniqueArray(fc.nat({ max: 39 }), { maxLength: 7 })
  fc.assert(
    fc.property(goneArbitrary, fc.nat({ max: 5 }), (gone, come) => {
      const all = names(0, 40)
      const first = pageOf(all, (name) => name, query(null, 20))
      const changed = [...names(100, come), ...all.filter((name) => !gone.includes(all.indexOf(name)))]
      const second = pageOf(changed, (name) => name, query(first.next, 40))
      expect(second.items).toEqual(all.slice(20).filter((name) => changed.includes(name)))
    }),
  )
})

test('where all that the cursor names are gone, their place counts; a cursor of another list is refused', () => {
  const all = names(0, 40)
  const { next } = pageOf(all, (name) => name, query(null, 10))
  expect(pageOf(names(100, 40), (name) => name, query(next, 5)).items).toEqual(names(110, 5))
  expect(pageOf([], (name) => name, query(next, 5)).items).toEqual([])
  expect(() => pageOf(all, (name) => name, query('nonsense', 5))).toThrow('not one of this list')
})

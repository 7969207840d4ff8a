/** What a person is told of a row that is left out. */
import { expect, test } from 'vitest'
import { faultSentence } from '../../packages/node/src/shop-sync/fault-sentence.ts'

test('a bundle is nothing to correct, and a fault that has no words of its own is told with its code', () => {
  expect(faultSentence('bundle')).toMatch(/nothing has to be done/)
  expect(faultSentence('bundle')).not.toMatch(/Correct/)
  expect(faultSentence('stock-strange')).toBe(
    'It cannot be synchronised as it is (stock-strange). Correct it in the shop.',
  )
})

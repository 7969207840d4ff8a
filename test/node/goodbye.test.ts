/** Who gives their word to stay, when one leaves or several do. */
import { expect, test } from 'vitest'
import { Goodbye, goodbyeAnswer, isWordToStay } from '../../packages/node/src/node/goodbye.ts'
import { shopAt } from '../protocol/arbitraries.ts'

const [first, second] = [shopAt(1), shopAt(2)].sort() as [ReturnType<typeof shopAt>, ReturnType<typeof shopAt>]

test('a shop stays for whoever leaves, until it leaves itself', () => {
  const goodbye = new Goodbye(first)
  expect(goodbye.staysFor(second)).toBe(true)
  goodbye.begin()
  expect(goodbye.staysFor(second)).toBe(false)
  goodbye.end()
  expect(goodbye.staysFor(second)).toBe(true)
})

test('of two that leave at once one goes, and only as long as the other one has nobody’s word', () => {
  const [one, other] = [new Goodbye(first), new Goodbye(second)]
  one.begin()
  other.begin()
  expect([one.staysFor(second), other.staysFor(first)]).toEqual([false, true])
  other.settle()
  expect([one.staysFor(second), other.staysFor(first)]).toEqual([false, false])
})

test('the word is heard, also of a release that does not know the question; silence is none', () => {
  expect([true, false].map((stays) => isWordToStay(goodbyeAnswer(stays)))).toEqual([true, false])
  expect(isWordToStay('{}')).toBe(true)
  expect([null, '', '{"stays":"true"}', '[]'].map(isWordToStay)).toEqual([false, false, false, false])
})

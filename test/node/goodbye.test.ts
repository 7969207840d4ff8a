/** Who gives their word to stay, when one leaves or several do. */
import { expect, test } from 'vitest'
import { answerGoodbye, Goodbye, goodbyeAnswer, isWordToStay } from '../../packages/node/src/node/goodbye.ts'
import { shopAt } from '../protocol/arbitraries.ts'

const [first, second] = [shopAt(1), shopAt(2)].sort() as [ReturnType<typeof shopAt>, ReturnType<typeof shopAt>]
const holdsAll = (): boolean => true
const word = (stays: boolean) => (): Promise<string> => Promise.resolve(goodbyeAnswer(stays))

test('a shop stays for whoever leaves, until it leaves itself', () => {
  const goodbye = new Goodbye(first)
  expect(goodbye.answer(second)).toBe(true)
  goodbye.begin(false)
  expect(goodbye.answer(second)).toBe(false)
  goodbye.end()
  expect(goodbye.answer(second)).toBe(true)
})

test('of two that leave at once one goes, and only as long as the other one has nobody’s word', async () => {
  const [one, other] = [new Goodbye(first), new Goodbye(second)]
  one.begin(false)
  other.begin(false)
  expect([one.answer(second), other.answer(first)]).toEqual([false, true])
  expect(await other.rely(word(true), holdsAll)).toBe(true)
  expect([one.answer(second), other.answer(first)]).toEqual([false, false])
})

test('who leaves by force stays for nobody', () => {
  const goodbye = new Goodbye(second)
  goodbye.begin(true)
  expect(goodbye.answer(first)).toBe(false)
})

test('a word does not count that was on its way while this shop gave its own', async () => {
  const [one, other] = [new Goodbye(first), new Goodbye(second)]
  other.begin(false)
  const relied = other.rely(() => {
    const given = one.answer(second)
    one.begin(false)
    // Before the other one hears the answer it is asked itself.
    expect(other.answer(first)).toBe(true)
    return Promise.resolve(goodbyeAnswer(given))
  }, holdsAll)
  expect(await relied).toBe(false)
  expect(await one.rely(word(true), holdsAll)).toBe(true)
  expect(await other.rely(word(one.answer(second)), holdsAll)).toBe(false)
})

test('a word does not count of one that lacks what came in since it was asked', async () => {
  const goodbye = new Goodbye(first)
  goodbye.begin(false)
  expect(await goodbye.rely(word(true), () => false)).toBe(false)
  expect(await goodbye.rely(word(true), holdsAll)).toBe(true)
})

test('nothing else is a word, and silence is none', () => {
  expect([true, false].map((stays) => isWordToStay(goodbyeAnswer(stays)))).toEqual([true, false])
  expect([null, '', '{}', '{"stays":"true"}', '[]'].map(isWordToStay)).toEqual(Array(5).fill(false))
})

test('a shop stays for nobody whose membership records it has not all heard, or when it is out itself', () => {
  const known = ['0a', '1b', '2c']
  const answer = (key: string, isMember = true): boolean => {
    const member = () => (isMember ? {} : null)
    const membership = { member, knows: (start: string) => known.some((hash) => hash.startsWith(start)) }
    return answerGoodbye({ network: { membership }, goodbye: new Goodbye(first), self: first } as never, second, key)
  }
  expect(['0a', '0a,2c'].map((key) => answer(key))).toEqual([true, true])
  expect(['3d', '0a,3d'].map((key) => answer(key))).toEqual([false, false])
  expect(answer('0a', false)).toBe(false)
})

/** What a node may have done with its shop's feed in a life that it forgot. */
import { judgeFeedPast } from '@stockmesh/protocol'
import { expect, test } from 'vitest'

const quiet = {
  claimed: 40,
  held: 40,
  position: 44,
  hidesMassChange: false,
  isPutBack: false,
  hasWitness: false,
} as const

test('a feed without a mass change is read on at once, and what others know more of comes out as it did', () => {
  expect(judgeFeedPast(quiet)).toBe('same')
  expect(judgeFeedPast({ ...quiet, claimed: 90, isPutBack: true })).toBe('same')
})

test('a mass change waits until somebody could tell how far the feed was read before', () => {
  const facts = { ...quiet, hidesMassChange: true }
  expect(judgeFeedPast(facts)).toBe('unknown')
  expect(judgeFeedPast({ ...facts, hasWitness: true })).toBe('same')
})

test('a mass change that others may know a part of is not counted again, with or without a word of the restore', () => {
  const facts = { ...quiet, hidesMassChange: true, hasWitness: true }
  expect(judgeFeedPast({ ...facts, claimed: 41 })).toBe('other')
  expect(judgeFeedPast({ ...facts, isPutBack: true })).toBe('other')
})

test('a row that counted before and was passed over shows that the feed came out another way', () => {
  expect(judgeFeedPast({ ...quiet, claimed: 44 })).toBe('other')
  expect(judgeFeedPast({ ...quiet, claimed: 45 })).toBe('same')
})

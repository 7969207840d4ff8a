/** What a write to a Vendure shop has added, by the shop's own book of movements. */
import { expect, it } from 'vitest'
import { addedBy, type Book, type Movement } from '../../packages/node/src/connectors/vendure/admin-book.ts'

const before: Book = { onHand: 10, allocated: 2, isShared: false, movements: [], total: 4 }

function after(onHand: number, movements: readonly [Movement['type'], number][], more: Partial<Book> = {}): Book {
  // The shop does not say in which order it gives them.
  const items = movements.map(([type, quantity], index) => ({ id: String(9 + index), type, quantity })).toReversed()
  return { ...before, onHand, movements: items, total: before.total + items.length, ...more }
}

it.for([
  ['nothing came between', after(13, [['ADJUSTMENT', 3]]), 3],
  [
    'a customer bought',
    after(13, [
      ['ALLOCATION', 1],
      ['ADJUSTMENT', 3],
    ]),
    3,
  ],
  [
    'goods left the house before it',
    after(13, [
      ['SALE', -2],
      ['ADJUSTMENT', 5],
    ]),
    5,
  ],
  [
    'goods left the house after it',
    after(11, [
      ['ADJUSTMENT', 3],
      ['SALE', -2],
    ]),
    3,
  ],
  [
    'goods came back before it',
    after(13, [
      ['CANCELLATION', 1],
      ['ADJUSTMENT', 2],
    ]),
    2,
  ],
  [
    'somebody typed a number before it',
    after(13, [
      ['ADJUSTMENT', -4],
      ['ADJUSTMENT', 7],
    ]),
    7,
  ],
  [
    'somebody typed a number after it',
    after(40, [
      ['ADJUSTMENT', 3],
      ['ADJUSTMENT', 27],
    ]),
    3,
  ],
  ['the shop had come to that number by itself', after(13, [['CANCELLATION', 3]]), 0],
] as const)('a write of +3 where %s', ([, book, added]) => {
  expect(addedBy(3, before, book)).toBe(added)
})

it.for([
  ['has no movement that makes the number', after(10, [])],
  ['does not add up to the stock', after(12, [['ADJUSTMENT', 3]])],
  ['has more movements than were read', after(13, [['ADJUSTMENT', 3]], { total: 40 })],
  [
    'is also of another location, with two typed numbers',
    after(
      13,
      [
        ['ADJUSTMENT', 3],
        ['ADJUSTMENT', 1],
      ],
      { isShared: true },
    ),
  ],
  ['is also of another location, with another number', after(13, [['ADJUSTMENT', 2]], { isShared: true })],
] as const)('nothing is known of a write where the book %s', ([, book]) => {
  expect(addedBy(3, before, book)).toBeNull()
})

it('with several locations the only typed number is ours where it is what was asked', () => {
  expect(
    addedBy(
      3,
      before,
      after(
        13,
        [
          ['SALE', -2],
          ['ADJUSTMENT', 3],
        ],
        { isShared: true },
      ),
    ),
  ).toBe(3)
})

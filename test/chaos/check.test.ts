/**
 * The checker finds what it is there to find: each story is a run that is right in everything but one thing.
 */
import { describe, expect, test } from 'vitest'
import { check, type Observed } from './check.ts'
import type { Add, FinalMovement, FinalRead, FinalSku, Read } from './history.ts'

const sku = 'SKU-1'
const shopIds = ['shop-a', 'shop-b', 'shop-c'] as const

/** Order 1 of member 0 took 3, order 2 of member 1 took 2 and was not answered, change 3 of member 2 brought 4. */
const adds: readonly Add[] = [
  { number: 1, kind: 'order', member: 0, sku, delta: -3, outcome: 'acknowledged', reference: 'o1', order: null },
  { number: 2, kind: 'order', member: 1, sku, delta: -2, outcome: 'unknown', reference: null, order: null },
  { number: 3, kind: 'change', member: 2, sku, delta: 4, outcome: 'acknowledged', reference: null, order: null },
  { number: 4, kind: 'received', member: 1, sku, delta: 1, outcome: 'unknown', reference: 'delivery 4', order: null },
]
const acknowledgedOrder: FinalMovement = { member: 'shop-a', cause: 'sale', delta: -3, reference: 'o1' }
const unknownOrder: FinalMovement = { member: 'shop-b', cause: 'sale', delta: -2, reference: 'o2' }
const change: FinalMovement = { member: 'shop-c', cause: 'manual', delta: 4, reference: null }
const unknownDelivery: FinalMovement = { member: 'shop-b', cause: 'received', delta: 1, reference: 'delivery 4' }

type Answering = Extract<FinalRead, { answers: true }>

/** What a member answers whose history is these movements; level, shop and sums follow from them. */
function finalRead(member: number, movements: readonly FinalMovement[], opening = 10): Answering {
  const level = movements.reduce((sum, { delta }) => sum + delta, opening)
  const orders = movements
    .filter((movement) => movement.member === shopIds[member] && movement.cause === 'sale')
    .map(({ reference }) => ({ id: reference ?? '', mark: reference === 'o1' ? 1 : 2, cancelled: false }))
  const one = { sku, level, shopStock: Math.max(0, level), baseline: opening, byShop: level - opening, movements }
  return {
    member,
    answers: true,
    ids: [shopIds[member]!],
    unrest: null,
    skus: [one],
    orders,
    adjustedAgain: [],
    problems: [],
  }
}

function everywhere(movements: readonly FinalMovement[], opening = 10): readonly Answering[] {
  return shopIds.map((_, member) => finalRead(member, movements, opening))
}

/** The same read with some facts of its SKU changed. */
function withFacts(read: Answering, facts: Partial<FinalSku>): Answering {
  return { ...read, skus: read.skus.map((one) => ({ ...one, ...facts })) }
}

function codesOf(finals: readonly FinalRead[], more: Partial<Observed> = {}): readonly string[] {
  const observed = { opening: new Map([[sku, 10]]), adds, reads: [], finals, ...more }
  return [...new Set(check(observed).map(({ code }) => code))].sort()
}

const right = [acknowledgedOrder, change]

describe('a run that is right', () => {
  test.each([
    ['none of the unanswered adds was done', right],
    ['one was done', [...right, unknownOrder]],
    ['all were done', [...right, unknownOrder, unknownDelivery]],
    ['the histories came in another order', [change, acknowledgedOrder]],
  ])('%s: nothing is found', (_, movements) => {
    expect(check({ opening: new Map([[sku, 10]]), adds, reads: [], finals: everywhere(movements) })).toEqual([])
  })

  test('below zero the shops show 0, and it is listed as oversold', () => {
    const problems = [{ kind: 'oversold', sku, message: 'sold below zero' }]
    const finals = everywhere([acknowledgedOrder, change, unknownOrder], 0).map((read) => ({ ...read, problems }))
    const sold = { ...acknowledgedOrder, delta: -7 }
    const below = finals.map((read) =>
      withFacts(read, { level: -5, shopStock: 0, byShop: -5, movements: [sold, change, unknownOrder] }),
    )
    const asked = adds.map((add) => (add.number === 1 ? { ...add, delta: -7 } : add))
    expect(codesOf(below, { opening: new Map([[sku, 0]]), adds: asked })).toEqual([])
    const silent = below.map((read) => ({ ...read, problems: [] }))
    expect(codesOf(silent, { opening: new Map([[sku, 0]]), adds: asked })).toEqual(['oversold-unlisted'])
  })
})

describe('what is found', () => {
  test('an acknowledged add that is lost everywhere', () => {
    const finals = everywhere([change])
    expect(codesOf(finals)).toEqual(['add-lost', 'level-impossible'])
  })

  test('an acknowledged add that is lost where an unanswered one hides the sum', () => {
    const hiding = { ...adds[1]!, delta: -3 }
    const finals = everywhere([{ ...unknownOrder, delta: -3 }, change])
    expect(codesOf(finals, { adds: [adds[0]!, hiding, adds[2]!] })).toEqual(['add-lost'])
  })

  test('an add that counts twice', () => {
    expect(codesOf(everywhere([...right, acknowledgedOrder]))).toContain('add-doubled')
    expect(codesOf(everywhere([...right, unknownOrder, unknownOrder]))).toContain('add-doubled')
    expect(codesOf(everywhere([...right, change]))).toContain('add-doubled')
    expect(codesOf(everywhere([...right, unknownDelivery, unknownDelivery]))).toContain('add-doubled')
  })

  test('reads that differ', () => {
    const [first, second, third] = everywhere(right)
    const other = withFacts(second!, { level: 13, shopStock: 13, byShop: 3 })
    expect(codesOf([first!, other, third!])).toEqual(['level-differs', 'level-impossible', 'sum-differs'])
  })

  test('an unanswered add that counted in one node and not in another, though each sum is possible', () => {
    const [first, , third] = everywhere(right)
    const finals = [first!, finalRead(1, [...right, unknownDelivery]), third!]
    expect(codesOf(finals)).toEqual(['history-differs', 'level-differs'])
  })

  test('an order that its shop has and no node counted', () => {
    const finals = everywhere(right).map((read) =>
      read.member === 1 ? { ...read, orders: [{ id: 'o2', mark: 2, cancelled: false }] } : read,
    )
    expect(codesOf(finals)).toEqual(['add-lost'])
  })

  test('an order that its shop took twice', () => {
    const twice = everywhere([...right, unknownOrder, { ...unknownOrder, reference: 'o9' }])
    expect(codesOf(twice)).toEqual(['add-doubled', 'level-impossible', 'movement-unasked'])
  })

  test('an add that was refused and counted', () => {
    const refused = adds.map((add) => (add.number === 2 ? { ...add, outcome: 'refused' as const } : add))
    expect(codesOf(everywhere([...right, unknownOrder]), { adds: refused })).toContain('refused-done')
  })

  test('an add of another size', () => {
    expect(codesOf(everywhere([{ ...acknowledgedOrder, delta: -2 }, change]))).toContain('add-changed')
  })

  test('an acknowledged cancellation that is not in the history', () => {
    const cancel: Add = { ...adds[0]!, number: 5, kind: 'cancel', delta: 3, reference: null, order: 1 }
    const cancelled = everywhere([...right, { ...acknowledgedOrder, cause: 'cancel', delta: 3 }]).map((read) => ({
      ...read,
      orders: read.orders.map((order) => ({ ...order, cancelled: true })),
    }))
    expect(codesOf(cancelled, { adds: [...adds, cancel] })).toEqual([])
    expect(codesOf(everywhere(right), { adds: [...adds, cancel] })).toEqual(['add-lost', 'level-impossible'])
  })

  test('an adjustment that a shop made twice, though the numbers were put right again', () => {
    const finals = everywhere(right).map((read) => ({ ...read, adjustedAgain: ['0123'] }))
    expect(codesOf(finals)).toEqual(['adjusted-twice'])
  })

  test('nothing where a member left and joined again under another id', () => {
    const finals = everywhere(right).map((read) => (read.member === 0 ? { ...read, ids: ['shop-a', 'shop-z'] } : read))
    expect(codesOf(finals)).toEqual([])
    const later = everywhere([{ ...acknowledgedOrder, member: 'shop-z' }, change])
    expect(
      codesOf(
        later.map((read) =>
          read.member === 0 ? { ...read, ids: ['shop-a', 'shop-z'], orders: finals[0]!.orders } : read,
        ),
      ),
    ).toEqual([])
  })

  test('a movement that nobody asked for', () => {
    const echo = { member: 'shop-b', cause: 'unknown', delta: 2, reference: null }
    expect(codesOf(everywhere([...right, echo]))).toEqual(['level-impossible', 'movement-unasked'])
  })

  test('movements or totals that do not add up to the level', () => {
    const finals = everywhere(right)
    expect(codesOf(finals.map((read) => withFacts(read, { byShop: 7 })))).toEqual(['sum-differs'])
    expect(codesOf(finals.map((read) => withFacts(read, { baseline: 11 })))).toEqual(['sum-differs'])
    const short = finals.map((read) => withFacts(read, { movements: [acknowledgedOrder] }))
    expect(codesOf(short)).toEqual(['add-lost', 'sum-differs'])
  })

  test('a shop that shows another number than its node', () => {
    expect(codesOf(everywhere(right).map((read) => withFacts(read, { shopStock: 10 })))).toEqual(['shop-differs'])
    expect(codesOf(everywhere(right).map((read) => withFacts(read, { shopStock: null })))).toEqual(['shop-differs'])
  })

  test('a node that does not answer, does not come to rest, or leaves a problem open', () => {
    const [first, second, third] = everywhere(right)
    expect(codesOf([first!, second!, { member: 2, ids: ['shop-c'], answers: false, why: 'refused' }])).toEqual([
      'no-answer',
    ])
    expect(codesOf([first!, second!, { ...third!, unrest: 'is not in step' }])).toEqual(['not-at-rest'])
    const problems = [{ kind: 'held', sku, message: 'held' }]
    expect(codesOf([first!, second!, { ...third!, problems }])).toEqual(['problem-open'])
  })

  test('a read while faults went on that no adds explain', () => {
    const read = (level: number | null): Read => ({ number: 9, member: 0, sku, level, possible: [1, 2] })
    for (const level of [5, 7, 8, 10]) expect(codesOf(everywhere(right), { reads: [read(level)] })).toEqual([])
    for (const level of [4, 11, null]) {
      expect(codesOf(everywhere(right), { reads: [read(level)] })).toEqual(['read-impossible'])
    }
  })
})

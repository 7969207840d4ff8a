/**
 * The line between a node and its shop fails in the ways a line does: answers are lost, waiting reads are cut, calls
 * are answered with nonsense after they were carried out. Every change is counted once, and none of our own comes back.
 */
import type { ProblemItem } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { HttpFaultProxy } from '../harness/http-fault-proxy.ts'
import { fillAlike, type Member, Network, shopAnswersOf } from '../harness/network.ts'
import { publishedBy, sell, showsLevel, type, untilMoved } from './trade.ts'

const skus = ['SVAR', 'DRAEBT', 'VENTER', 'TAVS', 'FEJL', 'SIDE', 'LAEST', 'EKKO-10', 'KAPLOEB', 'TASTET'] as const

let network: Network
let m: Member
let e: Member
let answers: HttpFaultProxy

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  m = network.member('M')
  e = network.member('E')
  answers = shopAnswersOf(e)
  await fillAlike(network, skus, 100)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

interface Seen {
  readonly path: string
}
const isFeed = ({ path }: Seen): boolean => path.includes('/feed?')
const isAdjustment = ({ path }: Seen): boolean => path.endsWith('/adjust')

async function shopStockOf(member: Member, sku: string): Promise<number | null> {
  return (await network.shopStocks(sku))[network.members.indexOf(member)] ?? null
}

function untilMovedBy(sku: string, deltas: readonly number[]): Promise<void> {
  return untilMoved(network, sku, 100, deltas)
}

async function shopProblem(member: Member): Promise<ProblemItem | undefined> {
  return (await member.api.problems()).find(({ kind }) => kind === 'shop-unreachable')
}

test('a read of the feed whose answer is lost is repeated, and its sale counts once', async () => {
  const hold = answers.hold('after', isFeed)
  await sell(e, 'SVAR', 3)
  await hold.arrived
  hold.drop()
  await untilMovedBy('SVAR', [-3])
})

test('a node that dies with the feed’s answer on the way reads it again, and the sales count once', async () => {
  const hold = answers.hold('after', isFeed)
  await sell(e, 'DRAEBT', 3)
  await hold.arrived
  await e.node.kill()
  await sell(e, 'DRAEBT', 4)
  hold.drop()
  await e.node.restart()
  await untilMovedBy('DRAEBT', [-3, -4])
})

test('a waiting read that is cut begins anew, and what is sold meanwhile counts once', async () => {
  for (const quantity of [1, 2, 3]) {
    e.shopLink.reset()
    await sell(e, 'VENTER', quantity)
  }
  await untilMovedBy('VENTER', [-1, -2, -3])
  await eventually('the shop is not listed any more', async () => (await shopProblem(e)) === undefined)
})

test('while the line to the shop is dead both shops sell; when it lives again each hears of the other once', async () => {
  e.shopLink.cut()
  await sell(e, 'TAVS', 3)
  await sell(m, 'TAVS', 2)
  await eventually('E has heard of M’s sale', () => showsLevel(e, 'TAVS', 98))
  expect(await shopStockOf(e, 'TAVS')).toBe(97)
  expect(await m.api.movements('TAVS')).toHaveLength(1)
  expect((await e.api.status()).network?.inStep).toBe(false)
  e.shopLink.heal()
  await untilMovedBy('TAVS', [-2, -3])
  expect(await publishedBy(e, m, 'TAVS')).toEqual({ added: 0, removed: 3 })
})

test.each([
  ['an error', 'FEJL', 'error'],
  ['a web page', 'SIDE', 'html'],
] as const)('an adjustment that is made but answered with %s is not made twice', async (_, sku, kind) => {
  answers.answerWith(kind, { matches: isAdjustment, afterPassing: true })
  await sell(m, sku, 5)
  await eventually('the shop has adjusted', async () => (await shopStockOf(e, sku)) === 95)
  await sell(m, sku, 1)
  answers.heal()
  await untilMovedBy(sku, [-5, -1])
  expect(await publishedBy(e, m, sku)).toEqual({ added: 0, removed: 0 })
})

test('a shop that can be read but not adjusted stays listed until it takes the adjustment', async () => {
  answers.answerWith('error', { matches: isAdjustment })
  await sell(m, 'LAEST', 5)
  const listed = await eventually('E lists its shop', () => shopProblem(e))
  await sell(e, 'LAEST', 1)
  await eventually('E has read the sale', () => showsLevel(e, 'LAEST', 94))
  expect(await shopProblem(e)).toEqual(listed)
  expect((await e.api.status()).shop.state).toBe('unreachable')
  answers.heal()
  await untilMovedBy('LAEST', [-5, -1])
  await eventually('E lists it no more', async () => (await shopProblem(e)) === undefined)
})

test('EKKO-10: the feed tells of our adjustment before its answer comes, and nothing is published', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'EKKO-10', 2)
  await hold.arrived
  await eventually('the feed has told E', async () => (await e.api.stockOf('EKKO-10'))?.shopLevel === 98)
  expect(await publishedBy(e, m, 'EKKO-10')).toEqual({ added: 0, removed: 0 })
  hold.release()
  await sell(m, 'EKKO-10', 1)
  await untilMovedBy('EKKO-10', [-2, -1])
  expect(await publishedBy(e, m, 'EKKO-10')).toEqual({ added: 0, removed: 0 })
})

test('both shops sell while an adjustment is on its way to E; the shop ends at the sum', async () => {
  const hold = answers.hold('before', isAdjustment)
  await sell(m, 'KAPLOEB', 2)
  await hold.arrived
  await Promise.all([sell(m, 'KAPLOEB', 3), sell(e, 'KAPLOEB', 1)])
  await eventually('E has counted all three', () => showsLevel(e, 'KAPLOEB', 94))
  expect(await shopStockOf(e, 'KAPLOEB')).toBe(99)
  hold.release()
  await untilMovedBy('KAPLOEB', [-2, -3, -1])
})

test('a number that is typed in E while a sale of M is on its way there is a change of what E showed', async () => {
  const hold = answers.hold('before', isAdjustment)
  await sell(m, 'TASTET', 2)
  await hold.arrived
  await type(e, 'TASTET', 50)
  await eventually('E has counted it', () => showsLevel(e, 'TASTET', 48))
  hold.release()
  await untilMovedBy('TASTET', [-2, -50])
})

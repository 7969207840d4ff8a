/**
 * A shop that takes no part for a while: what is sold in it meanwhile comes in when it resumes, each change once, and
 * nobody else notices the pause. A proxy between E's node and its shop sees every call.
 */
import type { CountAnswer, PauseAnswer, ResumePreview } from '@stockmesh/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { HttpFaultProxy } from '../harness/http-fault-proxy.ts'
import { fillAlike, fillShop, type Member, Network, shopAnswersOf } from '../harness/network.ts'
import { codeOf } from './refusal.ts'
import { add, sell, showsLevel } from './trade.ts'

const skus = ['PAUSE-70', 'PAUSE-A', 'PAUSE-B', 'PAUSE-K', 'PAUSE-W'] as const

let network: Network
let m: Member
let e: Member
let answers: HttpFaultProxy
/** Paths that E's node called in its shop, and the units that it changed there. */
let called: string[] = []
let adjusted: number[] = []

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  m = network.member('M')
  e = network.member('E')
  answers = shopAnswersOf(e)
  await fillAlike(network, skus, 70)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

beforeEach(async () => {
  answers.heal()
  called = []
  adjusted = []
  answers.rewriteWith(({ path }, body) => {
    called.push(path)
    if (isAdjustment({ path })) {
      const { results } = JSON.parse(body) as { results: { status: string; stock: number }[] }
      adjusted.push(...results.filter(({ status }) => status === 'applied').map(({ stock }) => stock))
    }
    return body
  })
})

const isAdjustment = ({ path }: { readonly path: string }): boolean => path.includes('/adjust')
const pause = (member: Member): Promise<PauseAnswer> => member.api.call('POST', '/pause')
const preview = (member: Member): Promise<ResumePreview> => member.api.call('GET', '/resume/preview')

function resume(member: Member, differences?: 'network' | 'count-in'): Promise<PauseAnswer> {
  return member.api.call('POST', '/resume', differences === undefined ? {} : { body: { differences } })
}

async function shopStocks(sku: string): Promise<readonly (number | null)[]> {
  return await network.shopStocks(sku)
}

test('SCENARIO 35: paused at 70, 5 sold, resumed: 65 everywhere, without a question', async () => {
  const paused = await pause(e)
  expect(paused).toMatchObject({ paused: true, exact: true })
  called = []
  await sell(e, 'PAUSE-70', 5)
  expect((await e.api.status()).shop.state).toBe('paused')
  expect((await e.api.status()).network?.inStep).toBe(false)
  expect(await preview(e)).toEqual({
    paused: true,
    exact: true,
    differ: 1,
    unitsChanged: 5,
    items: [{ sku: 'PAUSE-70', name: 'Vare PAUSE-70', shopLevel: 65, shown: 70, difference: -5 }],
  })
  expect(await network.levels('PAUSE-70')).toEqual([70, 70])
  expect(await shopStocks('PAUSE-70')).toEqual([70, 65])
  const seen = (await m.api.members()).find(({ self }) => !self)
  expect(seen).toMatchObject({ online: true, behind: 0 })
  await eventually('M sees the pause', async () =>
    (await m.api.members()).some(({ shopState }) => shopState === 'paused'),
  )

  expect(await resume(e)).toEqual({ paused: false, since: null, exact: true })
  await network.untilEverywhere('PAUSE-70', 65)
  await network.untilAgreed()
  expect(await m.api.movements('PAUSE-70')).toMatchObject([{ delta: -5, cause: 'sale' }])
  expect(await e.api.problems()).toEqual([])
  expect(adjusted).toEqual([])
})

test('SCENARIO 35: what others sold meanwhile arrives as one adjustment; "count-in" has nothing to decide', async () => {
  await pause(e)
  called = []
  await sell(m, 'PAUSE-A', 2)
  await sell(m, 'PAUSE-A', 4)
  await add(m, 'PAUSE-A', 1)
  await sell(e, 'PAUSE-A', 7)
  await eventually('E has heard of it', () => showsLevel(e, 'PAUSE-A', 65))
  await eventually('M knows that E has it', async () => (await m.api.status()).pending.out === 0)
  expect((await m.api.status()).network?.inStep).toBe(true)
  expect((await e.api.status()).pending.shop).toBe(1)
  expect(await shopStocks('PAUSE-A')).toEqual([65, 63])
  expect(called).toEqual([])
  expect(await preview(e)).toMatchObject({ differ: 1, items: [{ shopLevel: 63, shown: 70, difference: -7 }] })

  await resume(e, 'count-in')
  await network.untilEverywhere('PAUSE-A', 58)
  await network.untilAgreed()
  expect(adjusted).toEqual([58])
  const sold = (await m.api.movements('PAUSE-A')).map(({ delta }) => delta).sort((a, b) => a - b)
  expect(sold).toEqual([-7, -4, -2, 1])
})

test('kill -9 while paused: it stays paused, and nothing is called in the shop until it resumes', async () => {
  const { since } = await pause(e)
  await sell(m, 'PAUSE-K', 10)
  await eventually('E has heard of it', () => showsLevel(e, 'PAUSE-K', 60))
  called = []
  await e.node.restart()
  expect(await e.api.call('GET', '/pause')).toEqual({ paused: true, since, exact: true })
  await sell(e, 'PAUSE-K', 1)
  await sell(m, 'PAUSE-K', 2)
  await eventually('E is a member as ever', () => showsLevel(e, 'PAUSE-K', 58))
  expect((await e.api.status()).shop.state).toBe('paused')
  expect(called).toEqual([])
  expect(await shopStocks('PAUSE-K')).toEqual([58, 69])
  await resume(e)
  await network.untilEverywhere('PAUSE-K', 57)
  await network.untilAgreed()
})

test('the answer to a pause comes when the call under way has ended; what it did is not done again', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'PAUSE-W', 3)
  await hold.arrived
  let isAnswered = false
  const paused = pause(e).then((answer) => {
    isAnswered = true
    return answer
  })
  await eventually('the pause is kept', async () => (await e.api.status()).shop.state === 'paused')
  expect(isAnswered).toBe(false)
  await sell(m, 'PAUSE-W', 1)
  hold.release()
  expect((await paused).paused).toBe(true)
  expect(await shopStocks('PAUSE-W')).toEqual([66, 67])
  expect(await preview(e)).toMatchObject({ differ: 0 })
  await e.node.restart()
  expect(await preview(e)).toMatchObject({ differ: 0 })
  await resume(e)
  await network.untilEverywhere('PAUSE-W', 66)
  await network.untilAgreed()
  expect(adjusted).toEqual([67, 66])
})

test('pausing twice and resuming twice are one; what needs the shop’s present number is refused meanwhile', async () => {
  expect(await resume(e)).toEqual({ paused: false, since: null, exact: true })
  expect(await preview(e)).toEqual({ paused: false, exact: true, differ: 0, unitsChanged: 0, items: [] })
  const [one, other] = await Promise.all([pause(e), pause(e)])
  expect(await pause(e)).toEqual(one)
  expect(other).toEqual(one)
  expect(await codeOf(e.api.startImport())).toBe('409 shop-paused')
  expect(await codeOf(e.api.leave())).toBe('409 shop-paused')
  expect(await codeOf(e.api.count('PAUSE-B', 5))).toBe('409 shop-paused')
  expect(await codeOf(e.api.call('POST', '/resume', { body: { differences: 'both' } }))).toBe('400 body-invalid')
  expect(await codeOf(e.api.call('POST', '/pause', { body: { until: 'monday' } }))).toBe('400 body-invalid')
  expect((await e.api.call<PauseAnswer>('GET', '/pause')).paused).toBe(true)
  await eventually('M sees the pause', async () =>
    (await m.api.members()).some(({ shopState }) => shopState === 'paused'),
  )
  const counted = await m.api.call<CountAnswer>('POST', '/stock/PAUSE-B/count', { body: { quantity: 70 } })
  expect(counted.unheard).toEqual([(await e.api.status()).node.id])
  answers.answerWith('html')
  expect(await codeOf(preview(e))).toBe('503 shop-answer-invalid')
  answers.heal()
  expect(await preview(e)).toMatchObject({ paused: true, differ: 0 })
  expect(await e.api.problems()).toEqual([])
  await Promise.all([resume(e), resume(e)])
  await sell(m, 'PAUSE-B', 1)
  await network.untilEverywhere('PAUSE-B', 69)
})

test('an import that is paused waits, over a restart as well, and goes on where it was', async () => {
  await using alone = await Network.open({ names: ['ENE'], httpFaults: true })
  const ene = alone.member('ENE')
  await fillShop(
    ene,
    Array.from({ length: 30 }, (_, index) => ({ sku: `IMP-${index}`, name: 'Vare', stock: index })),
  )
  ene.shopAnswers?.limitPages(10)
  const hold = ene.shopAnswers?.hold('before', ({ path }) => path.includes('after='))
  await ene.api.startImport()
  await hold?.arrived
  await pause(ene)
  hold?.drop()
  expect(await ene.api.importState()).toMatchObject({ state: 'paused', done: 10, total: 30 })
  await ene.node.restart()
  expect(await ene.api.importState()).toMatchObject({ state: 'paused', done: 10, total: 30 })
  await resume(ene)
  await eventually('the import is done', async () => (await ene.api.importState()).state === 'done')
  expect((await ene.api.status()).stock.skus).toBe(30)
})

test('a paused shop that leaves all the same, or is evicted, is called by nobody; its next network begins unpaused', async () => {
  await using other = await Network.open({ names: ['A', 'B', 'C'], httpFaults: true })
  const [a, b, c] = [other.member('A'), other.member('B'), other.member('C')]
  await fillAlike(other, ['UD-1'], 20)
  await other.found()
  await pause(b)
  await pause(c)
  await sell(b, 'UD-1', 2)
  const idOfC = (await c.api.status()).node.id
  await b.api.call('POST', '/leave', { body: { force: true } })
  expect(await b.api.status()).toMatchObject({ network: null, shop: { state: 'idle' }, stock: { skus: 0 } })
  await a.api.call('DELETE', `/members/${idOfC}`)
  await eventually('C sees that it is out', async () => (await c.api.status()).network?.evicted === true)
  expect((await c.api.status()).shop.state).toBe('paused')
  await c.node.restart()
  expect((await c.api.status()).shop.state).toBe('paused')
  await c.api.leave()
  expect(await c.api.call('GET', '/pause')).toMatchObject({ paused: false })
  expect(await other.shopStocks('UD-1')).toEqual([20, 18, 20])
  expect((await a.api.members()).map(({ name }) => name)).toEqual(['A'])
})

/**
 * Problems over all shops: asked live, who does not answer is named, each is solved in its own shop, and what was put
 * aside comes back when it grows.
 */
import type { ProblemItem, ProblemKind } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'
import { add, create, sell } from './trade.ts'

async function problemOf({ api, name }: Member, kind: ProblemKind, count = 1): Promise<ProblemItem> {
  return await eventually(`${name} has a problem ${kind} of ${count}`, async () =>
    (await api.problems()).find((problem) => problem.kind === kind && problem.count === count),
  )
}

async function hasNone({ api, name }: Member): Promise<void> {
  await eventually(`${name} has no problem`, async () => {
    const problems = await api.problems()
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '))
    return (await api.status()).stock.problems === 0
  })
}

test('the problems of all shops are asked live, and a shop that does not answer is named', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'] })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  await fillShop(m, [{ sku: 'KRUS-1', name: 'Krus', stock: 5 }])
  await network.found()
  const ids = new Map(
    await Promise.all(network.members.map(async ({ name, api }) => [name, (await api.status()).node.id] as const)),
  )
  await create(e, 'DOBBELT', 3)
  await create(e, 'dobbelt', 4)
  const own = await problemOf(e, 'duplicate', 2)
  const asked = await m.api.problemsOf(ids.get('E') ?? '')
  expect(asked).toMatchObject({ total: 1, unanswered: [] })
  const [foreign] = asked.items
  expect(foreign).toMatchObject({ kind: 'duplicate', member: ids.get('E'), sku: own.sku, count: 2, actions: [] })
  expect(foreign?.details).toEqual(own.details)
  expect(foreign?.id).not.toBe(own.id)
  expect(await codeOf(m.api.act(foreign ?? own, 'dismiss'))).toBe('409 problem-of-another-shop')
  const path = `/problems/${encodeURIComponent(foreign?.id ?? '')}/items`
  expect(await codeOf(m.api.call('GET', path))).toBe('409 problem-of-another-shop')
  expect(await codeOf(m.api.problemsOf('nobody'))).toBe('404 member-unknown')
  expect(await m.api.problems()).toEqual([])

  await t.node.kill()
  await eventually('M misses T', async () => (await m.api.members()).some(({ online }) => !online))
  const all = await m.api.problemsOf('all')
  expect(all.items.map(({ kind, member }) => [kind, member])).toEqual([['duplicate', ids.get('E')]])
  expect(all.unanswered).toEqual([{ id: ids.get('T'), name: 'T' }])
})

test('what is oversold is put aside until it grows, and is told again when it comes back', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(m, [{ sku: 'SIDSTE', name: 'Den sidste', stock: 1 }])
  await create(e, 'SIDSTE', 1)
  await network.found()
  await sell(m, 'SIDSTE', 2, true)
  const first = await problemOf(m, 'oversold', 1)
  await problemOf(e, 'oversold', 1)
  expect(first.actions).toEqual([{ id: 'dismiss', destructive: false }])
  expect(await codeOf(m.api.act(first, 'use-network'))).toBe('422 action-unknown')
  await m.api.act(first, 'dismiss')
  await hasNone(m)
  expect((await m.api.status()).stock.oversold).toBe(1)
  // Put aside in this shop alone, and over a restart.
  expect(await e.api.problems()).toHaveLength(1)
  await m.node.restart()
  await hasNone(m)
  expect(await codeOf(m.api.act(first, 'dismiss'))).toBe('409 problem-solved')

  await sell(e, 'SIDSTE', 1, true)
  // The number comes before the order that explains it, with which the problem changes once more.
  await eventually('M knows the order', async () => (await m.api.movements('SIDSTE')).length === 2)
  await network.untilAgreed()
  const grown = await problemOf(m, 'oversold', 2)
  expect(grown.id).toBe(first.id)
  expect(await codeOf(m.api.act(first, 'dismiss'))).toBe('409 problem-changed')
  await m.api.act(grown, 'dismiss')
  await hasNone(m)
  await add(m, 'SIDSTE', 5)
  await network.untilEverywhere('SIDSTE', 3)
  await hasNone(e)
  await sell(m, 'SIDSTE', 4, true)
  await problemOf(m, 'oversold', 1)
})

test('a refused key is a problem of its own, tried again at once when asked to', async () => {
  await using network = await Network.open({ names: ['M'], httpFaults: true })
  const m = network.member('M')
  await fillShop(m, [{ sku: 'NØGLE', name: 'Nøgle', stock: 3 }])
  await network.found()
  m.shopAnswers?.answerWith('forbidden')
  await sell(m, 'NØGLE', 1)
  const problem = await problemOf(m, 'key-rejected')
  expect(problem).toMatchObject({ sku: null, details: { code: 'key-rejected' } })
  expect(problem.actions).toEqual([{ id: 'retry', destructive: false }])
  expect((await m.api.status()).shop.state).toBe('unreachable')
  m.shopAnswers?.heal()
  await m.api.act(problem, 'retry').catch(async (error: unknown) => {
    // The node may have tried by itself in this moment.
    expect(await codeOf(Promise.reject(error))).toBe('409 problem-solved')
  })
  await hasNone(m)
  await network.untilEverywhere('NØGLE', 2)
})

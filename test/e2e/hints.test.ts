/**
 * The shop's own news and hints may come early, late, twice, out of order, wrong or not at all, and reads may be stale:
 * nothing but what happened in the shop is ever counted.
 */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { HttpFaultProxy } from '../harness/http-fault-proxy.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { shopKey } from '../harness/process.ts'
import { publishedBy, sell, showsLevel, untilMoved } from './trade.ts'

const skus = ['EKKO-10', 'STALE-11', 'HOOK-12', 'VÅGEN'] as const

let network: Network
let m: Member
let e: Member
let answers: HttpFaultProxy

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  m = network.member('M')
  e = network.member('E')
  if (e.shopAnswers === null) throw new Error('the network was opened with HTTP faults')
  answers = e.shopAnswers
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: `Vare ${sku}`, stock: 40 })),
    )
  }
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

/** The shop tells its node that something changed; what it says of it is not to be believed. */
async function hint(member: Member, says: object, key = shopKey): Promise<number> {
  const body = JSON.stringify(says)
  const signature = `v1=${createHmac('sha256', key).update(body).digest('hex')}`
  const answer = await fetch(`${member.node.url}/hooks/builtin`, {
    method: 'POST',
    headers: { 'stockmesh-signature': signature, 'content-type': 'application/json' },
    body,
  })
  return answer.status
}

function untilMovedBy(sku: string, deltas: readonly number[]): Promise<void> {
  return untilMoved(network, sku, 40, deltas)
}

test('10: the shop’s hint "38" comes before the answer to our own adjustment; E publishes nothing', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'EKKO-10', 2)
  await hold.arrived
  expect(await hint(e, { sku: 'EKKO-10', stock: 38 })).toBe(202)
  await eventually('the feed has told E', async () => (await e.api.stockOf('EKKO-10'))?.shopLevel === 38)
  expect(await hint(e, { sku: 'EKKO-10', stock: 38 })).toBe(202)
  expect(await publishedBy(e, m, 'EKKO-10')).toEqual({ added: 0, removed: 0 })
  hold.release()
  // Its sequence did not move: a sale of E is the first thing that it publishes.
  await sell(e, 'EKKO-10', 1)
  await untilMovedBy('EKKO-10', [-2, -1])
  expect(await publishedBy(e, m, 'EKKO-10')).toEqual({ added: 0, removed: 1 })
})

test('11: stale reads say 40 for a while after our adjustment to 38; no +2 is published, it stays 38', async () => {
  const seen: string[] = []
  answers.rewriteWith(({ path }, body) => {
    if (isFeed({ path })) seen.push(body)
    return body
  })
  // Something to be repeated: what the feed told while the shop had 40.
  await sell(e, 'STALE-11', 1)
  await sell(e, 'STALE-11', -1)
  await untilMovedBy('STALE-11', [-1, 1])
  const old = seen.filter((body) => body.includes('"stock":40')).at(-1) ?? ''
  expect(old).not.toBe('')
  let repeated = 0
  answers.rewriteWith(({ path }, body) => {
    if (!isFeed({ path })) return body
    repeated += 1
    return old
  })
  await sell(m, 'STALE-11', 2)
  await eventually('E’s shop was adjusted', async () => (await network.shopStocks('STALE-11'))[1] === 38)
  await hint(e, { sku: 'STALE-11', stock: 40 })
  await eventually('E has read stale answers', () => repeated >= 3)
  expect(await network.levels('STALE-11')).toEqual([38, 38])
  expect(await publishedBy(e, m, 'STALE-11')).toEqual({ added: 1, removed: 1 })
  answers.heal()
  await untilMovedBy('STALE-11', [-1, 1, -2])
  expect(await publishedBy(e, m, 'STALE-11')).toEqual({ added: 1, removed: 1 })
})

test('12: hints 37, an older 38, one doubled, one wrong and one lost: 37 everywhere', async () => {
  await sell(m, 'HOOK-12', 2)
  await network.untilEverywhere('HOOK-12', 38)
  for (const stock of [37, 38, 37, 37, 9_999, -5]) expect(await hint(e, { sku: 'HOOK-12', stock })).toBe(202)
  // The sale itself has no hint.
  await sell(e, 'HOOK-12', 1)
  await untilMovedBy('HOOK-12', [-2, -1])
  for (const stock of [38, 40, 0]) await hint(e, { sku: 'HOOK-12', stock })
  expect(await hint(e, { sku: 'HOOK-12', stock: 37 }, 'somebody-elses-key')).toBe(401)
  await untilMovedBy('HOOK-12', [-2, -1])
})

test('a hint shortens the wait for a shop that had failed for a while', async () => {
  let failed = 0
  answers.answerWith('error', {
    matches: (request) => {
      if (isFeed(request)) failed += 1
      return isFeed(request)
    },
  })
  // From then on the node waits longer between two tries than the hint may take below.
  await eventually('the node has tried often', () => failed >= 6)
  answers.heal()
  await sell(e, 'VÅGEN', 4)
  await hint(e, {})
  await eventually('E has read the sale', () => showsLevel(e, 'VÅGEN', 36), { deadlineMs: 3_000 })
  await untilMovedBy('VÅGEN', [-4])
})

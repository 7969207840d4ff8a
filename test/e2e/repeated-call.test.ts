/**
 * Whoever had no answer sends the call again, under the same key: goods are taken in once and the shelf is counted once,
 * though the node was killed (-9) between the work and its answer. Two nodes and two shops as processes.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CountAnswer } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { sell } from './trade.ts'

const skus = ['MODTAGET', 'OPTALT', 'SAMTIDIG'] as const

let network: Network
let m: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: `Vare ${sku}`, stock: 100 })),
    )
  }
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

async function receive(sku: string, quantity: number, idempotencyKey: string): Promise<CountAnswer> {
  const body = { items: [{ sku, quantity }], note: 'Følgeseddel' }
  return await m.api.call('POST', '/received', { body, idempotencyKey })
}

/**
 * Answers are kept in the admin database when the work is done. Without it the node stands where a kill between the
 * work and its answer would have left it.
 */
async function killBeforeTheAnswerWasKept(): Promise<void> {
  await m.node.kill()
  await rm(join(m.node.folder, 'admin'), { recursive: true })
  await m.node.start()
}

test('goods that came in are taken in once, and the repeat has the same answer', async () => {
  const answer = await receive('MODTAGET', 25, 'delivery-1')
  expect(answer.items[0]).toMatchObject({ from: 100, to: 125 })
  await killBeforeTheAnswerWasKept()
  await sell(m, 'MODTAGET', 5)
  expect(await receive('MODTAGET', 25, 'delivery-1')).toEqual(answer)
  await network.untilEverywhere('MODTAGET', 120)
  await expect(receive('MODTAGET', 26, 'delivery-1')).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  await receive('MODTAGET', 25, 'delivery-2')
  await network.untilEverywhere('MODTAGET', 145)
  const received = (await network.member('E').api.movements('MODTAGET')).filter(({ cause }) => cause === 'received')
  expect(received.map(({ delta }) => delta)).toEqual([25, 25])
})

test('a count that is repeated does not take back what was sold since', async () => {
  const call = { body: { quantity: 50 }, idempotencyKey: 'count-1' }
  const answer: CountAnswer = await m.api.call('POST', '/stock/OPTALT/count', call)
  await sell(m, 'OPTALT', 3)
  await network.untilEverywhere('OPTALT', 47)
  await killBeforeTheAnswerWasKept()
  expect(await m.api.call('POST', '/stock/OPTALT/count', call)).toEqual(answer)
  await network.untilAgreed()
  await network.untilEverywhere('OPTALT', 47)
})

test('whenever the node is killed, a call that is sent until it is answered happened once', async () => {
  for (let round = 1; round <= 4; round += 1) {
    const key = `delivery-${round}-of-SAMTIDIG`
    const sent = receive('SAMTIDIG', 10, key).then(
      () => undefined,
      () => undefined,
    )
    // Sometimes before the commit, sometimes when others can see it already.
    if (round % 2 === 0) await eventually('it is seen', async () => (await level()) === 100 + 10 * round, { every: 1 })
    await m.node.restart()
    await sent
    expect((await receive('SAMTIDIG', 10, key)).items[0]).toMatchObject({ to: 100 + 10 * round })
  }
  await network.untilEverywhere('SAMTIDIG', 140)
})

async function level(): Promise<number | null> {
  return (await m.api.stockOf('SAMTIDIG'))?.level ?? null
}

/**
 * SCENARIO 34 with real processes: a node's or shop's disk takes nothing any more. Nothing is acknowledged that is not
 * on disk, and everything is counted once when there is space again, also over a kill.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { Program } from '../harness/process.ts'
import { sell } from './trade.ts'

const skus = ['BUTIK-34', 'NODE-34', 'DRAEBT-34', 'MODTAGER-34', 'LOGIN-34'] as const

describe.skipIf(!Program.canFillDisk)('a full disk (needs prlimit, of util-linux)', () => {
  let network: Network
  let m: Member
  let e: Member

  beforeAll(async () => {
    network = await Network.open({ names: ['M', 'E'], shopProcesses: true })
    m = network.member('M')
    e = network.member('E')
    await fillAlike(network, skus, 70)
    await network.found()
  })

  afterAll(async () => {
    await network[Symbol.asyncDispose]()
  })

  test('34: an order in the shop is answered 503, and counted once when there is space again', async () => {
    const order = { lines: [{ sku: 'BUTIK-34', quantity: 5 }] }
    const key = randomUUID()
    m.shop.fillDisk()
    await expect(m.shopApi.placeOrder(order, key)).rejects.toMatchObject({ status: 503 })
    await expect(m.shopApi.placeOrder(order, key)).rejects.toMatchObject({ status: 503 })
    expect((await e.api.stockOf('BUTIK-34'))?.level).toBe(70)
    m.shop.freeDisk()
    await eventually('the shop takes orders again', () => m.shopApi.placeOrder(order, key))
    await m.shopApi.placeOrder(order, key)
    await network.untilEverywhere('BUTIK-34', 65)
    await network.untilAgreed()
    expect(await m.api.movements('BUTIK-34')).toMatchObject([{ delta: -5, cause: 'sale' }])
  })

  test('34: a node that cannot commit a sale tells nobody of it, and counts it once when it can', async () => {
    m.node.fillDisk()
    await sell(m, 'NODE-34', 5)
    await nodeIsDown(m)
    expect((await e.api.stockOf('NODE-34'))?.level).toBe(70)
    m.node.freeDisk()
    await network.untilEverywhere('NODE-34', 65)
    await network.untilAgreed()
    expect(await e.api.movements('NODE-34')).toMatchObject([{ delta: -5, cause: 'sale' }])
  })

  test('34: a node that is killed while its disk is full has lost and doubled nothing', async () => {
    await sell(m, 'DRAEBT-34', 1)
    m.node.fillDisk()
    await sell(m, 'DRAEBT-34', 2)
    await nodeIsDown(m)
    await m.node.kill()
    await sell(m, 'DRAEBT-34', 2)
    await m.node.start()
    await network.untilEverywhere('DRAEBT-34', 65)
    await network.untilAgreed()
    const deltas = (await e.api.movements('DRAEBT-34')).map(({ delta }) => delta)
    expect(deltas.sort((a, b) => a - b)).toEqual([-2, -2, -1])
  })

  test('34: a node that cannot keep what it receives does not claim it, and has it when there is space', async () => {
    e.node.fillDisk()
    await sell(m, 'MODTAGER-34', 5)
    await eventually('M knows that E lacks the change', async () => {
      const status = await m.api.status()
      return status.pending.out > 0 && status.network?.inStep === false
    })
    expect(await network.shopStocks('MODTAGER-34')).toEqual([65, 70])
    e.node.freeDisk()
    await network.untilEverywhere('MODTAGER-34', 65)
    await network.untilAgreed()
    expect(await m.api.movements('MODTAGER-34')).toHaveLength(1)
  })

  test('34: the pages can be used again without a restart', async () => {
    m.node.fillDisk()
    const retried = { idempotencyKey: randomUUID(), body: { version: 0 } }
    await expect(m.api.call('POST', '/problems/none/retry', retried)).rejects.toMatchObject({ status: 503 })
    m.node.freeDisk()
    await eventually('the node keeps answers again', async () => {
      const refusal = await m.api.call('POST', '/problems/none/retry', retried).catch((error: unknown) => error)
      return (refusal as { code?: string }).code === 'problem-solved'
    })
    await sell(m, 'LOGIN-34', 5)
    await network.untilEverywhere('LOGIN-34', 65)
  })
})

/** The node heard of something, could not write it, and answers nothing from a memory that is ahead of its disk. */
async function nodeIsDown(member: Member): Promise<void> {
  await eventually(`the node of ${member.name} refuses to answer`, async () => {
    const refusal: unknown = await member.api.status().catch((error: unknown) => error)
    return (refusal as { code?: string }).code === 'node-restarting'
  })
}

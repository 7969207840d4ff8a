/**
 * An import is paused, goes on, and is cancelled, whenever its node is killed. While it is held nothing is written to
 * the shop; a cancelled one leaves nothing behind: not in the shop, not in its notes, and not in the other shops' lists.
 */
import type { ImportAnswer } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network, shopAnswersOf } from '../harness/network.ts'
import { requestAndAccept } from './admission.ts'
import { codeOf } from './refusal.ts'

const numbers = Array.from({ length: 30 }, (_, index) => index)
const skuOf = (n: number): string => `W-${n}`

/** M's numbers are the network's 100; E, which has 7 of each, was accepted and is ready. One SKU is in E alone. */
async function openReady(): Promise<{ network: Network; m: Member; e: Member }> {
  const network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(
    m,
    numbers.map((n) => ({ sku: skuOf(n), name: `Vare ${n}`, stock: 100 })),
  )
  await fillShop(e, [
    ...numbers.map((n) => ({ sku: skuOf(n), name: `Vare ${n}`, stock: 7 })),
    { sku: 'W-OWN', name: 'Kun her', stock: 3 },
  ])
  await m.api.call('POST', '/import')
  await eventually('M is founded', async () => (await importOf(m)).state === 'done')
  await requestAndAccept(e, m, false)
  await eventually('E is ready', async () => (await importOf(e)).state === 'ready')
  return { network, m, e }
}

const importOf = ({ api }: Member): Promise<ImportAnswer> => api.importState()
const say = ({ api }: Member, word: string): Promise<ImportAnswer> => api.call('POST', `/import/${word}`)

async function stocksOf({ shopApi }: Member): Promise<ReadonlyMap<string | null, number | null>> {
  return new Map((await shopApi.products()).map(({ sku, stock }) => [sku, stock]))
}

const isAdjustment = ({ path }: { readonly path: string }): boolean => path.includes('/adjust')

test('a paused import writes nothing until it goes on, over a kill as well, and what is sold meanwhile counts', async () => {
  const { network, m, e } = await openReady()
  await using _ = network
  for (const word of ['pause', 'resume']) expect(await codeOf(say(e, word))).toBe('409 import-not-running')

  // The pause is answered when the call that is under way has ended.
  const answers = shopAnswersOf(e)
  const call = answers.hold('before', isAdjustment)
  await e.api.call('POST', '/import')
  await call.arrived
  await m.shopApi.placeOrder({ lines: [{ sku: skuOf(2), quantity: 5 }] })
  await eventually('E hears of the sale', async () => (await e.api.stockOf(skuOf(2)))?.level === 95)
  const paused = say(e, 'pause')
  await eventually('it is held', async () => (await importOf(e)).pausedBy === 'import')
  expect((await stocksOf(e)).get(skuOf(1))).toBe(7)
  call.release()
  expect(await paused).toMatchObject({ state: 'paused', pausedBy: 'import' })
  expect((await e.api.status()).import.state).toBe('paused')
  const stocks = await stocksOf(e)
  expect(await say(e, 'pause')).toMatchObject({ state: 'paused' })
  await e.node.kill()
  await e.node.start()
  expect(await importOf(e)).toMatchObject({ state: 'paused', pausedBy: 'import' })
  // What E sells is counted, and M's sale is not written to E.
  await e.shopApi.placeOrder({ lines: [{ sku: skuOf(1), quantity: 2 }] })
  await m.shopApi.placeOrder({ lines: [{ sku: skuOf(8), quantity: 5 }] })
  await eventually('M hears of it', async () => (await m.api.stockOf(skuOf(1)))?.level === 98)
  await eventually('E hears of it', async () => (await e.api.stockOf(skuOf(8)))?.level === 95)
  const meanwhile = await stocksOf(e)
  for (const [sku, stock] of stocks) {
    const sold = sku === skuOf(1) ? 2 : 0
    expect([sku, meanwhile.get(sku)]).toEqual([sku, (stock ?? 0) - sold])
  }

  expect((await say(e, 'resume')).state).not.toBe('paused')
  await network.untilEverywhere(skuOf(1), 98)
  await network.untilEverywhere(skuOf(2), 95)
  await network.untilEverywhere(skuOf(8), 95)
  await eventually('it is done', async () => (await importOf(e)).state === 'done')
  await network.untilAgreed()
})

test('a cancelled import leaves nothing behind, however often the node is killed, and can be started anew', async () => {
  const { network, m, e } = await openReady()
  await using _ = network
  const answers = shopAnswersOf(e)
  const first = answers.hold('before', isAdjustment)
  await e.api.call('POST', '/import')
  await first.arrived
  await m.shopApi.placeOrder({ lines: [{ sku: skuOf(3), quantity: 4 }] })
  await eventually('E hears of the sale', async () => (await e.api.stockOf(skuOf(3)))?.level === 96)
  // All is written but what M sold: that call is under way when the import is cancelled.
  const second = answers.hold('before', isAdjustment)
  first.release()
  await second.arrived
  expect((await stocksOf(e)).get(skuOf(5))).toBe(100)
  await e.shopApi.placeOrder({ lines: [{ sku: skuOf(4), quantity: 1 }] })
  expect(await say(e, 'cancel')).toMatchObject({ state: 'running', cancelling: true, done: 0 })
  expect(await say(e, 'cancel')).toMatchObject({ cancelling: true })
  expect(await codeOf(say(e, 'pause'))).toBe('409 import-cancelling')
  expect(await codeOf(e.api.call('POST', '/import'))).toBe('409 import-cancelling')
  for (let kills = 0; kills < 3; kills += 1) {
    await e.node.kill()
    await e.node.start()
  }
  second.release()
  await eventually('it is ready again', async () => (await importOf(e)).state === 'ready')

  const stocks = await stocksOf(e)
  for (const n of numbers) expect([n, stocks.get(skuOf(n))]).toEqual([n, n === 4 ? 6 : 7])
  expect(stocks.get('W-OWN')).toBe(3)
  expect(await importOf(e)).toMatchObject({ cancelling: false, done: 0, pausedBy: null, undo: null, startedAt: null })
  expect(await say(e, 'cancel')).toMatchObject({ state: 'ready' })
  // The other shop has its numbers, with the sales of both, and does not think that E takes part.
  expect((await m.api.stockOf(skuOf(3)))?.level).toBe(96)
  await eventually('the sale counts', async () => (await m.api.stockOf(skuOf(4)))?.level === 99)
  expect((await m.api.stockOf(skuOf(5)))?.state).toBe('only-here')
  expect((await m.shopApi.products()).find(({ sku }) => sku === skuOf(5))?.stock).toBe(100)

  await e.api.call('POST', '/import')
  await network.untilEverywhere(skuOf(4), 99)
  await network.untilEverywhere(skuOf(3), 96)
  await eventually('it is done', async () => (await importOf(e)).state === 'done')
  await network.untilAgreed()
  expect((await m.api.stockOf(skuOf(5)))?.state).toBe('synced')
  expect(await codeOf(say(e, 'cancel'))).toBe('409 import-not-running')
  // And it can be undone as any other.
  await e.api.call('POST', '/import/undo')
  await eventually('it is undone', async () => (await importOf(e)).undo?.state === 'done')
  expect((await stocksOf(e)).get(skuOf(7))).toBe(7)
}, 240_000)

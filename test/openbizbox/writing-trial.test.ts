/** The trial of the writing finds out what a shop does, and leaves it as it was. */
import { afterEach, expect, test } from 'vitest'
import { OpenBizBoxClient } from '../../packages/node/src/connectors/openbizbox/client.ts'
import { tryWriting, type TrialOutcome } from '../../packages/node/src/connectors/openbizbox/writing-trial.ts'
import { systemTimers } from '../../packages/node/src/ports.ts'
import { Owned } from '../harness/owned.ts'
import { OpenedShop } from './opened-shop.ts'
import type { Switches } from './stand-in.ts'

let owned = new Owned()

afterEach(async () => {
  await owned[Symbol.asyncDispose]()
  owned = new Owned()
})

interface Tried {
  readonly shop: OpenedShop
  readonly id: number
  try(sku?: string, signal?: AbortSignal): Promise<TrialOutcome>
}

async function open(switches: Partial<Switches> = {}, quantity = 12): Promise<Tried> {
  const shop = owned.use(await OpenedShop.open(switches))
  const id = shop.standIn.addProduct({
    variants: [
      { model: 'OTHER', quantity: 30 },
      { model: 'TRIAL', quantity },
    ],
  })
  const clock = { now: () => shop.standIn.now() }
  const client = owned.use(new OpenBizBoxClient(shop.settings(), clock, systemTimers))
  return {
    shop,
    id,
    try: (sku = 'TRIAL', signal = shop.signal) => tryWriting(client, sku, clock, signal),
  }
}

const stocksOf = ({ shop, id }: Tried): unknown[] =>
  (shop.standIn.products.get(id)?.variants ?? []).map(({ quantity }) => quantity)

test.each([
  ['all that could be wished for', {}, [true, true, false, true]],
  ['a diff that is read and written', { diffIsAtomic: false }, [true, false, false, false]],
  ['a floor at zero', { stopsAtZero: true }, [true, true, true, false]],
  ['no diff in a batch', { batchTakesDiff: false }, [true, true, false, false]],
  ['the place in the list instead of the id', { variantBy: 'position' }, [true, true, false, true]],
  ['omitted variants that go', { omittedVariants: 'go' }, [true, true, false, true]],
] as const)('%s is found out, and the stock is as it was', async (_title, switches, found) => {
  const tried = await open(switches)
  const { probe, findings } = await tried.try()
  expect([probe.reachesVariant, probe.isAtomic, probe.stopsAtZero, probe.worksInBatch]).toEqual(found)
  expect(stocksOf(tried)).toEqual([30, 12])
  expect(findings.length).toBeGreaterThan(0)
})

test('a shop that adds variants is found out by a single one, and the merchant is told which', async () => {
  const tried = await open({ variantBy: 'adds' })
  const { probe, findings } = await tried.try()
  expect(probe).toMatchObject({ reachesVariant: false, isAtomic: false, worksInBatch: false })
  expect(stocksOf(tried)).toEqual([30, 12, -1])
  const added = tried.shop.standIn.variant(tried.id, 2).id
  expect(findings.join(' ')).toContain(`new variant ${added} of product ${tried.id}`)
})

test('the trial never shows more than there is', async () => {
  const tried = await open()
  let most = 0
  tried.shop.standIn.fault = () => {
    most = Math.max(most, Number(tried.shop.standIn.stock(tried.id, 1)))
    return null
  }
  await tried.try()
  expect(most).toBe(12)
})

test('a sale during the trial is kept', async () => {
  const tried = await open({}, 40)
  let calls = 0
  tried.shop.standIn.fault = () => {
    calls += 1
    if (calls === 20) tried.shop.standIn.sell(tried.id, 3, 1)
    return null
  }
  await tried.try().catch((error: unknown) => expect(error).toMatchObject({ code: 'trial-disturbed' }))
  expect(stocksOf(tried)).toEqual([30, 37])
})

test('a trial that is called off gives back what it took', async () => {
  const tried = await open()
  const stop = new AbortController()
  tried.shop.standIn.fault = () => {
    if (Number(tried.shop.standIn.stock(tried.id, 1)) < 5) stop.abort(new Error('enough'))
    return null
  }
  await expect(tried.try('TRIAL', stop.signal)).rejects.toThrow('enough')
  expect(stocksOf(tried)).toEqual([30, 12])
})

test('a product that does not fit is refused before anything is written', async () => {
  for (const [quantity, sku] of [
    [9, 'TRIAL'],
    [12, 'NOT-THERE'],
  ] as const) {
    const tried = await open({}, quantity)
    await expect(tried.try(sku)).rejects.toMatchObject({ code: 'product-unfit' })
    expect(tried.shop.standIn.calls.every(({ method }) => method !== 'PUT')).toBe(true)
  }
  const tried = await open()
  tried.shop.standIn.addProduct({ variants: [{ model: 'TRIAL', quantity: 20 }] })
  await expect(tried.try()).rejects.toMatchObject({
    code: 'product-unfit',
    message: expect.stringContaining('several'),
  })
})

/** What moves in the shop by itself is told, once and as what it moved. */
import { expect, it } from 'vitest'
import { eventually } from '../../harness/eventually.ts'
import type { Ground } from './ground.ts'

export function movements(ground: Ground): void {
  const { product, known, inStep, adjust, settled, list, hook, nextOperation, patience } = ground

  it('a sale is told as what it moved, and a feed read that waits hears of it', async () => {
    const { id } = await product(10)
    const waiting = ground.feed.read(20_000)
    await ground.shop.sell(id, 3)
    await waiting
    await inStep(id, -3)
    expect(await ground.shop.stockOf(id)).toBe(7)
  })

  it('sales that come between two readings are all told', async () => {
    const { id } = await product(10)
    await ground.shop.sell(id, 1)
    await inStep(id, -1)
    await ground.shop.sell(id, 1)
    await ground.shop.sell(id, 2)
    await inStep(id, -4)
  })

  it('what changes after a reading, in the same second as what was read, is told', async (context) => {
    const stopClock = hook(context, 'stopClock')
    const { id, key } = await product(20)
    stopClock(true)
    try {
      await ground.shop.sell(id, 1)
      await inStep(id, -1)
      await adjust([{ opId: nextOperation(), stockId: id, key, delta: 4 }])
      await ground.shop.sell(id, 2)
      await inStep(id, -3)
    } finally {
      stopClock(false)
    }
    expect(await ground.shop.stockOf(id)).toBe(21)
  })

  it('a cancelled order gives its goods back', async (context) => {
    const cancel = hook(context, 'cancel')
    const { id } = await product(10)
    const order = await ground.shop.sell(id, 4)
    await inStep(id, -4)
    await cancel(order)
    await inStep(id, 0)
    expect(await ground.shop.stockOf(id)).toBe(10)
  })

  it('a typed number is a difference and never an absolute number', async (context) => {
    const type = hook(context, 'type')
    const { id } = await product(10)
    await type(id, 25)
    await inStep(id, 15)
    expect(ground.feed.rowsOf(id).at(-1)?.kind).toBe('manual')
  })

  it('a form that is saved with the number from before a sale and an adjustment is a difference like any other', async (context) => {
    const type = hook(context, 'type')
    const { id, key } = await product(10)
    await ground.shop.sell(id, 2)
    await inStep(id, -2)
    await adjust([{ opId: nextOperation(), stockId: id, key, delta: 5 }])
    await type(id, 10)
    await settled(id, { moved: -5, level: 10 })
    expect(ground.feed.adjusted(id)).toBe(5)
  })

  it('a product that is not tracked has no number, and gets one without a delta', async (context) => {
    const type = hook(context, 'type')
    const { id } = await product(10)
    await type(id, null)
    await known(id, null)
    await type(id, 6)
    await known(id, 6)
    expect(ground.feed.moved(id)).toBe(0)
  })

  it('32: half a unit is a fault of that row, never a delta', async (context) => {
    const typeFraction = hook(context, 'typeFraction')
    const { id } = await product(10)
    await typeFraction(id)
    await eventually(
      'the listing tells of the fault',
      async () => (await list()).find(({ stockId }) => stockId === id)?.fault !== undefined,
      patience(),
    )
    await ground.feed.read()
    expect(ground.feed.moved(id)).toBe(0)
  })
}

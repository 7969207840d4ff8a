/** What a node asks for is made once, whatever customers do meanwhile. */
import { expect, it } from 'vitest'
import type { Ground } from './ground.ts'

export function adjustments(ground: Ground): void {
  const { product, inStep, adjust, settled, hook, nextOperation } = ground

  it('an adjustment is made once, is told with its operation, and does not come back as a local change', async () => {
    const { id, key } = await product(10)
    const operation = { opId: nextOperation(), stockId: id, key, delta: -4 }
    expect(await adjust([operation])).toMatchObject([{ opId: operation.opId, status: 'applied', stock: 6 }])
    expect(await adjust([operation])).toMatchObject([{ opId: operation.opId, status: 'repeated' }])
    await ground.shop.sell(id, 1)
    await inStep(id, -1)
    expect([await ground.shop.stockOf(id), ground.feed.adjusted(id, operation.opId)]).toEqual([5, -4])
  })

  it('many adjustments are answered in their order, and one that is refused holds up none of the others', async () => {
    const tracked = [await product(10), await product(20), await product(30)]
    const untracked = await product(null)
    const gone = { opId: nextOperation(), stockId: 'no-such-row', key: 'x', delta: 1 }
    const operations = [untracked, ...tracked].map(({ id, key }) => {
      return { opId: nextOperation(), stockId: id, key, delta: 5 }
    })
    const results = await adjust([...operations.slice(0, 2), gone, ...operations.slice(2)])
    expect(results.map((result) => (result.status === 'refused' ? result.code : result.stock))).toEqual([
      'untracked',
      15,
      'row-gone',
      25,
      35,
    ])
    for (const { id } of tracked) await inStep(id, 0)
    expect(await ground.shop.stockOf(untracked.id)).toBeNull()
  })

  it('sales while an adjustment is made are neither lost nor told twice', async () => {
    const { id, key } = await product(100)
    const operations = Array.from({ length: 6 }, (_, index) => {
      return { opId: nextOperation(), stockId: id, key, delta: index % 2 === 0 ? 3 : -2 }
    })
    const customers = (async (): Promise<void> => {
      for (let sale = 0; sale < 8; sale += 1) await ground.shop.sell(id, 1)
    })()
    for (const operation of operations) await adjust([operation])
    await customers
    await settled(id, { moved: -8, level: 100 - 8 + 3 })
    expect(ground.feed.adjusted(id)).toBe(3)
  })

  it('a sale between the reading and the writing is not lost', async (context) => {
    const beforeNextWrite = hook(context, 'beforeNextWrite')
    const { id, key } = await product(10)
    beforeNextWrite(async () => void (await ground.shop.sell(id, 1)))
    await adjust([{ opId: nextOperation(), stockId: id, key, delta: 5 }])
    await settled(id, { moved: -1, level: 14 })
  })

  it('a number below zero is a number', async (context) => {
    const type = hook(context, 'type')
    if (ground.shop.stockMin !== null) context.skip(`this shop does not go below ${ground.shop.stockMin}`)
    const { id, key } = await product(2)
    await type(id, -3)
    await inStep(id, -5)
    await adjust([{ opId: nextOperation(), stockId: id, key, delta: -1 }])
    await inStep(id, -5)
    expect(await ground.shop.stockOf(id)).toBe(-4)
  })

  it('what would go below the minimum is neither lost nor counted twice', async (context) => {
    if (ground.shop.stockMin === null) context.skip('this shop has no minimum')
    const { id, key } = await product(2)
    const operation = { opId: nextOperation(), stockId: id, key, delta: -5 }
    const [result] = await adjust([operation])
    await inStep(id, 0)
    // The feed tells how much of it was made; the rest is the engine's to decide on.
    expect(await ground.shop.stockOf(id)).toBe(2 + ground.feed.adjusted(id, operation.opId))
    if (result?.status === 'refused') expect([result.code, await ground.shop.stockOf(id)]).toEqual(['out-of-range', 2])
  })
}

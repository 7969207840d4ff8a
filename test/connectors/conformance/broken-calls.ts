/** A call that goes wrong costs delay and never a unit. */
import { expect, it } from 'vitest'
import { never } from '../feed-reader.ts'
import type { Ground } from './ground.ts'

export function brokenCalls(ground: Ground): void {
  const { product, seen, inStep, adjust, codeOf, breakNext, nextOperation } = ground

  it.for(['lost-answer', 'lost-question'] as const)('a write with a %s is made once', async (fault, context) => {
    const { id, key } = await product(10)
    const operation = { opId: nextOperation(), stockId: id, key, delta: -3 }
    breakNext(context, fault, 'write')
    await adjust([operation])
    await inStep(id, 0)
    expect([await ground.shop.stockOf(id), ground.feed.adjusted(id, operation.opId)]).toEqual([7, -3])
  })

  it.for(['throttled', 'server-error', 'html', 'token-expired', 'silent-no-op'] as const)(
    'a write that meets "%s" is made in the end, and once',
    async (fault, context) => {
      const { id, key } = await product(10)
      breakNext(context, fault, 'write')
      const operation = { opId: nextOperation(), stockId: id, key, delta: 2 }
      const [result] = await adjust([operation])
      if (result?.status === 'refused') expect(await ground.shop.stockOf(id)).toBe(10)
      else
        await seen('the adjustment is told', () => ground.feed.rowsOf(id).some(({ opId }) => opId === operation.opId))
      // What the shop did not make stays open for the engine, which decides again.
      const open = 12 - (ground.feed.stock(id) ?? 0)
      if (open !== 0) await adjust([{ ...operation, opId: nextOperation(), delta: open }])
      await inStep(id, 0)
      expect(await ground.shop.stockOf(id)).toBe(12)
    },
  )

  it.for(['throttled', 'server-error', 'html', 'token-expired', 'lost-answer', 'empty-list'] as const)(
    '31: a reading that meets "%s" is an error or nothing, and never a number',
    async (fault, context) => {
      const { id } = await product(10)
      await ground.feed.read()
      const before = ground.feed.rows.length
      breakNext(context, fault, 'read')
      const code = await codeOf(ground.shop.connector.list({ after: null, limit: 10 }, never))
      if (code !== 'answered') expect(code).toMatch(/^(shop-|key-)/)
      await ground.shop.sell(id, 2)
      await inStep(id, -2)
      expect(ground.feed.rows.slice(before).filter(({ stockId }) => stockId !== id)).toEqual([])
    },
  )
}

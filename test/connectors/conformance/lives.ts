/** A connector that is killed, a feed that is another one, and a shop that is a copy. */
import { expect, it } from 'vitest'
import { limits } from '@stockmesh/protocol'
import { FeedReader, never } from '../feed-reader.ts'
import type { Ground } from './ground.ts'

export function lives(ground: Ground): void {
  const { product, seen, inStep, adjust, list, codeOf, hook, breakNext, nextOperation } = ground

  it('a connector that was killed goes on where it was, with every row as it told it', async (context) => {
    const reopen = hook(context, 'reopen')
    const { id, key } = await product(10)
    const operation = { opId: nextOperation(), stockId: id, key, delta: -1 }
    await adjust([operation])
    await seen('the adjustment is told', () => ground.feed.adjusted(id) === -1)
    const rows = [...ground.feed.rows]
    await reopen()
    await ground.shop.sell(id, 2)
    expect(await ground.shop.connector.attach({ network: 'n', node: 'dk', fresh: false }, never)).toEqual(
      ground.feed.attachment,
    )
    await inStep(id, -2)
    expect(await adjust([operation])).toMatchObject([{ status: 'repeated' }])
    const again = new FeedReader(() => ground.shop.connector, ground.feed.attachment)
    await again.read()
    expect(again.rows.slice(0, rows.length)).toEqual(rows)
  })

  it('a connector that was killed with a write under way does not make it twice', async (context) => {
    const reopen = hook(context, 'reopen')
    const { id, key } = await product(10)
    const operation = { opId: nextOperation(), stockId: id, key, delta: -3 }
    breakNext(context, 'lost-answer', 'write')
    const first = ground.shop.connector.adjust([operation], never).catch(() => undefined)
    await reopen()
    await first
    await adjust([operation])
    await inStep(id, 0)
    expect([await ground.shop.stockOf(id), ground.feed.adjusted(id, operation.opId)]).toEqual([7, -3])
  })

  it('an abort is handed back as it is', async () => {
    const stop = new AbortController()
    await ground.feed.read()
    const query = { epoch: ground.feed.attachment.epoch, ...ground.feed.position, limit: 1, waitMs: 20_000 }
    const waiting = ground.shop.connector.feed(query, stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting.then(() => undefined)).rejects.toThrow('enough')
  })

  it('a feed that is not the one that was read is told from it, and a new epoch ends the old one', async () => {
    await ground.feed.read()
    const { after, tag } = ground.feed.position
    const query = { epoch: ground.feed.attachment.epoch, limit: 10, waitMs: 0 }
    expect(await codeOf(ground.shop.connector.feed({ ...query, after: after + 1_000, tag }, never))).toBe(
      'feed-rolled-back',
    )
    expect(await codeOf(ground.shop.connector.feed({ ...query, after, tag: '0'.repeat(16) }, never))).toBe(
      'feed-rolled-back',
    )
    const fresh = await ground.shop.connector.attach({ network: 'n', node: 'dk', fresh: true }, never)
    expect(fresh.epoch).not.toBe(ground.feed.attachment.epoch)
    expect(fresh.start).toBeGreaterThan(after)
    expect(await codeOf(ground.shop.connector.feed({ ...query, after, tag }, never))).toBe('feed-epoch-changed')
    ground.follow(fresh)
    await list()
    const { id } = await product(10)
    await ground.shop.sell(id, 1)
    await inStep(id, -1)
  })

  it('a copy of the shop tells nothing and takes nothing, until its administrator claims it', async (context) => {
    const { begin, claim } = hook(context, 'copy')
    const { id, key } = await product(10)
    const query = { epoch: ground.feed.attachment.epoch, ...ground.feed.position, limit: 10, waitMs: 0 }
    await begin()
    const { connector } = ground.shop
    const operation = { opId: nextOperation(), stockId: id, key, delta: 1 }
    expect(await codeOf(connector.feed(query, never))).toBe('shop-copied')
    expect(await codeOf(connector.list({ after: null, limit: 1 }, never))).toBe('shop-copied')
    expect(await codeOf(connector.adjust([operation], never))).toBe('shop-copied')
    expect(await ground.shop.stockOf(id)).toBe(10)
    await claim()
    expect(await codeOf(connector.feed(query, never))).toMatch(/^feed-(epoch-changed|rolled-back)$/)
    const fresh = await connector.attach({ network: 'n', node: 'copy', fresh: true }, never)
    expect(fresh.epoch).not.toBe(query.epoch)
    ground.follow(fresh)
    await list()
    const own = await product(5)
    await ground.shop.sell(own.id, 1)
    await inStep(own.id, -1)
  })

  it('no number in the feed is out of range', async () => {
    await ground.feed.read()
    for (const row of ground.feed.rows) {
      expect(Number.isInteger(row.delta) && Math.abs(row.delta) <= limits.deltaUnitsMax).toBe(true)
      expect(row.stock === null || Number.isInteger(row.stock)).toBe(true)
    }
  })
}

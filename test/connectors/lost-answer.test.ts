/**
 * A write whose answer was lost, and a sale of as many units whose order is not to be read yet: the number alone looks as if
 * the write was made. An observed shop that shows its stock a moment before its orders must not lose the sale by that.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { skuKey } from '@stockmesh/protocol'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import type { ObservedShop } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { eventually } from '../harness/eventually.ts'
import { FastTime } from './fast-time.ts'
import { FeedReader, never } from './feed-reader.ts'
import { type Line, MemoryShop } from './memory-shop.ts'

const untroubled: Line = { before: () => Promise.resolve(), after: () => Promise.resolve() }

test.each(['relative', 'absolute'] as const)(
  '%s: the write is made in the end, and the sale is told',
  async (writing) => {
    const directory = await mkdtemp(join(tmpdir(), 'stockmesh-lost-answer-'))
    const time = new FastTime(100)
    const traps = { writing, hasOrders: true, tellsStock: true, stockMin: null, readLagMs: 0 } as const
    const shop = new MemoryShop({ ...traps, clock: time, random: () => 0.5, staleness: 0 })
    const port = shop.connect(untroubled)
    /** Readings since the sale; its order is there from the second one on. */
    let readings = 2
    const behind: ObservedShop = {
      ...port,
      read: (ids, signal) => {
        readings += 1
        return port.read(ids, signal)
      },
      orderLines: async (cursor, signal) => {
        const found = await port.orderLines?.(cursor, signal)
        if (found === undefined) throw new Error('The shop has orders.')
        return readings >= 2 ? found : { lines: [], cursor: cursor ?? found.cursor, hasMore: false }
      },
    }
    const connector = await openObservedConnector(behind, {
      directory,
      clock: time,
      timers: time,
      random: systemRandom,
    })
    onTestFinished(async () => {
      await connector[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    })
    const id = shop.create('CUP', 10)
    const feed = new FeedReader(
      () => connector,
      await connector.attach({ network: 'n', node: 'dk', fresh: false }, never),
    )
    await connector.list({ after: null, limit: 10 }, never)
    const operation = { opId: 'a'.repeat(32), stockId: id, key: skuKey('CUP') ?? '', delta: -1 }
    const adjust = async (): Promise<boolean> => {
      try {
        return (await connector.adjust([operation], never)).every(({ status }) => status !== 'refused')
      } catch (error) {
        if (error instanceof ConnectorError) return false
        throw error
      }
    }
    shop.breakNext('lost-question', 'write')
    expect(await adjust()).toBe(false)
    readings = 0
    shop.sell(id, 1)
    await eventually('the write is answered', adjust)
    await eventually(
      'the sale is told, and both are in the shop',
      async () => {
        await feed.read()
        const seen = [feed.moved(id), feed.adjusted(id), shop.stockOf(id)]
        if (seen.join() === '-1,-1,8') return true
        throw new Error(`moved, adjusted and stock are ${seen.join(', ')}: ${JSON.stringify(feed.rowsOf(id))}`)
      },
      { deadlineMs: 5_000 },
    )
  },
)

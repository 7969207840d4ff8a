/** The first listing of an observed shop: while a page is kept, the next one is on its way. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import type { ObservedShop } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { never } from './feed-reader.ts'
import { MemoryShop } from './memory-shop.ts'

interface Listed {
  readonly connector: OpenConnector
  /** Cursors that the shop was asked for. */
  readonly asked: (string | null)[]
}

async function open(fault: (cursor: string | null, times: number) => ConnectorError | null): Promise<Listed> {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-listing-'))
  const traps = { hasOrders: false, tellsStock: true, stockMin: null, readLagMs: 0, staleness: 0 } as const
  const shop = new MemoryShop({ writing: 'relative', ...traps, clock: systemClock, random: () => 0 })
  // The shop gives seven in a page.
  for (let number = 0; number < 20; number += 1) shop.create(`SKU-${number}`, number)
  const line = { before: () => Promise.resolve(), after: () => Promise.resolve() }
  const asked: (string | null)[] = []
  const inner = shop.connect(line)
  const observed: ObservedShop = {
    ...inner,
    list(request, signal) {
      asked.push(request.after)
      const error = fault(request.after, asked.filter((cursor) => cursor === request.after).length)
      return error === null ? inner.list(request, signal) : Promise.reject(error)
    },
  }
  const parts = { directory, clock: systemClock, timers: systemTimers, random: systemRandom }
  const connector = await openObservedConnector(observed, parts)
  onTestFinished(async () => {
    await connector[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })
  await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  return { connector, asked }
}

it('is asked for when one has come, each page once', async () => {
  const { connector, asked } = await open(() => null)
  const list = () => connector.list({ after: null, limit: 100 }, never)
  expect((await list()).items).toEqual([])
  expect(asked).toEqual([null, '7'])
  await list()
  const { items } = await list()
  expect(items.map(({ stock }) => stock).toSorted((one, other) => (one ?? 0) - (other ?? 0))).toEqual(
    Array.from({ length: 20 }, (_, number) => number),
  )
  expect(asked).toEqual([null, '7', '14'])
})

it('that fails is told to the call that needs it, and asked for again', async () => {
  const down = new ConnectorError('shop-unreachable', 'The line is down.')
  const { connector, asked } = await open((cursor, times) => (cursor === '7' && times === 1 ? down : null))
  const list = () => connector.list({ after: null, limit: 100 }, never)
  await list()
  await expect(list()).rejects.toBe(down)
  await list()
  expect((await list()).items).toHaveLength(20)
  expect(asked).toEqual([null, '7', '7', '14'])
})

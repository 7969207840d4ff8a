/** The journal of an observed shop does not grow for ever: rows, operations, order lines and refusals go when nobody asks. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { limits, skuKey } from '@stockmesh/protocol'
import { Journal } from '../../packages/node/src/connectors/observed/journal.ts'
import { pruneNotes } from '../../packages/node/src/connectors/observed/journal-notes.ts'
import { tables } from '../../packages/node/src/connectors/observed/journal-tables.ts'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { eventually } from '../harness/eventually.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { FastTime } from './fast-time.ts'
import { FeedReader, never } from './feed-reader.ts'
import { MemoryShop } from './memory-shop.ts'

const day = 24 * 3_600_000

it('a reader from before what is kept is told so, and the one that is up to date goes on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-pruning-'))
  const time = new FastTime(200)
  let aheadMs = 0
  const clock = { now: () => time.now() + aheadMs }
  const traps = { hasOrders: true, tellsStock: true, stockMin: null, readLagMs: 0, staleness: 0 } as const
  const shop = new MemoryShop({ writing: 'relative', ...traps, clock, random: () => 0 })
  const id = shop.create('A', 100)
  const untroubled = { before: () => Promise.resolve(), after: () => Promise.resolve() }
  const parts = { directory, clock, timers: time, random: systemRandom }
  const connector = await openObservedConnector(shop.connect(untroubled), parts)
  const attachment = await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  const feed = new FeedReader(() => connector, attachment)
  while ((await connector.list({ after: null, limit: 10 }, never)).items.length === 0);
  shop.sell(id, 3)
  const operation = { opId: '1'.repeat(32), stockId: id, key: skuKey('A') ?? '', delta: 5 }
  await connector.adjust([operation], never)
  await eventually('both are told', async () => {
    await feed.read()
    return feed.moved(id) === -3 && feed.adjusted(id) === 5
  })

  aheadMs = limits.feedKeptMs + day
  shop.sell(id, 1)
  const old = { epoch: attachment.epoch, after: attachment.start, tag: null, limit: 10, waitMs: 0 }
  await eventually('what was read is kept no longer', async () => {
    await feed.read()
    return await connector.feed(old, never).then(
      () => false,
      (error: { code?: string }) => error.code === 'feed-rolled-back',
    )
  })
  shop.sell(id, 1)
  await eventually('the sales since are told', async () => {
    await feed.read()
    return feed.moved(id) === -5
  })
  expect(feed.stock(id)).toBe(100)
  await connector[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

it('order lines and refusals of long ago go, and those of lately stay', async () => {
  const storage = new MemoryStorage()
  let now = Date.parse('2026-03-01T08:00:00Z')
  const journal = await Journal.open({
    storage,
    clock: { now: () => now },
    random: systemRandom,
    onAppended: () => undefined,
  })
  const note = (name: string): Promise<void> =>
    journal.commit((draft) => {
      draft.noteLine(name)
      draft.noteOrder(name, { changes: 0, lines: [] })
      draft.noteEnded(name, { status: 'refused', code: 'outcome-unclear', at: draft.now })
    })
  await note('first')
  now += 61 * day
  await note('second')
  await pruneNotes(storage, now)
  expect([
    await journal.hasLine('first'),
    await journal.ended('first'),
    (await journal.ended('second'))?.status,
  ]).toEqual([true, null, 'refused'])
  now += 340 * day
  await pruneNotes(storage, now)
  expect([await journal.hasLine('first'), await journal.hasLine('second')]).toEqual([false, true])
  expect([await journal.order('first'), (await journal.order('second'))?.changes]).toEqual([null, 0])
  let left = 0
  for await (const _ of storage.scan(prefixRange(tables.ended))) left += 1
  expect(left).toBe(0)
})

/** The built-in shop's feed does not grow for ever: what its node has read goes, once no backup asks for it any more. */
import { expect, it } from 'vitest'
import { limits } from '@stockmesh/protocol'
import { receiptPruneIntervalMs } from '../../packages/node/src/shop/shop-limits.ts'
import { tables } from '../../packages/node/src/shop/shop-table.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { openTestShop, type TestShop } from './open-test-shop.ts'

const never = new AbortController().signal

async function countOf({ shop }: TestShop, table: number): Promise<number> {
  let count = 0
  for await (const _ of shop.storage.scan(prefixRange(table))) count += 1
  return count
}

it('takes away what was read and is old, with its operations, and tells a reader from before it', async () => {
  await using test = await openTestShop()
  const { epoch, start } = (await test.shop.attach({ network: 'n', node: 'dk' })).body
  const { body } = await test.shop.createProduct({ sku: 'A', name: 'A', stock: 10 })
  const operation = (opId: string) => ({ opId: opId.repeat(32), stockId: body.stockId, key: 'a', delta: 1 })
  await test.shop.adjust({ operations: [operation('1'), operation('2')] })
  const read = (position: number, tag: string | null) =>
    test.shop.feed({ epoch, position, tag, after: null, limit: 100, waitMs: 0 }, never)
  const { rows, end } = await read(start, null)
  expect([rows.length, end]).toEqual([3, 4])
  const { id: position = 0, tag = '' } = rows.at(-1) ?? {}
  const later = async (ms: number): Promise<void> => {
    test.clock.advance(ms)
    // The sweep and this wait for the same disk.
    await test.shop.createProduct({ sku: null, name: 'later', stock: null })
  }

  await later(limits.feedKeptMs + 1)
  expect(await countOf(test, tables.feed)).toBe(5)
  await read(position, tag)
  await later(receiptPruneIntervalMs)
  await expect.poll(() => countOf(test, tables.operation)).toBe(1)
  const kept = await read(position, tag)
  expect(kept.rows.map(({ id }) => id)).toEqual([5, 6])
  expect((await test.shop.adjust({ operations: [operation('2')] })).body.results).toMatchObject([
    { status: 'repeated' },
  ])
  // The newest rows are in memory as well, until the shop is opened anew.
  const shop = await test.reopen()
  expect((await shop.feed({ epoch, position, tag, after: null, limit: 100, waitMs: 0 }, never)).end).toBe(6)
  for (const [from, mark] of [
    [start, null],
    [position - 1, rows.at(-2)?.tag ?? ''],
  ] as const) {
    await expect(read(from, mark)).rejects.toMatchObject({ code: 'feed-rolled-back' })
  }
})

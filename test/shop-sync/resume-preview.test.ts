/**
 * The preview of resuming: a fresh reading page by page, compared with what is known of the shop.
 */
import { createHoldings, type StockRow } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import type { StockRowPage } from '../../packages/node/src/connectors/connector.ts'
import { Book, bookRow, type Intent } from '../../packages/node/src/shop-sync/book.ts'
import { readResumePreview } from '../../packages/node/src/shop-sync/resume-preview.ts'
import { encodeJson } from '../../packages/node/src/storage/json.ts'
import { encodeKey } from '../../packages/node/src/storage/key.ts'
import { put } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'

const never = new AbortController().signal

function row(stockId: string, sku: string | null, stock: number | null): StockRow {
  return { stockId, sku, name: `Vare ${sku}`, stock, version: 1, createdAt: 1, products: [] }
}

async function bookOf(rows: readonly StockRow[], intents: readonly Intent[] = []): Promise<Book> {
  const storage = new MemoryStorage()
  await storage.write([
    ...rows.map((one) => put(encodeKey(tables.stockRow, one.stockId), encodeJson(bookRow(one, false, 0)))),
    ...intents.map((intent) => put(encodeKey(tables.intent, intent.stockId), encodeJson(intent))),
  ])
  return await Book.open(storage, createHoldings(recordHashes))
}

/** A shop that lists its rows a few at a time. */
function listing(
  rows: readonly StockRow[],
  pageRows: number,
): { list(request: { after: string | null }): Promise<StockRowPage> } {
  return {
    async list({ after }) {
      const from = after === null ? 0 : rows.findIndex(({ stockId }) => stockId === after) + 1
      const items = rows.slice(from, from + pageRows)
      const last = from + pageRows < rows.length ? (items.at(-1)?.stockId ?? null) : null
      return { epoch: '00', items, next: last, total: rows.length }
    },
  }
}

test('every page is read; the largest difference stands first and equal numbers are not listed', async () => {
  const book = await bookOf([row('1', 'A', 70), row('2', 'B', 5), row('3', 'C', 8), row('4', 'D', 1)])
  const now = [row('1', ' A ', 65), row('2', 'B', 5), row('3', 'C', 20), row('4', 'D', 0)]
  const preview = await readResumePreview(book, listing(now, 1), never)
  expect(preview).toMatchObject({ paused: true, exact: true, differ: 3, unitsChanged: 18 })
  expect(preview.items).toEqual([
    { sku: 'C', name: 'Vare C', shopLevel: 20, shown: 8, difference: 12 },
    { sku: 'A', name: 'Vare  A ', shopLevel: 65, shown: 70, difference: -5 },
    { sku: 'D', name: 'Vare D', shopLevel: 0, shown: 1, difference: -1 },
  ])
})

test('absence, a new row, a duplicate, a changed SKU, a fraction and an untracked row are no difference', async () => {
  const book = await bookOf([
    row('1', 'GONE', 70),
    row('2', 'TWICE', 5),
    row('3', 'TWICE', 5),
    row('4', 'OLD', 8),
    row('5', 'HALF', 3),
    row('6', 'FREE', 3),
  ])
  const now = [
    row('2', 'TWICE', 1),
    row('3', 'TWICE', 1),
    row('4', 'NEW', 1),
    { ...row('5', 'HALF', null), fault: 'stock-fraction' },
    row('6', 'FREE', null),
    row('7', 'CREATED', 9),
    row('8', null, 9),
  ]
  expect(await readResumePreview(book, listing(now, 100), never)).toMatchObject({ differ: 0, items: [] })
})

test('our own adjustment, made or not, is not taken for a change of the shop', async () => {
  const rows = [row('1', 'MADE', 70), row('2', 'UNMADE', 70), row('3', 'SOLD', 70)]
  const intents = rows.map(({ stockId, sku }) => ({ opId: stockId, stockId, key: sku, delta: -3 }) as Intent)
  const now = [row('1', 'MADE', 67), row('2', 'UNMADE', 70), row('3', 'SOLD', 65)]
  expect((await readResumePreview(await bookOf(rows, intents), listing(now, 100), never)).items).toEqual([
    { sku: 'SOLD', name: 'Vare SOLD', shopLevel: 65, shown: 67, difference: -2 },
  ])
})

test('of 1,200 differences all are counted and the 1,000 largest are listed', async () => {
  const id = (index: number): string => String(index).padStart(6, '0')
  const before = Array.from({ length: 1_200 }, (_, index) => row(id(index), `S${index}`, 0))
  const now = before.map((one, index) => ({ ...one, stock: index + 1 }))
  const preview = await readResumePreview(await bookOf(before), listing(now, 500), never)
  expect(preview.differ).toBe(1_200)
  expect(preview.items).toHaveLength(1_000)
  expect([preview.items[0]?.difference, preview.items.at(-1)?.difference]).toEqual([1_200, 201])
})

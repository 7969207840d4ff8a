/**
 * The same goods in a Yjs document: one transaction, then one update in level.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { Doc, encodeStateAsUpdate } from 'yjs'
import type { Goods } from '../limits/level-writes.ts'

/** Seconds. */
export async function measureYjsImport(goods: readonly Goods[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-peer-'))
  const level = new Level<string, Uint8Array>(folder, { valueEncoding: 'view' })
  await level.open()
  const from = performance.now()
  await level.put('document', encodeStateAsUpdate(documentOf(goods)), { sync: true })
  const seconds = (performance.now() - from) / 1_000
  await level.close()
  await rm(folder, { recursive: true, force: true })
  return seconds
}

/** A document with a number and a name for each SKU. */
export function documentOf(goods: Iterable<{ readonly sku: string | null; readonly name: string }>): Doc {
  const document = new Doc()
  document.transact(() => {
    const stock = document.getMap<number>('stock')
    const names = document.getMap<string>('names')
    for (const { sku, name } of goods) {
      stock.set(sku ?? '', 10_000)
      names.set(sku ?? '', name)
    }
  })
  return document
}

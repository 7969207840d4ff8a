/**
 * What an import must put on disk, as bare bytes: a stock row and two records for each SKU, 500 SKUs to a batch, each
 * batch flushed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'

export interface Goods {
  readonly stockId: string
  readonly sku: string | null
  readonly name: string
  readonly stock: number | null
}

const skusPerBatch = 500

/** Seconds. */
export async function measureLevelWrites(goods: readonly Goods[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-limit-'))
  const level = new Level<string, string>(folder)
  await level.open()
  const from = performance.now()
  for (let start = 0; start < goods.length; start += skusPerBatch) {
    const batch = goods.slice(start, start + skusPerBatch).flatMap(operationsOf)
    await level.batch(batch, { sync: true })
  }
  const seconds = (performance.now() - from) / 1_000
  await level.close()
  await rm(folder, { recursive: true, force: true })
  return seconds
}

function operationsOf(row: Goods): { type: 'put'; key: string; value: string }[] {
  const record = `${row.sku} ${row.name} ${row.stock}`
  return [
    { type: 'put', key: `row ${row.stockId}`, value: JSON.stringify(row) },
    { type: 'put', key: `baseline ${row.sku}`, value: record },
    { type: 'put', key: `listed ${row.sku}`, value: record },
  ]
}

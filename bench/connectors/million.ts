/** The memory of a listing that is large, in a process that does nothing else. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from '../child.ts'

export interface Million {
  readonly seconds: number
  /** In use after a tenth of the rows, and after all of them, in MB. */
  readonly early: number
  readonly late: number
}

export async function measureMillion(folder: string, rows: number): Promise<Million> {
  const file = fileURLToPath(new URL('million-rows.ts', import.meta.url))
  const args = ['--expose-gc', '--import', 'tsx', file, join(folder, 'million'), String(rows)]
  const { text, code } = await runNode(args)
  if (code !== 0) throw new Error(`Listing ${rows} rows failed.`)
  return JSON.parse(text) as Million
}

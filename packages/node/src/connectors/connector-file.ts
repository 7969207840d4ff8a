/**
 * The shop that was chosen for a node, in `DIR/connector.json`: its platform, what was entered, and what the trial
 * found. It holds keys, so its owner alone may read it; it is replaced whole or not at all.
 */
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectorPromise, OtherWriter, ShopLocation } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { replaceDurably } from '../durable-file.ts'
import type { GivenSettings } from './platform-settings.ts'

export interface KeptConnector {
  readonly platform: string
  readonly settings: GivenSettings
  readonly promise: ConnectorPromise
  readonly location: ShopLocation | null
  readonly warnings: readonly string[]
  readonly otherWriters: readonly OtherWriter[] | null
  /** Of the connector's own files, below the node's folder; another shop gets another one. */
  readonly folder: string
}

const fileName = 'connector.json'

const kept: ZodType<KeptConnector> = z.object({
  platform: z.string(),
  settings: z.record(z.string(), z.string()),
  promise: z.enum(['exact', 'best-effort']),
  location: z.object({ id: z.string(), name: z.string() }).nullable(),
  warnings: z.array(z.string()),
  otherWriters: z.array(z.enum(['erp', 'supplier-feed', 'sync-app', 'other'])).nullable(),
  folder: z.string().regex(/^[a-z0-9-]+$/),
})

class ConnectorFileError extends Error {
  readonly code = 'connector-file-damaged'
}

/** null: nothing was chosen. Error: `connector-file-damaged`. */
export async function readConnectorFile(directory: string): Promise<KeptConnector | null> {
  const file = join(directory, fileName)
  try {
    const text = await readFile(file, 'utf8')
    // A copy may have come back readable for everybody.
    await chmod(file, 0o600)
    return kept.parse(JSON.parse(text))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error
    // What the file holds is secret, so its own fault is not told along.
    throw new ConnectorFileError(
      `The settings of the shop in ${file} are damaged. Restore the file, or delete it and enter them again with "stockmesh connect".`,
    )
  }
}

export async function writeConnectorFile(directory: string, chosen: KeptConnector): Promise<void> {
  await replaceDurably(join(directory, fileName), `${JSON.stringify(chosen, null, 2)}\n`)
}

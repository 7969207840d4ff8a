/** What a trial finds in a WooCommerce shop without the companion: one product, and whether the key may write. */
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import type { PlatformTrial } from '../platform.ts'
import { type WooCommerceClient, WooCommerceRefusal } from './client.ts'
import { assertReleaseKnown } from './release.ts'
import { anything, productFields, products } from './rest-answers.ts'
import { rowOfProduct } from './rest-rows.ts'
import { assertMayWrite } from './write-permission.ts'

/** Changes nothing, and is refused to a key that may only read. */
const emptyBatch = { method: 'POST', path: '/wc/v3/products/batch', body: { update: [] } } as const
const status = z.object({ environment: z.object({ version: z.string().max(100) }) })

/** Nothing is written. Errors: `key-rejected`, `not-this-platform`, `not-writable`, `release-unknown`. */
export async function tryRest(client: WooCommerceClient, signal: AbortSignal): Promise<PlatformTrial> {
  const value = await readSamples(client, signal)
  const version = await readVersion(client, signal)
  if (version !== null) assertReleaseKnown(version)
  await assertMayWrite(() => client.ask({ ...emptyBatch, schema: anything }, signal))
  const rows = value.flatMap((one) => rowOfProduct(one, []) ?? [])
  const sample = rows.find(({ sku, stock }) => sku !== null && stock !== null) ?? rows[0] ?? null
  return {
    release: `WooCommerce${version === null ? '' : ` ${version}`}, without the plugin Stockmesh`,
    promise: 'best-effort',
    mayWrite: true,
    sample: sample === null ? null : { sku: sample.sku, name: sample.name, stock: sample.stock },
    locations: [],
    warnings: [
      'The plugin Stockmesh is not active in this shop, so that a write may overwrite a sale of the same moment: it is found by its order and put right. With the plugin no unit is ever wrong.',
    ],
    learned: { companion: 'no' },
  }
}

async function readSamples(client: WooCommerceClient, signal: AbortSignal): Promise<z.infer<typeof products>> {
  const path = `/wc/v3/products?per_page=20&orderby=id&order=asc&_fields=${productFields}`
  try {
    return (await client.ask({ method: 'GET', path, schema: products }, signal)).value
  } catch (error) {
    if (!(error instanceof WooCommerceRefusal) || error.reason !== 'rest_no_route') throw error
    throw new ConnectorError(
      'not-this-platform',
      'This WordPress has no WooCommerce of today. Correct the address, or activate or update WooCommerce.',
      { cause: error },
    )
  }
}

/** null: the key may not see it. */
async function readVersion(client: WooCommerceClient, signal: AbortSignal): Promise<string | null> {
  try {
    const path = '/wc/v3/system_status?_fields=environment.version'
    const { value } = await client.ask({ method: 'GET', path, schema: status }, signal)
    return value.environment.version
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectorError) return null
    throw error
  }
}

/** What a trial finds in a Vendure shop without the companion: one product, its stock locations, and what the role may do. */
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import type { PlatformTrial } from '../platform.ts'
import type { AdminClient } from './admin-client.ts'
import { rowsOf, variantFields, variantPage } from './admin-rows.ts'
import { isReadOnTheWay } from '../shop-address.ts'
import type { AdminSettings } from './settings.ts'

const text = z.string().max(1_000)
const me = z.object({
  me: z.object({ channels: z.array(z.object({ token: text, code: text, permissions: z.array(text) })) }).nullable(),
})
const stockLocations = z.object({
  stockLocations: z.object({
    items: z.array(z.object({ id: z.union([text, z.int().transform(String)]), name: text })).max(1_000),
  }),
})
const locationsQuery = 'query StockmeshLocations { stockLocations(options: { take: 100 }) { items { id name } } }'
const meQuery = 'query StockmeshMe { me { channels { token code permissions } } }'
const sampleQuery = `query StockmeshSample { globalSettings { trackInventory } productVariants(options: { take: 20, sort: { id: ASC } }) { totalItems items { ${variantFields} } } }`

/** Of each pair one is enough. */
const needed: readonly (readonly [string, string])[] = [
  ['ReadCatalog', 'ReadProduct'],
  ['UpdateCatalog', 'UpdateProduct'],
  ['ReadOrder', 'ReadOrder'],
  ['ReadCatalog', 'ReadStockLocation'],
]

/** Nothing is written. Errors: `key-rejected`, `not-this-platform`, `not-writable`. */
export async function tryAdmin(
  client: AdminClient,
  settings: AdminSettings,
  signal: AbortSignal,
): Promise<PlatformTrial> {
  await assertMayWrite(client, settings, signal)
  const locations = await locationsOf(client, signal)
  const chosen = settings.location ?? locations[0]?.id ?? null
  if (chosen === null || !locations.some(({ id }) => id === chosen)) {
    const message = `The shop has no stock location with the id ${chosen ?? ''}. Choose one of its stock locations.`
    throw new ConnectorError('not-writable', message)
  }
  const { value } = await client.ask(
    { name: 'StockmeshSample', query: sampleQuery, variables: {}, schema: variantPage },
    signal,
  )
  const rows = rowsOf(value, chosen)
  const sample = rows.find(({ sku, stock }) => sku !== null && stock !== null) ?? rows[0] ?? null
  return {
    release: 'Vendure, without the companion of Stockmesh',
    promise: 'best-effort',
    mayWrite: true,
    sample: sample === null ? null : { sku: sample.sku, name: sample.name, stock: sample.stock },
    locations,
    warnings: warningsOf(settings),
    // Another location that is opened later is not meant.
    ...(settings.location === null && locations.length === 1 ? { learned: { location: chosen } } : {}),
  }
}

export async function locationsOf(client: AdminClient, signal: AbortSignal): Promise<PlatformTrial['locations']> {
  const asked = { name: 'StockmeshLocations', query: locationsQuery, variables: {}, schema: stockLocations }
  return (await client.ask(asked, signal)).value.stockLocations.items
}

async function assertMayWrite(
  client: AdminClient,
  { channel, url }: AdminSettings,
  signal: AbortSignal,
): Promise<void> {
  const { value } = await client
    .ask({ name: 'StockmeshMe', query: meQuery, variables: {}, schema: me }, signal)
    .catch((error: unknown) => {
      if (!(error instanceof ConnectorError) || error.code !== 'shop-answer-invalid') throw error
      throw new ConnectorError(
        'not-this-platform',
        `What answers at ${url} is not Vendure. Enter the address of Vendure's server, where /admin-api is.`,
        { cause: error },
      )
    })
  const channels = value.me?.channels ?? []
  const own = channels.find(({ token, code }) =>
    channel === null ? code === '__default_channel__' : token === channel,
  )
  const permissions = new Set((own ?? channels[0])?.permissions)
  const missing = permissions.has('SuperAdmin')
    ? []
    : needed.filter((pair) => !pair.some((one) => permissions.has(one)))
  if (missing.length === 0) return
  const names = missing.map(([name]) => name).join(', ')
  throw new ConnectorError('not-writable', `The administrator's role lacks ${names}. Add it under Settings > Roles.`)
}

function warningsOf({ url }: AdminSettings): readonly string[] {
  const warnings = [
    'The companion of Stockmesh is not in this shop: sales are seen within some seconds, and numbers that people type within minutes. With the companion both are seen at once, and the promise is exact.',
  ]
  if (isReadOnTheWay(url)) {
    warnings.push('The address begins with http, so that the password can be read on the way: use https.')
  }
  return warnings
}

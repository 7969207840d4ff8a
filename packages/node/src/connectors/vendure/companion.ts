/** Vendure with the companion plugin inside, class *ledger*: the companion speaks the feed interface of the built-in shop. */
import { z } from 'zod'
import { assertLeadsNowhere } from '../address-trial.ts'
import { ConnectorError } from '../connector.ts'
import { createFeedConnector } from '../feed-connector.ts'
import type { OpenConnector, PlatformTrial } from '../platform.ts'
import { askShop, type ShopAddress } from '../shop-call.ts'
import { isReadOnTheWay } from '../shop-address.ts'
import type { CompanionSettings } from './settings.ts'

const text = z.string().max(2_000)
const aboutAnswer = z.object({
  platform: z.literal('vendure'),
  version: text,
  shopUrl: text,
  location: text,
  locations: z.array(z.object({ id: text, name: text })).max(1_000),
  isCopy: z.boolean(),
  sample: z.object({ sku: text.nullable(), name: text, stock: z.int().nullable() }).nullable(),
})
type About = z.infer<typeof aboutAnswer>

/** Reads one product. Errors: those of `Platform.test`. */
export async function tryCompanion(settings: CompanionSettings, signal: AbortSignal): Promise<PlatformTrial> {
  const about = await readAbout(settings, signal)
  if (!about.version.startsWith('3.')) {
    throw new ConnectorError(
      'release-unknown',
      `The shop runs Vendure ${about.version}, and the companion knows Vendure 3. Install the companion of that release.`,
    )
  }
  if (about.isCopy) {
    throw new ConnectorError(
      'shop-copied',
      'This shop is a copy of another one. Let its administrator claim it before a node is connected.',
    )
  }
  return {
    release: `Vendure ${about.version}`,
    promise: 'exact',
    mayWrite: true,
    sample: about.sample,
    // Which one is kept in step is fixed in the shop's configuration.
    locations: [],
    warnings: warningsOf(settings, about),
  }
}

export function openCompanion(settings: CompanionSettings): OpenConnector {
  const address = addressOf(settings)
  return createFeedConnector({
    name: 'vendure',
    ask: (call, signal) => askShop(address, call, signal),
    shopUrl: settings.url,
  })
}

function addressOf({ url, key }: CompanionSettings): ShopAddress {
  return { url, space: '/stockmesh/v1', key }
}

async function readAbout(settings: CompanionSettings, signal: AbortSignal): Promise<About> {
  try {
    await assertLeadsNowhere(settings.url, '/stockmesh/v1/about', signal)
    return await askShop(addressOf(settings), { method: 'GET', path: '/about', schema: aboutAnswer }, signal)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'shop-answer-invalid') throw error
    throw new ConnectorError(
      'not-this-platform',
      `What answers at ${settings.url} is no Vendure shop with the companion. Correct the address, or install the companion.`,
      { cause: error },
    )
  }
}

function warningsOf({ url }: CompanionSettings, { location, locations }: About): readonly string[] {
  const warnings: string[] = []
  if (isReadOnTheWay(url)) {
    warnings.push('The address begins with http, so that the key can be read on the way: use https.')
  }
  if (locations.length > 1) {
    const name = locations.find(({ id }) => id === location)?.name ?? location
    warnings.push(
      `The stock of "${name}" is kept in step. Another location is chosen with stockLocationId in vendure-config.ts.`,
    )
  }
  return warnings
}

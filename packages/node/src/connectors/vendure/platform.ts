/**
 * Vendure with the companion plugin inside, class *ledger*: the companion speaks the feed interface of the built-in shop.
 * A Vendure shop without it is not written to, since its own interface sets numbers and loses what was sold meanwhile.
 */
import { z, type ZodType } from 'zod'
import { ConnectorError } from '../connector.ts'
import { createFeedConnector } from '../feed-connector.ts'
import type { OpenConnector, Platform } from '../platform.ts'
import { isShopAddress, shopAddressRule } from '../shop-address.ts'
import { askShop, type ShopAddress } from '../shop-call.ts'
import { checkStockmeshSignature } from '../stockmesh-signature.ts'

export interface VendureSettings {
  readonly url: string
  readonly key: string
}

const schema: ZodType<VendureSettings> = z.strictObject({
  url: z
    .string()
    .trim()
    .refine(isShopAddress, shopAddressRule)
    .transform((url) => url.replace(/\/+$/, '')),
  key: z.string().trim().min(32, 'must have at least 32 characters').max(1_000),
})

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

export const vendurePlatform: Platform<VendureSettings> = {
  name: 'vendure',
  fields: [
    {
      name: 'url',
      help: "Address of Vendure's server, as https://shop.example: where /admin-api is.",
      isSecret: false,
      isRequired: true,
    },
    {
      name: 'key',
      help: "Key of the companion: what the shop's vendure-config.ts gives StockmeshPlugin.init.",
      isSecret: true,
      isRequired: true,
    },
  ],
  schema,
  async test(settings, signal) {
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
  },
  open: (settings) => Promise.resolve(openVendure(settings)),
  checkHint: ({ key }, hint) => checkStockmeshSignature(hint, [key]),
}

function openVendure(settings: VendureSettings): OpenConnector {
  const address = addressOf(settings)
  return createFeedConnector({
    name: 'vendure',
    ask: (call, signal) => askShop(address, call, signal),
    shopUrl: settings.url,
  })
}

function addressOf({ url, key }: VendureSettings): ShopAddress {
  return { base: `${url}/stockmesh/v1`, key }
}

async function readAbout(settings: VendureSettings, signal: AbortSignal): Promise<About> {
  try {
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

function warningsOf({ url }: VendureSettings, { location, locations }: About): readonly string[] {
  const warnings: string[] = []
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
  if (url.startsWith('http://') && !isLocal) {
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

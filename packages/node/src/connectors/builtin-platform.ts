/**
 * The built-in shop as a platform: one that runs as a process of its own. The one inside a node is opened by the node,
 * which knows its address and key by itself.
 */
import { z, type ZodType } from 'zod'
import { assertLeadsNowhere } from './address-trial.ts'
import { createBuiltinConnector } from './builtin.ts'
import { ConnectorError } from './connector.ts'
import type { Platform } from './platform.ts'
import { isShopAddress, shopAddressRule } from './shop-address.ts'
import { checkStockmeshSignature } from './stockmesh-signature.ts'

export interface BuiltinSettings {
  readonly url: string
  readonly key: string
}

const schema: ZodType<BuiltinSettings> = z.strictObject({
  url: z
    .string()
    .trim()
    .refine(isShopAddress, shopAddressRule)
    .transform((url) => url.replace(/\/+$/, '')),
  key: z.string().trim().min(1, 'must not be empty').max(1_000),
})

export const builtinPlatform: Platform<BuiltinSettings> = {
  name: 'builtin',
  fields: [
    {
      name: 'url',
      help: 'Address of the shop, as "stockmesh shop" prints it; without address and key it is the shop inside this node.',
      isSecret: false,
      isRequired: false,
    },
    {
      name: 'key',
      help: 'Key of that shop: STOCKMESH_SHOP_KEY there, or the file that it names at its start.',
      isSecret: true,
      isRequired: false,
    },
  ],
  schema,
  async test(settings, signal) {
    await assertLeadsNowhere(settings.url, '/shop/v1/stock-rows', signal)
    const shop = createBuiltinConnector({ ...settings, shopUrl: null })
    try {
      const { items } = await shop.list({ after: null, limit: 1 }, signal)
      const first = items[0]
      return {
        release: 'Stockmesh shop',
        promise: shop.promise,
        mayWrite: true,
        sample: first === undefined ? null : { sku: first.sku, name: first.name, stock: first.stock },
        locations: [],
        warnings: [],
      }
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== 'shop-answer-invalid') throw error
      throw new ConnectorError(
        'not-this-platform',
        `What answers at ${settings.url} is no shop of Stockmesh. Correct the address.`,
        { cause: error },
      )
    }
  },
  open: (settings) => Promise.resolve(createBuiltinConnector({ ...settings, shopUrl: `${settings.url}/shop/` })),
  checkHint: ({ key }, hint) => checkStockmeshSignature(hint, [key]),
}

/** What a merchant enters for a WooCommerce shop, and what the trial found in it. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { PlatformField } from '../platform.ts'
import { isShopAddress, shopAddressRule } from '../shop-address.ts'

export interface WooCommerceSettings {
  /** The shop's address, as `https://shop.example`, without a slash at its end. */
  readonly url: string
  readonly consumerKey: string
  readonly consumerSecret: string
  /** Whether the shop is kept in step through the companion plugin; null: nobody has looked yet. */
  readonly companion: 'yes' | 'no' | null
}

const fieldTexts = z.strictObject({
  url: z
    .string()
    .trim()
    .transform((url) => (/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`))
    // What stands in the browser's address line while the keys are made.
    .transform((url) => url.replace(/\/wp-(json|admin|login)\b.*$/, '').replace(/\/+$/, ''))
    .refine(isShopAddress, shopAddressRule),
  consumerKey: z
    .string()
    .trim()
    .regex(/^ck_\w{8,100}$/, 'is the text that begins with ck_'),
  consumerSecret: z
    .string()
    .trim()
    .regex(/^cs_\w{8,100}$/, 'is the text that begins with cs_'),
  companion: z.enum(['yes', 'no'], 'is filled in by the trial: leave it empty').optional(),
})

export const schema: z.ZodType<WooCommerceSettings> = fieldTexts.transform(({ companion = null, ...keys }) => ({
  ...keys,
  companion,
}))

export const fields: readonly PlatformField[] = [
  {
    name: 'url',
    help: "The shop's address, as https://shop.example, as it stands under Settings > General in WordPress.",
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'consumerKey',
    help: 'The consumer key (ck_...) from WooCommerce > Settings > Advanced > REST API, with the permission Read/Write.',
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'consumerSecret',
    help: 'The consumer secret (cs_...) that WooCommerce shows once beside the key.',
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'companion',
    help: 'Whether the plugin Stockmesh was found in the shop. The trial fills it in; emptied, the trial looks again.',
    isSecret: false,
    isRequired: false,
    isTuning: true,
  },
]

/** Signs the shop's hints. Made of the secret, which itself never goes over a line that is not encrypted. */
export function hookKeyOf({ consumerSecret }: Pick<WooCommerceSettings, 'consumerSecret'>): string {
  return createHmac('sha256', consumerSecret).update('stockmesh hints').digest('hex')
}

/**
 * What a merchant enters for a Vendure shop: the companion's key, or, for a shop without the companion, an administrator's
 * name and password. Which of the two says how the shop is kept in step.
 */
import { z, type ZodType } from 'zod'
import type { PlatformField } from '../platform.ts'
import { isShopAddress, shopAddressRule } from '../shop-address.ts'

export interface CompanionSettings {
  /** The address of Vendure's server, without a slash at its end. */
  readonly url: string
  readonly key: string
  /** The id of the stock location that is kept in step; null: the companion's own. */
  readonly location: string | null
}

export interface AdminSettings {
  readonly url: string
  readonly username: string
  readonly password: string
  /** The id of the stock location that is kept in step; null: the only one. */
  readonly location: string | null
  /** The token of the channel; null: the default channel. */
  readonly channel: string | null
}

export type VendureSettings = CompanionSettings | AdminSettings

const text = z.string().trim().min(1, 'must not be empty').max(1_000)
const fieldTexts = z.strictObject({
  url: z
    .string()
    .trim()
    .transform((url) => url.replace(/\/admin-api\/?$/, '').replace(/\/+$/, ''))
    .refine(isShopAddress, shopAddressRule),
  key: z.string().trim().min(32, 'must have at least 32 characters').max(1_000).optional(),
  username: text.optional(),
  password: z.string().min(1, 'must not be empty').max(1_000).optional(),
  location: text.optional(),
  channel: text.optional(),
})

export const schema: ZodType<VendureSettings> = fieldTexts.transform((given, context): VendureSettings => {
  const { url, key, username, password, location = null, channel = null } = given
  const fault = (field: keyof typeof given, message: string): never => {
    context.addIssue({ code: 'custom', path: [field], message })
    return z.NEVER
  }
  if (key !== undefined) {
    if (username !== undefined) return fault('username', 'is left empty where the companion has a key')
    return { url, key, location }
  }
  if (username === undefined) {
    return fault('key', "is missing: the companion's key, or a user name and password for a shop without the companion")
  }
  if (password === undefined) return fault('password', 'is missing')
  return { url, username, password, location, channel }
})

export const fields: readonly PlatformField[] = [
  {
    name: 'url',
    help: "Address of Vendure's server, as https://shop.example: where /admin-api is.",
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'key',
    help: "Key of the companion: what the shop's vendure-config.ts gives StockmeshPlugin.init. Empty where the shop has no companion.",
    isSecret: true,
    isRequired: false,
  },
  {
    name: 'username',
    help: 'Without the companion: the user name of an administrator of its own, whose role may read the catalog and orders and update the catalog.',
    isSecret: false,
    isRequired: false,
    isTuning: true,
  },
  {
    name: 'password',
    help: "Without the companion: that administrator's password.",
    isSecret: true,
    isRequired: false,
    isTuning: true,
  },
  {
    name: 'location',
    help: 'The id of the stock location that is kept in step, where the shop has several.',
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'channel',
    help: 'Without the companion: the token of the channel; left empty, it is the default channel.',
    isSecret: false,
    isRequired: false,
  },
]

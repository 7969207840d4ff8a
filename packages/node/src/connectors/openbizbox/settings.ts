/** What a merchant enters for an OpenBizBox shop, and what the trial of the writing found in it. */
import { z } from 'zod'
import type { PlatformField } from '../platform.ts'
import { isShopAddress, shopAddressRule } from '../shop-address.ts'
import { parseProbe, type ProbeResult } from './probe-result.ts'

export interface Settings {
  /** The shop's address, as `https://webshopdemo.dk`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Null: hints are not heard, and the shop is polled. */
  readonly webhookSecret: string | null
  /** Null: the shop's whole stock. */
  readonly place: number | null
  /** The product that the merchant picked for the trial of the writing, by its model; null: none. */
  readonly trialSku: string | null
  /** Null: the writing was not tried yet. */
  readonly probe: ProbeResult | null
}

const text = z.string().trim().min(1, 'must not be empty').max(500)
const fieldTexts = z.strictObject({
  url: z
    .string()
    .trim()
    .transform((url) => (/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`).replace(/\/+$/, ''))
    .refine(isShopAddress, shopAddressRule),
  clientId: text,
  clientSecret: text,
  webhookSecret: text.optional(),
  place: text.regex(/^[1-9]\d{0,14}$/, 'must be the number of a place').optional(),
  trialSku: text.optional(),
  writing: text
    .refine((written) => parseProbe(written) !== null, 'is filled in by the trial: leave it empty')
    .optional(),
})
export const schema: z.ZodType<Settings> = fieldTexts.transform(
  ({ webhookSecret = null, place, trialSku = null, writing, ...keys }) => ({
    ...keys,
    webhookSecret,
    place: place === undefined ? null : Number(place),
    trialSku,
    probe: writing === undefined ? null : parseProbe(writing),
  }),
)

export const fields: readonly PlatformField[] = [
  {
    name: 'url',
    help: "The shop's address, as https://webshopdemo.dk.",
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'clientId',
    help: 'The API client id; it stands at /admin/api-token in the shop.',
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'clientSecret',
    help: 'The API client secret; it stands at /admin/api-token in the shop.',
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'webhookSecret',
    help: 'The secret of the webhooks; it stands at /admin/webhooks/ in the shop. Without it the shop is asked every 10 seconds.',
    isSecret: true,
    isRequired: false,
  },
  {
    name: 'place',
    help: 'The number of the place (warehouse) whose stock is synchronised; left empty, it is the whole stock of the shop.',
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'trialSku',
    help: 'The model/varenr. of a product with at least 10 in stock, best with two variants, that nobody buys just now: the trial takes units of it away and gives them back, to find the safest way of writing.',
    isSecret: false,
    isRequired: false,
    isTuning: true,
  },
  {
    name: 'writing',
    help: 'What the trial of the writing found. The trial fills it in; emptied, the writing is tried anew.',
    isSecret: false,
    isRequired: false,
    isTuning: true,
  },
]

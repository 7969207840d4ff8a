/** What a merchant enters for an OpenBizBox shop, and what the trial of the writing found in it. */
import { z } from 'zod'

/** What +1 and -1 on a product that the merchant picks told about the shop. */
export interface ProbeResult {
  /** Milliseconds since 1970. */
  readonly at: number
  /** `quantity_diff` with the variant's id changes that variant, and adds none. */
  readonly reachesVariant: boolean
  /** Changes at the same moment all count. */
  readonly isAtomic: boolean
  /** A stock is never less than zero: what goes below is cut off. */
  readonly stopsAtZero: boolean
  /** `quantity_diff` works in a batch too. */
  readonly worksInBatch: boolean
}

export interface Settings {
  /** The shop's address, as `https://webshopdemo.dk`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Null: hints are not heard, and the shop is polled. */
  readonly webhookSecret: string | null
  /** Null: the shop's whole stock. */
  readonly place: number | null
  /** Null: the writing was not tried yet. */
  readonly probe: ProbeResult | null
}

const probe: z.ZodType<ProbeResult> = z.object({
  at: z.number(),
  reachesVariant: z.boolean(),
  isAtomic: z.boolean(),
  stopsAtZero: z.boolean(),
  worksInBatch: z.boolean(),
})

const shopUrl = z
  .string()
  .max(500)
  .transform((text) => (/^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`).replace(/\/+$/, ''))
  .pipe(z.url({ protocol: /^https?$/ }))

const text = z.string().trim().min(1).max(500)
export const settings: z.ZodType<Settings> = z.object({
  url: shopUrl,
  clientId: text,
  clientSecret: text,
  webhookSecret: text.nullable().default(null),
  place: z.union([z.null(), z.coerce.number().int().min(1)]).default(null),
  probe: probe.nullable().default(null),
})

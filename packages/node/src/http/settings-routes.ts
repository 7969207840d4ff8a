/**
 * The settings of the node, and its name and address. Absent is unchanged, null is the default; a secret goes in and
 * never comes out.
 */
import { languages, limits, parseAddress, type SettingsAnswer } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { isTimeZone, quietExemptions } from '../alerts/quiet-hours.ts'
import { type SettingsChange, settingsAnswer } from '../settings/settings.ts'
import type { SettingsStore } from '../settings/settings-store.ts'
import { amount, exactly } from './answer-schema.ts'
import { nodeAnswer } from './answers.ts'
import {
  bufferUnitsMax,
  emailCharactersMax,
  settingCharactersMax,
  unreachableMinutesMax,
  unreachableMinutesMin,
} from './limits.ts'
import type { NodeApi } from './node-api.ts'
import { defineRoute, type Route } from './route.ts'
import { shopName } from './schemas.ts'

export interface SettingsRoutesOptions {
  readonly settings: SettingsStore
  readonly node: Pick<NodeApi, 'status'>
}

const email = z.email('Write one e-mail address, as in stock@shop.example.').max(emailCharactersMax)
const secret = z.string().min(1).max(settingCharactersMax)

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of the clock, as 22:00.')
const timeZone = z
  .string()
  .max(settingCharactersMax)
  .refine(isTimeZone, 'Write the name of a time zone, as Europe/Copenhagen.')

const webhookUrl = z
  .string()
  .trim()
  .max(settingCharactersMax)
  .refine((text) => {
    const url = parseUrl(text, ['http:', 'https:'])
    return url !== null && url.username === '' && url.password === ''
  }, 'Write an address that begins with https:// or http://, without user and password.')

const smtpUrl = z
  .string()
  .trim()
  .max(settingCharactersMax)
  .refine(
    (text) => parseUrl(text, ['smtp:', 'smtps:']) !== null,
    'Write an address that begins with smtp:// or smtps://.',
  )

const ownUrl = z
  .string()
  .trim()
  .max(limits.addressCharactersMax)
  .refine((text) => {
    const url = parseUrl(text, ['http:', 'https:'])
    return url !== null && url.search === '' && url.hash === '' && parseAddress(text).ok
  }, 'Write the address at which other shops reach this node, as in https://stock.shop.example.')
  .transform((text) => text.replace(/\/+$/, ''))

const settingsBody: ZodType<SettingsChange> = z.strictObject({
  name: shopName.nullable().optional(),
  language: z.enum(languages).nullable().optional(),
  buffer: z.int().min(0).max(bufferUnitsMax).nullable().optional(),
  holdOwnChanges: z.boolean().nullable().optional(),
  holdMemberChanges: z.boolean().nullable().optional(),
  holdFromSkus: z.int().min(limits.holdFromSkusMin).max(limits.holdFromSkusMax).nullable().optional(),
  alertWebhookUrl: webhookUrl.nullable().optional(),
  alertWebhookSecret: secret.nullable().optional(),
  alertEmailTo: email.nullable().optional(),
  alertEmailFrom: email.nullable().optional(),
  alertSmtpUrl: smtpUrl.nullable().optional(),
  alertUnreachableMinutes: z.int().min(unreachableMinutesMin).max(unreachableMinutesMax).nullable().optional(),
  alertQuietFrom: clockTime.nullable().optional(),
  alertQuietTo: clockTime.nullable().optional(),
  alertQuietZone: timeZone.nullable().optional(),
  alertQuietExempt: z.enum(quietExemptions).nullable().optional(),
})

const nodeBody: ZodType<Pick<SettingsChange, 'name' | 'url'>> = z.strictObject({
  name: shopName.nullable().optional(),
  url: ownUrl.nullable().optional(),
})

export const settingsSchema: ZodType<SettingsAnswer> = exactly<SettingsAnswer>()(
  z
    .strictObject({
      name: z.string(),
      language: z.enum(languages),
      buffer: amount,
      holdOwnChanges: z.boolean(),
      holdMemberChanges: z.boolean(),
      holdFromSkus: amount,
      alertWebhookUrl: z.string().nullable(),
      alertWebhookSecretSet: z.boolean(),
      alertEmailTo: z.string().nullable(),
      alertEmailFrom: z.string().nullable(),
      alertSmtpUrlSet: z.boolean(),
      alertUnreachableMinutes: amount,
      alertQuietFrom: z.string().nullable(),
      alertQuietTo: z.string().nullable(),
      alertQuietZone: z.string().nullable(),
      alertQuietExempt: z.enum(quietExemptions),
    })
    .meta({ id: 'Settings' }),
)

export function settingsRoutes({ settings, node }: SettingsRoutesOptions): readonly Route[] {
  return [
    defineRoute('GET', '/settings', {
      summary: 'The settings of this node; of a secret only whether there is one.',
      access: 'viewer',
      answers: settingsSchema,
      answer: () => settingsAnswer(settings.current),
    }),
    defineRoute('PATCH', '/settings', {
      summary: 'Changes settings: what is absent stays, null is the default.',
      answers: settingsSchema,
      body: settingsBody,
      async answer({ body }) {
        return settingsAnswer(await settings.change(body))
      },
    }),
    defineRoute('PATCH', '/node', {
      summary: 'Changes the name of this shop, and the address at which other shops reach its node.',
      answers: nodeAnswer,
      body: nodeBody,
      async answer({ body }) {
        await settings.change(body)
        return node.status().node
      },
    }),
  ]
}

function parseUrl(text: string, protocols: readonly string[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && url.hostname !== '' && protocols.includes(url.protocol) ? url : null
}

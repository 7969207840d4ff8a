/**
 * What a person chooses for this node while it runs, and what holds where nothing was chosen. Secrets are among these
 * values: they go to whoever needs them and into no answer, log line or message.
 */
import { type Language, limits, type SettingsAnswer } from '@stockmesh/protocol'
import type { QuietExemption } from '../alerts/quiet-hours.ts'

export interface NodeSettings {
  /** What the shop is called in every shop's pages. */
  readonly name: string
  /** The address other shops reach this node at; null: what host and port give. */
  readonly url: string | null
  readonly language: Language
  /** Units of every level that this shop holds back. */
  readonly buffer: number
  /** Whether a mass change in this shop waits for a person before the others hear of it. */
  readonly holdOwnChanges: boolean
  /** Whether a mass change of another shop waits for a person before this shop goes by it. */
  readonly holdMemberChanges: boolean
  /** Fewer SKUs than these are never a mass change. */
  readonly holdFromSkus: number
  readonly alertWebhookUrl: string | null
  /** Key of the webhook's signature (HMAC-SHA256). */
  readonly alertWebhookSecret: string | null
  readonly alertEmailTo: string | null
  readonly alertEmailFrom: string | null
  /** smtp:// or smtps://, with user and password. */
  readonly alertSmtpUrl: string | null
  /** Minutes that a shop must have been out of reach before an alert is sent. */
  readonly alertUnreachableMinutes: number
  /** "22:00" to "07:00", in a time zone; alerts but the exempt ones wait. */
  readonly alertQuietFrom: string | null
  readonly alertQuietTo: string | null
  readonly alertQuietZone: string | null
  readonly alertQuietExempt: QuietExemption
}

/** What was chosen at set-up: the shop's name and the language of its pages. */
export type Profile = Pick<NodeSettings, 'name' | 'language'>

/** Absent: unchanged. null: the default. */
export type SettingsChange = { readonly [Name in keyof NodeSettings]?: NodeSettings[Name] | null | undefined }

export const defaultSettings: NodeSettings = {
  name: 'Stockmesh',
  url: null,
  language: 'en',
  buffer: 0,
  holdOwnChanges: true,
  holdMemberChanges: true,
  holdFromSkus: limits.massChangeSkusMin,
  alertWebhookUrl: null,
  alertWebhookSecret: null,
  alertEmailTo: null,
  alertEmailFrom: null,
  alertSmtpUrl: null,
  // A shop that is restarted or updated is away for a few minutes, and nobody wants to be woken for it.
  alertUnreachableMinutes: 15,
  alertQuietFrom: null,
  alertQuietTo: null,
  alertQuietZone: null,
  alertQuietExempt: 'none',
}

/** The settings without their secrets: each is named, so that one that is added later is not told by itself. */
export function settingsAnswer(settings: NodeSettings): SettingsAnswer {
  return {
    name: settings.name,
    language: settings.language,
    buffer: settings.buffer,
    holdOwnChanges: settings.holdOwnChanges,
    holdMemberChanges: settings.holdMemberChanges,
    holdFromSkus: settings.holdFromSkus,
    alertWebhookUrl: settings.alertWebhookUrl,
    alertWebhookSecretSet: settings.alertWebhookSecret !== null,
    alertEmailTo: settings.alertEmailTo,
    alertEmailFrom: settings.alertEmailFrom,
    alertSmtpUrlSet: settings.alertSmtpUrl !== null,
    alertUnreachableMinutes: settings.alertUnreachableMinutes,
    alertQuietFrom: settings.alertQuietFrom,
    alertQuietTo: settings.alertQuietTo,
    alertQuietZone: settings.alertQuietZone,
    alertQuietExempt: settings.alertQuietExempt,
  }
}

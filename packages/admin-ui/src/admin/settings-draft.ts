/** What a person types on the settings page, and what of it is a change. */
import { type Signal, signal } from '@preact/signals'
import type { SettingsAnswer } from '@stockmesh/protocol/api'

export interface SettingsDraft {
  readonly name: Signal<string>
  readonly language: Signal<SettingsAnswer['language']>
  readonly buffer: Signal<string>
  readonly holdOwn: Signal<boolean>
  readonly holdMembers: Signal<boolean>
  readonly holdFrom: Signal<string>
  readonly webhookUrl: Signal<string>
  readonly webhookSecret: Signal<string>
  readonly webhookSecretRemoved: Signal<boolean>
  readonly emailTo: Signal<string>
  readonly emailFrom: Signal<string>
  readonly smtpUrl: Signal<string>
  readonly smtpUrlRemoved: Signal<boolean>
  readonly minutes: Signal<string>
  readonly quietFrom: Signal<string>
  readonly quietTo: Signal<string>
  readonly quietExempt: Signal<SettingsAnswer['alertQuietExempt']>
}

/** The body of `PATCH /settings`: what is absent stays, null is the default. */
type SettingsChange = Readonly<Record<string, string | number | boolean | null>>

export function createDraft(settings: SettingsAnswer): SettingsDraft {
  return {
    name: signal(settings.name),
    language: signal(settings.language),
    buffer: signal(String(settings.buffer)),
    holdOwn: signal(settings.holdOwnChanges),
    holdMembers: signal(settings.holdMemberChanges),
    holdFrom: signal(String(settings.holdFromSkus)),
    webhookUrl: signal(settings.alertWebhookUrl ?? ''),
    webhookSecret: signal(''),
    webhookSecretRemoved: signal(false),
    emailTo: signal(settings.alertEmailTo ?? ''),
    emailFrom: signal(settings.alertEmailFrom ?? ''),
    smtpUrl: signal(''),
    smtpUrlRemoved: signal(false),
    minutes: signal(String(settings.alertUnreachableMinutes)),
    quietFrom: signal(settings.alertQuietFrom ?? ''),
    quietTo: signal(settings.alertQuietTo ?? ''),
    quietExempt: signal(settings.alertQuietExempt),
  }
}

export function settingsChange(draft: SettingsDraft, settings: SettingsAnswer): SettingsChange {
  return {
    ...changed('name', draft.name, settings.name),
    ...(draft.language.value === settings.language ? {} : { language: draft.language.value }),
    ...changedNumber('buffer', draft.buffer, settings.buffer),
    ...changedSwitch('holdOwnChanges', draft.holdOwn, settings.holdOwnChanges),
    ...changedSwitch('holdMemberChanges', draft.holdMembers, settings.holdMemberChanges),
    ...changedNumber('holdFromSkus', draft.holdFrom, settings.holdFromSkus),
    ...changed('alertWebhookUrl', draft.webhookUrl, settings.alertWebhookUrl),
    ...changedSecret('alertWebhookSecret', draft.webhookSecret, draft.webhookSecretRemoved),
    ...changed('alertEmailTo', draft.emailTo, settings.alertEmailTo),
    ...changed('alertEmailFrom', draft.emailFrom, settings.alertEmailFrom),
    ...changedSecret('alertSmtpUrl', draft.smtpUrl, draft.smtpUrlRemoved),
    ...changedNumber('alertUnreachableMinutes', draft.minutes, settings.alertUnreachableMinutes),
    ...changedQuietHours(draft, settings),
  }
}

/** The hours are those of the clock where they are typed. */
function changedQuietHours(draft: SettingsDraft, settings: SettingsAnswer): SettingsChange {
  const times = {
    ...changed('alertQuietFrom', draft.quietFrom, settings.alertQuietFrom),
    ...changed('alertQuietTo', draft.quietTo, settings.alertQuietTo),
  }
  return {
    ...times,
    ...(Object.keys(times).length === 0
      ? {}
      : { alertQuietZone: new Intl.DateTimeFormat().resolvedOptions().timeZone }),
    ...(draft.quietExempt.value === settings.alertQuietExempt ? {} : { alertQuietExempt: draft.quietExempt.value }),
  }
}

function changed(name: string, typed: Signal<string>, before: string | null): SettingsChange {
  const trimmed = typed.value.trim()
  return trimmed === (before ?? '') ? {} : { [name]: trimmed === '' ? null : trimmed }
}

function changedNumber(name: string, typed: Signal<string>, before: number): SettingsChange {
  const trimmed = typed.value.trim()
  return trimmed === String(before) ? {} : { [name]: trimmed === '' ? null : Number(trimmed) }
}

function changedSecret(name: string, typed: Signal<string>, isRemoved: Signal<boolean>): SettingsChange {
  if (typed.value !== '') {
    return { [name]: typed.value }
  }
  return isRemoved.value ? { [name]: null } : {}
}

function changedSwitch(name: string, typed: Signal<boolean>, value: boolean): SettingsChange {
  return typed.value === value ? {} : { [name]: typed.value }
}

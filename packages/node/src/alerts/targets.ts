/**
 * Where alerts go, by the settings as they are now: a webhook, an e-mail address, both or neither.
 */
import { failure, type Result } from '@stockmesh/protocol'
import type { NodeSettings } from '../settings/settings.ts'
import type { AlertMessage } from './alert-message.ts'
import { sendEmail } from './email.ts'
import { sendWebhook } from './webhook.ts'

export type TargetName = 'webhook' | 'email'

export interface AlertTarget {
  readonly name: TargetName
  /** Delivered, or a code and a sentence without secrets. `now`: milliseconds since 1970. */
  send(message: AlertMessage, now: number, signal: AbortSignal): Promise<Result<void>>
}

export function targetsOf(settings: NodeSettings): readonly AlertTarget[] {
  const { alertWebhookUrl: url, alertWebhookSecret: secret, alertSmtpUrl: smtpUrl, alertEmailTo: to } = settings
  const targets: AlertTarget[] = []
  if (url !== null) {
    targets.push({
      name: 'webhook',
      send: (message, now, signal) => sendWebhook({ url, secret }, message, now, signal),
    })
  }
  if (smtpUrl !== null && to !== null) {
    const email = { smtpUrl, to, from: settings.alertEmailFrom ?? to }
    targets.push({ name: 'email', send: (message, _now, signal) => sendEmail(email, message, signal) })
  }
  return targets
}

/** What a target throws is a delivery that failed, like any other. Code beside its own: `target-invalid`. */
export async function deliver(
  target: AlertTarget,
  message: AlertMessage,
  now: number,
  signal: AbortSignal,
): Promise<Result<void>> {
  try {
    return await target.send(message, now, signal)
  } catch {
    return failure('target-invalid', 'The address that alerts are sent to cannot be used.')
  }
}

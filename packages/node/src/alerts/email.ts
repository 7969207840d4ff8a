/**
 * An alert as an e-mail over the merchant's own mail server. What the server answers may hold addresses and more, so
 * only a sentence of ours is kept of it.
 */
import { failure, type Result, success } from '@stockmesh/protocol'
import type { AlertMessage } from './alert-message.ts'
import { deliveryMsMax } from './limits.ts'
import { findTarget } from './reach.ts'

export interface EmailTarget {
  /** smtp:// or smtps://, with user and password. */
  readonly smtpUrl: string
  readonly from: string
  readonly to: string
}

const sentences: Readonly<Record<string, string>> = {
  EAUTH: 'The mail server does not accept the user or the password.',
  EENVELOPE: 'The mail server does not accept the sender or the recipient.',
  EMESSAGE: 'The mail server does not take the message.',
}

/** Codes: `address-refused`, `target-unreachable`, `target-refused`. */
export async function sendEmail(
  { smtpUrl, from, to }: EmailTarget,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<Result<void>> {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const found = await findTarget(url.hostname)
  if (!found.ok) return found
  const { address, isPublic, servername } = found.value
  // Most nodes send no mail, and need not load what does.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    host: address,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // Over smtp:// a public server must offer STARTTLS before it is told anything.
    requireTLS: isPublic && !secure,
    ...(servername === null ? {} : { tls: { servername } }),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: deliveryMsMax,
    greetingTimeout: deliveryMsMax,
    socketTimeout: deliveryMsMax,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const close = (): void => transport.close()
  signal.addEventListener('abort', close)
  try {
    const { subject, text, id } = message
    await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${domainOf(from)}>` })
    return success(undefined)
  } catch (error) {
    const code = (error as { code?: unknown }).code
    const sentence = typeof code === 'string' ? sentences[code] : undefined
    if (sentence !== undefined) return failure('target-refused', sentence)
    return failure('target-unreachable', 'The mail server does not answer.')
  } finally {
    signal.removeEventListener('abort', close)
    transport.close()
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '')
}

/**
 * An alert as a POST with a JSON body and, where a secret is set, the signature
 * `Stockmesh-Signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over "t.body">`. No redirects; the answer is its
 * status and nothing else.
 */
import { createHmac } from 'node:crypto'
import { request as requestPlain } from 'node:http'
import { request as requestEncrypted } from 'node:https'
import { failure, type Result, success } from '@stockmesh/protocol'
import type { AlertMessage } from './alert-message.ts'
import { deliveryMsMax } from './limits.ts'
import { findTarget, notEncrypted } from './reach.ts'

export interface WebhookTarget {
  readonly url: string
  readonly secret: string | null
}

const unreachable = failure('target-unreachable', 'The webhook does not answer.')

/** Codes: `address-refused`, `target-not-encrypted`, `target-unreachable`, `target-refused`. `now`: ms since 1970. */
export async function sendWebhook(
  { url, secret }: WebhookTarget,
  message: AlertMessage,
  now: number,
  signal: AbortSignal,
): Promise<Result<void>> {
  const target = new URL(url)
  const isEncrypted = target.protocol === 'https:'
  const found = await findTarget(target.hostname)
  if (!found.ok) return found
  const { address, isPublic, servername } = found.value
  if (isPublic && !isEncrypted) return notEncrypted
  const body = JSON.stringify(message)
  const headers = {
    host: target.host,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Stockmesh',
    'idempotency-key': message.id,
    ...(secret === null ? {} : { 'stockmesh-signature': signatureOf(secret, Math.floor(now / 1_000), body) }),
  }
  return await new Promise((resolve) => {
    const request = (isEncrypted ? requestEncrypted : requestPlain)(
      {
        host: address,
        port: target.port === '' ? (isEncrypted ? 443 : 80) : Number(target.port),
        path: `${target.pathname}${target.search}`,
        method: 'POST',
        headers,
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(deliveryMsMax)]),
        ...(servername === null ? {} : { servername }),
      },
      (response) => {
        const { statusCode = 0 } = response
        response.destroy()
        const isTaken = statusCode >= 200 && statusCode < 300
        resolve(isTaken ? success(undefined) : failure('target-refused', `The webhook answers with ${statusCode}.`))
      },
    )
    request.on('error', () => resolve(unreachable))
    request.end(body)
  })
}

function signatureOf(secret: string, seconds: number, body: string): string {
  const hash = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${hash}`
}

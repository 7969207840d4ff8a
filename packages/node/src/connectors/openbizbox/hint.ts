/**
 * Whether a webhook is the shop's own: `X-OBB-SIGNATURE` is the hex of HMAC-SHA256 over the body's bytes. The signature
 * does not cover the time in `X-OBB-CREATED-AT`, so the window only keeps out what is old; a hint that is sent again
 * makes the shop be read once more and nothing else.
 */
import { hasSigned } from '../body-signature.ts'
import type { HintVerdict, ShopHint } from '../platform.ts'
import { hintAgeMsMax, retriedHintAgeMsMax } from './limits.ts'

export function checkHint(secret: string | null, { body, headers, now }: ShopHint): HintVerdict {
  const signature = headers['x-obb-signature'] ?? ''
  if (secret === null || !hasSigned(secret, body, signature)) return 'signature-invalid'
  const ageMsMax = Number(headers['x-obb-retry'] ?? 0) > 0 ? retriedHintAgeMsMax : hintAgeMsMax
  return isRecent(headers['x-obb-created-at'], now, ageMsMax) ? 'hint' : 'signature-invalid'
}

/** The time has no zone: it is the time of day in Denmark, where the platform is at home, or UTC. */
function isRecent(text: string | undefined, now: number, ageMsMax: number): boolean {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,9})?$/.exec(text ?? '')
  if (match === null) return false
  const written = Date.parse(`${match[1]}T${match[2]}Z`)
  return [0, danishOffsetMs(now)].some((offsetMs) => {
    const age = now - (written - offsetMs)
    return age >= -hintAgeMsMax && age <= ageMsMax
  })
}

function danishOffsetMs(now: number): number {
  const local = new Date(now).toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' })
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(now / 1_000) * 1_000
}

/**
 * Who dials: read passively from the first bytes of a connection between two nodes. The first WebSocket frame of a
 * dialer is a challenge with its public key, and the shop id is a hash of that key. The HTTP request before the frame
 * may pass at once, because the dialer sends the frame only after it was answered.
 */
import { decodeMessage, shopIdOfKey } from '@stockmesh/protocol'

export type Identity =
  /** More bytes are needed; the first `mayPass` of them may go on meanwhile. */
  | { readonly state: 'unknown'; readonly mayPass: number }
  /** null: not a connection between nodes. */
  | { readonly state: 'known'; readonly dialer: string | null }

export type Identify = (bytes: Buffer) => Identity

/** A connection between nodes whose first frame is not a readable challenge: it cannot be cut by its dialer. */
export const unreadableDialer = 'unreadable'

const headBytesMax = 16 * 1024
const headEnd = Buffer.from('\r\n\r\n')
const known = (dialer: string | null): Identity => ({ state: 'known', dialer })

export function identifyDialer(bytes: Buffer): Identity {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return bytes.length > headBytesMax ? known(null) : { state: 'unknown', mayPass: bytes.length }
  if (!bytes.subarray(0, end).toString('latin1').startsWith('GET /sync/')) return known(null)
  const start = end + headEnd.length
  const frame = readFrame(bytes.subarray(start))
  if (frame === 'incomplete') return { state: 'unknown', mayPass: start }
  if (frame === 'unreadable') return known(unreadableDialer)
  const message = decodeMessage(frame)
  return known(message.ok && message.value.type === 'challenge' ? shopIdOfKey(message.value.key) : unreadableDialer)
}

/** The content of a masked, whole binary frame without extensions (RFC 6455, 5.2). */
function readFrame(bytes: Buffer): Uint8Array | 'incomplete' | 'unreadable' {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return 'incomplete'
  if (first !== 0x82 || (second & 0x80) === 0) return 'unreadable'
  const short = second & 0x7f
  if (short === 127) return 'unreadable'
  const maskStart = short === 126 ? 4 : 2
  if (bytes.length < maskStart) return 'incomplete'
  const length = short === 126 ? bytes.readUInt16BE(2) : short
  const start = maskStart + 4
  if (bytes.length < start + length) return 'incomplete'
  const mask = bytes.subarray(maskStart, start)
  return bytes.subarray(start, start + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
}

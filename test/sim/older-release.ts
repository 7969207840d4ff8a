/**
 * What a release without history makes of the wire: it does not say that it answers questions about history, sends
 * no movements along with records, and does not know what a question about them is.
 */
import { decodeMessage, encodeMessage } from '@stockmesh/protocol'

/** A frame as it is where one end is of the older release; null if it does not come through. */
export function asOlder(bytes: Uint8Array): Uint8Array | null {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) return bytes
  const message = decoded.value
  switch (message.type) {
    case 'hello':
      return withoutLastField(encodeMessage({ ...message, history: false }))
    case 'chunk':
      return withoutLastField(encodeMessage({ ...message, history: null }))
    case 'history-want':
    case 'history':
      return null
    default:
      return bytes
  }
}

/** The field came with history, as one byte at the end. */
function withoutLastField(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, -1)
}

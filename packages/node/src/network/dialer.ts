/**
 * Opens WebSockets to other nodes through the address guard: no redirects, no shared connections, the checked address
 * is the dialed one. A dial ends in an open socket or in a code, within the time a handshake may take.
 */
import { failure, limits, type Result, success } from '@stockmesh/protocol'
import { WebSocket } from 'ws'
import {
  AddressRefusedError,
  type AllowsPrivate,
  checkAddress,
  checkUrl,
  guardedLookup,
  placeOf,
} from './address-guard.ts'
import type { Dial } from './socket.ts'

/** Codes: those of the guard, `dial-limit` and `unreachable`. */
export function createDial(allowsPrivate: AllowsPrivate): Dial {
  return async (url, limiter, signal) => {
    const checked = checkUrl(url, allowsPrivate())
    if (!checked.ok) return checked
    const admitted = limiter.admit(placeOf(checked.value))
    if (!admitted.ok) return admitted
    return signal.aborted ? unreachableFailure : await openSocket(checked.value, allowsPrivate(), signal)
  }
}

async function openSocket(url: URL, allowsPrivate: boolean, signal: AbortSignal): Promise<Result<WebSocket>> {
  const socket = new WebSocket(url, {
    lookup: guardedLookup(allowsPrivate),
    agent: false,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: limits.channelFrameBytesMax,
    handshakeTimeout: limits.handshakeMsMax,
  })
  socket.binaryType = 'nodebuffer'
  return await new Promise((resolve) => {
    const giveUp = (): void => {
      socket.terminate()
      resolve(unreachableFailure)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    let reached: Result<string> = unreachableFailure
    socket.once('upgrade', (response) => {
      // The second look, at the address that the socket is really connected to.
      reached = checkAddress(response.socket.remoteAddress ?? '', allowsPrivate)
    })
    // The other end is silent until it is spoken to, so nothing is missed before the caller listens.
    socket.once('open', () => {
      signal.removeEventListener('abort', giveUp)
      if (!reached.ok) socket.terminate()
      resolve(reached.ok ? success(socket) : reached)
    })
    socket.on('error', (error) => {
      signal.removeEventListener('abort', giveUp)
      resolve(error instanceof AddressRefusedError ? failure(error.code, error.message) : unreachableFailure)
    })
  })
}

// One answer for everything behind an address, so that a dial tells nothing about a network it cannot use.
const unreachableFailure = failure('unreachable', 'Nothing answers at this address.')

/**
 * A call to the node of another shop that does not count this one among its members: a dial with its handshake, in which
 * both prove their keys. What is said then is the caller's.
 */
import { type Party, type ProvenPeer, type Result, failure, success } from '@stockmesh/protocol'
import type { Random, Timers } from '../ports.ts'
import { type DialLimiter, placeOf } from './address-guard.ts'
import type { OpenChannel } from './channel.ts'
import { Session, type SessionEvents } from './session.ts'
import type { Dial } from './socket.ts'

export interface JoinCallParts {
  readonly party: Party
  readonly timers: Timers
  readonly random: Random
  readonly dial: Dial
  readonly openChannel: OpenChannel
  readonly limiter: DialLimiter
}

/** Whoever answered, and with which key. */
export interface Contact {
  readonly session: Session
  readonly proven: ProvenPeer
  readonly url: string
}

/** An open session whose key is proved, or why not. `expected`: the key that must answer; null for any. */
export async function callShop(
  { party, timers, random, dial, openChannel, limiter }: JoinCallParts,
  { url, expected }: { readonly url: string; readonly expected: Uint8Array | null },
  events: Pick<SessionEvents, 'onMessage' | 'onClose'>,
  signal: AbortSignal,
): Promise<Result<Contact>> {
  const dialed = await dial(url, limiter, signal)
  if (!dialed.ok) return dialed
  return await new Promise((resolve) => {
    const opening = { role: 'dialer', purpose: 'join', expected } as const
    const withdraw = (): void => session.close('join-closed', 'The request was withdrawn.')
    const session: Session = new Session(
      dialed.value,
      opening,
      party,
      { timers, random, openChannel },
      {
        onOpen: (opened, proven) => {
          limiter.trust(placeOf(new URL(url)))
          resolve(success({ session: opened, proven, url }))
        },
        onMessage: (from, message) => events.onMessage(from, message),
        onClose: (closed, code, text) => {
          // The signal outlives the session: a request is dialed for again and again.
          signal.removeEventListener('abort', withdraw)
          resolve(failure(code, text))
          events.onClose(closed, code, text)
        },
      },
    )
    signal.addEventListener('abort', withdraw, { once: true })
    if (signal.aborted) withdraw()
  })
}

/**
 * Who is at the other end of a socket: both sides show a key and a nonce, and sign both.
 *
 *   dialer     challenged --challenge/proof--> proving --proof--> open
 *   acceptor   waiting ----challenge/challenge, proof--> proving --proof--> open
 *   any state  --bye, or anything that does not fit--> closed
 *
 * A signature covers role, purpose, network, both keys, both nonces, what else the challenges say, and the binding of
 * the channel that carries them: it is of no use in another handshake, nor to somebody between two channels.
 */
import { createWriter, finish, writeByte, writeFixed, writeText, writeUint } from './bytes.ts'
import { equalBytes } from './digest.ts'
import { encodeNetworkId, type NetworkId, type ShopId, shopIdOfKey } from './ids.ts'
import type { Sign, Verify } from './membership-record.ts'
import { unreachable } from './result.ts'
import { type Bye, type Challenge, type Message, type Proof, type UnknownMessage, wireMajor } from './wire.ts'

export type Purpose = Challenge['purpose']

/** One end of a handshake: what it is and whom it lets in. */
export interface Party {
  readonly key: Uint8Array
  /** null while this node is in no network. */
  readonly network: NetworkId | null
  readonly processId: Uint8Array
  readonly sign: Sign
  readonly verify: Verify
  isMember(key: Uint8Array): boolean
  /** Sessions with this key's shop that this process has lost so far. */
  losses(key: Uint8Array): number
}

export interface ProvenPeer {
  readonly shopId: ShopId
  readonly key: Uint8Array
  readonly purpose: Purpose
  readonly processId: Uint8Array
  /** Losses of both ends together: of two sessions of the same processes the one with more is the later. */
  readonly losses: number
}

export type HandshakeState =
  | { readonly at: 'waiting'; readonly nonce: Uint8Array; readonly binding: Uint8Array }
  | {
      readonly at: 'challenged'
      readonly own: Challenge
      readonly expected: Uint8Array | null
      readonly binding: Uint8Array
    }
  | {
      readonly at: 'proving'
      readonly role: Role
      readonly own: Challenge
      readonly theirs: Challenge
      readonly binding: Uint8Array
    }
  | { readonly at: 'open'; readonly peer: ProvenPeer }
  | { readonly at: 'closed'; readonly code: string; readonly text: string }

type Role = 'dialer' | 'acceptor'

export interface HandshakeStep {
  readonly state: HandshakeState
  readonly outputs: readonly (Challenge | Proof | Bye)[]
}

export type HandshakeCode =
  | 'wire-major'
  | 'other-network'
  | 'other-purpose'
  | 'own-key'
  | 'other-shop'
  | 'not-a-member'
  | 'proof-invalid'
  | 'handshake-order'

const sentences: Readonly<Record<HandshakeCode, string>> = {
  'wire-major': 'The two shops run releases that do not understand each other. Update the older one.',
  'other-network': 'The other shop is not in the same network.',
  'other-purpose': 'The other node answered a question that was not asked.',
  'own-key': 'This address leads back to the same shop. Use the address of the other shop.',
  'other-shop': 'Another shop than the expected one answers at this address. Cancel the request and ask again.',
  'not-a-member': 'The shop is not a member of this network.',
  'proof-invalid': 'The other node could not prove that it is the shop it says it is.',
  'handshake-order': 'The other node sent something before it had said who it is.',
}

/**
 * `expected` is the key that must answer; null when any may (the first call of a join). `binding` is what only the two
 * ends of the channel share.
 */
export function startDialing(
  party: Party,
  purpose: Purpose,
  nonce: Uint8Array,
  expected: Uint8Array | null,
  binding: Uint8Array,
): HandshakeStep {
  const own = challengeOf(party, purpose, nonce, expected)
  return { state: { at: 'challenged', own, expected, binding }, outputs: [own] }
}

export function startAccepting(nonce: Uint8Array, binding: Uint8Array): HandshakeState {
  return { at: 'waiting', nonce, binding }
}

/** Takes any message of the peer; after `open` and `closed` nothing changes any more. */
export function stepHandshake(party: Party, state: HandshakeState, message: Message | UnknownMessage): HandshakeStep {
  if (state.at === 'open' || state.at === 'closed' || message.type === 'unknown') return { state, outputs: [] }
  if (message.type === 'bye') {
    return { state: { at: 'closed', code: message.code, text: message.text }, outputs: [] }
  }
  switch (state.at) {
    case 'waiting': {
      if (message.type !== 'challenge') return close('handshake-order')
      const own = challengeOf(party, message.purpose, state.nonce, message.key)
      const code = judgeChallenge(party, own, message, null)
      if (code !== null) return close(code)
      return prove(party, 'acceptor', own, message, state.binding, [own])
    }
    case 'challenged': {
      if (message.type !== 'challenge') return close('handshake-order')
      const code = judgeChallenge(party, state.own, message, state.expected)
      if (code !== null) return close(code)
      return prove(party, 'dialer', state.own, message, state.binding, [])
    }
    case 'proving': {
      if (message.type !== 'proof') return close('handshake-order')
      const { role, own, theirs, binding } = state
      const transcript =
        role === 'dialer'
          ? transcriptOf('acceptor', own, theirs, binding)
          : transcriptOf('dialer', theirs, own, binding)
      if (!party.verify(theirs.key, transcript, message.signature)) return close('proof-invalid')
      const { key, purpose, processId } = theirs
      const peer = { shopId: shopIdOfKey(key), key, purpose, processId, losses: own.losses + theirs.losses }
      return { state: { at: 'open', peer }, outputs: [] }
    }
    default:
      return unreachable(state)
  }
}

function challengeOf(party: Party, purpose: Purpose, nonce: Uint8Array, peerKey: Uint8Array | null): Challenge {
  return {
    type: 'challenge',
    major: wireMajor,
    purpose,
    network: purpose === 'member' ? party.network : null,
    key: party.key,
    nonce,
    processId: party.processId,
    losses: peerKey === null ? 0 : party.losses(peerKey),
  }
}

function judgeChallenge(
  party: Party,
  own: Challenge,
  theirs: Challenge,
  expected: Uint8Array | null,
): HandshakeCode | null {
  if (theirs.major !== wireMajor) return 'wire-major'
  if (equalBytes(theirs.key, party.key)) return 'own-key'
  if (theirs.purpose !== own.purpose) return 'other-purpose'
  if (theirs.purpose === 'member') {
    if (own.network === null || theirs.network !== own.network) return 'other-network'
    if (!party.isMember(theirs.key)) return 'not-a-member'
  }
  if (expected !== null && !equalBytes(theirs.key, expected)) return 'other-shop'
  return null
}

function prove(
  party: Party,
  role: Role,
  own: Challenge,
  theirs: Challenge,
  binding: Uint8Array,
  before: readonly Challenge[],
): HandshakeStep {
  const transcript =
    role === 'dialer' ? transcriptOf(role, own, theirs, binding) : transcriptOf(role, theirs, own, binding)
  const proof: Proof = { type: 'proof', signature: party.sign(transcript) }
  return { state: { at: 'proving', role, own, theirs, binding }, outputs: [...before, proof] }
}

function transcriptOf(signer: Role, dialer: Challenge, acceptor: Challenge, binding: Uint8Array): Uint8Array {
  const writer = createWriter()
  writeText(writer, 'stockmesh handshake 2')
  writeByte(writer, signer === 'dialer' ? 1 : 2)
  writeFixed(writer, binding)
  for (const challenge of [dialer, acceptor]) {
    writeUint(writer, challenge.major)
    writeByte(writer, challenge.purpose === 'member' ? 1 : 2)
    writeFixed(writer, challenge.network === null ? new Uint8Array(32) : encodeNetworkId(challenge.network))
    writeFixed(writer, challenge.key)
    writeFixed(writer, challenge.nonce)
    writeFixed(writer, challenge.processId)
    writeUint(writer, challenge.losses)
  }
  return finish(writer)
}

function close(code: HandshakeCode): HandshakeStep {
  const text = sentences[code]
  return { state: { at: 'closed', code, text }, outputs: [{ type: 'bye', code, text }] }
}

/**
 * How a shop asks to become a member, as seen from both sides. The joiner commits to a nonce, the member shows its
 * own, then the joiner reveals: a man in the middle has one guess at the code that two people compare.
 *
 *   joiner   sent --seen by the member--> seen --> accepted | refused | expired
 *   member   held --reveal--> seen --> accepted | refused | expired
 *
 * `held` is a request without its reveal; it is shown to nobody. Accepted, refused and expired are final.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { base32nopad } from '@scure/base'
import type { JoinState } from './api.ts'
import { createWriter, finish, writeFixed, writeText } from './bytes.ts'
import { equalBytes } from './digest.ts'
import { joinRequestMsMax, joinRequestsMax } from './limits.ts'
import type { Sign, Verify } from './membership-record.ts'
import { failure, type Failure, type Result, success } from './result.ts'
import type { JoinRequest, JoinSeen, JoinStateMessage } from './wire.ts'

/** What both sides know of a request, nonces apart. Ids are in hex, times in milliseconds since 1970. */
interface Asking {
  readonly id: string
  readonly code: string | null
  readonly at: number
}

/** The joiner's own request. */
export interface OwnJoinRequest extends Asking {
  readonly memberKey: Uint8Array
  /** Where the joiner is reached, and its name, as the request says them. */
  readonly ownUrl: string
  readonly ownName: string
  /** nE, shown to the member only after its nM. */
  readonly nonce: Uint8Array
  readonly state: JoinState
  /** What the last try met, as a sentence; null when all is well. */
  readonly error: string | null
  /** Its stable code; null with `error`, and where the other shop gave a sentence alone. */
  readonly errorCode: string | null
}

/** A request that this member holds. */
export interface HeldJoinRequest extends Asking {
  readonly joinerKey: Uint8Array
  readonly url: string
  readonly name: string
  readonly commitment: Uint8Array
  /** nM, made once for the request, so that repeating it never gives a second guess. */
  readonly nonce: Uint8Array
  readonly state: 'held' | 'seen' | 'accepted' | 'refused' | 'expired'
}

export function joinRequestId(joinerKey: Uint8Array, memberKey: Uint8Array, commitment: Uint8Array): Uint8Array {
  return sha256(concatBytes(joinerKey, memberKey, commitment)).slice(0, 16)
}

export function commitTo(nonce: Uint8Array): Uint8Array {
  return sha256(nonce)
}

/** The first 40 bits of SHA-256(keyE, keyM, nE, nM) as XXXX-XXXX. */
export function joinCode(
  joinerKey: Uint8Array,
  memberKey: Uint8Array,
  joinerNonce: Uint8Array,
  memberNonce: Uint8Array,
): string {
  const hash = sha256(concatBytes(joinerKey, memberKey, joinerNonce, memberNonce))
  const text = base32nopad.encode(hash.slice(0, 5))
  return `${text.slice(0, 4)}-${text.slice(4)}`
}

/** As a person compares them: without spaces, hyphens and case. */
export function equalJoinCodes(a: string, b: string): boolean {
  return plainCode(a) === plainCode(b)
}

function plainCode(code: string): string {
  return code.replace(/[\s\p{Pd}]/gu, '').toUpperCase()
}

/** A new request to the member whose key was proved in the handshake. */
export function createJoinRequest(
  joinerKey: Uint8Array,
  memberKey: Uint8Array,
  about: { readonly ownUrl: string; readonly ownName: string },
  nonce: Uint8Array,
  now: number,
): OwnJoinRequest {
  const id = bytesToHex(joinRequestId(joinerKey, memberKey, commitTo(nonce)))
  return { id, code: null, at: now, memberKey, ...about, nonce, state: 'sent', error: null, errorCode: null }
}

export function joinRequestMessage(request: OwnJoinRequest, joinerKey: Uint8Array, sign: Sign): JoinRequest {
  const commitment = commitTo(request.nonce)
  const { ownUrl: address, ownName: name } = request
  const signature = sign(requestBytes(joinerKey, request.memberKey, address, name, commitment))
  return { type: 'join-request', address, name, commitment, signature }
}

function requestBytes(
  joinerKey: Uint8Array,
  memberKey: Uint8Array,
  address: string,
  name: string,
  commitment: Uint8Array,
): Uint8Array {
  const writer = createWriter()
  writeText(writer, 'stockmesh join request 1')
  writeFixed(writer, joinerKey)
  writeFixed(writer, memberKey)
  writeText(writer, address)
  writeText(writer, name)
  writeFixed(writer, commitment)
  return finish(writer)
}

/** The joiner learns nM: the code is known now, and shown once the member has confirmed the reveal. */
export function receiveJoinSeen(
  request: OwnJoinRequest,
  joinerKey: Uint8Array,
  message: JoinSeen,
): Result<OwnJoinRequest> {
  if (bytesToHex(message.id) !== request.id) return failure('join-unknown', 'The answer is about another join request.')
  const code = joinCode(joinerKey, request.memberKey, request.nonce, message.nonce)
  if (request.code !== null && request.code !== code) {
    return failure('join-changed', 'The other shop changed its side of the code. Cancel the request and ask again.')
  }
  return success({ ...request, code })
}

/**
 * The joiner hears how its request stands. `accepted` is believed only with a code: a member that never answered the
 * request has nothing to accept.
 */
export function receiveJoinState(request: OwnJoinRequest, message: JoinStateMessage): Result<OwnJoinRequest> {
  if (isDecided(request.state)) return success(request)
  switch (message.state) {
    case 'sent':
      return success(request)
    case 'seen':
    case 'accepted':
      if (request.code === null) return failure('join-order', 'The other shop answered before the code was agreed.')
      return success({ ...request, state: message.state, error: null, errorCode: null })
    case 'refused':
    case 'expired':
      return success({
        ...request,
        state: message.state,
        error: message.text === '' ? null : message.text,
        errorCode: null,
      })
  }
}

/** Open requests expire; a clock that was set back does not bring one back. */
export function expireJoinRequest<T extends OwnJoinRequest | HeldJoinRequest>(request: T, now: number): T {
  if (isDecided(request.state) || now - request.at < joinRequestMsMax) return request
  return { ...request, state: 'expired' }
}

export function isDecided(state: HeldJoinRequest['state'] | JoinState): boolean {
  return state === 'accepted' || state === 'refused' || state === 'expired'
}

/**
 * The member holds a request. The same request again is the same entry; a new one of the same key takes the place of
 * the open one before it, which expires. Answers the request and the entries that change with it.
 */
export function receiveJoinRequest(
  held: readonly HeldJoinRequest[],
  message: JoinRequest,
  keys: { readonly joiner: Uint8Array; readonly member: Uint8Array },
  nonce: Uint8Array,
  now: number,
  verify: Verify,
): Result<{ readonly request: HeldJoinRequest; readonly changed: readonly HeldJoinRequest[] }> {
  const { address, name, commitment, signature } = message
  if (!verify(keys.joiner, requestBytes(keys.joiner, keys.member, address, name, commitment), signature)) {
    return failure('join-invalid', 'The join request is not signed by the shop that sent it.')
  }
  const id = bytesToHex(joinRequestId(keys.joiner, keys.member, commitment))
  const same = held.find((request) => request.id === id)
  if (same !== undefined) return success({ request: same, changed: [] })
  const open = held.filter((request) => !isDecided(request.state))
  const replaced = open.filter((request) => equalBytes(request.joinerKey, keys.joiner))
  if (open.length - replaced.length >= joinRequestsMax) {
    return failure('too-many-requests', 'The other shop has too many open join requests. Ask its owner to answer some.')
  }
  const request: HeldJoinRequest = {
    id,
    code: null,
    at: now,
    joinerKey: keys.joiner,
    url: address,
    name,
    commitment,
    nonce,
    state: 'held',
  }
  return success({
    request,
    changed: [...replaced.map((old): HeldJoinRequest => ({ ...old, state: 'expired' })), request],
  })
}

/** The member learns nE, which must be what the joiner committed to. */
export function receiveJoinReveal(
  request: HeldJoinRequest,
  memberKey: Uint8Array,
  joinerNonce: Uint8Array,
): Result<HeldJoinRequest> {
  if (!equalBytes(commitTo(joinerNonce), request.commitment)) {
    return failure('join-invalid', 'The join request does not match what it announced.')
  }
  if (request.state !== 'held') return success(request)
  const code = joinCode(request.joinerKey, memberKey, joinerNonce, request.nonce)
  return success({ ...request, code, state: 'seen' })
}

/**
 * Accepting means that two people found the codes equal. Repeating it gives the same answer. `hasNumbers`: the joiner
 * has where to take its numbers from.
 */
export function acceptJoinRequest(
  request: HeldJoinRequest,
  typedCode: string,
  hasNumbers: boolean,
): Result<HeldJoinRequest> {
  const closed = closedFailure(request, 'accepted')
  if (closed !== null) return closed
  if (request.code === null || !equalJoinCodes(request.code, typedCode)) {
    return failure('code-mismatch', 'The code is not the one on the other shop’s page. Compare them, or refuse.')
  }
  if (request.state === 'accepted') return success(request)
  if (!hasNumbers) return failure('import-first', 'Import this shop first: the other shop takes its numbers from here.')
  return success({ ...request, state: 'accepted' })
}

export function refuseJoinRequest(request: HeldJoinRequest): Result<HeldJoinRequest> {
  return closedFailure(request, 'refused') ?? success({ ...request, state: 'refused' })
}

function closedFailure(request: HeldJoinRequest, allowed: 'accepted' | 'refused'): Failure | null {
  if (request.state === 'held') return failure('request-unknown', 'There is no such join request.')
  if (!isDecided(request.state) || request.state === allowed) return null
  return failure('request-closed', `This join request is ${request.state} already.`)
}

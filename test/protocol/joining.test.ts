/**
 * Join requests as both sides see them, in pure steps. Signatures are a stand-in: SHA-512 over key and bytes.
 */
import {
  acceptJoinRequest,
  createJoinRequest,
  equalJoinCodes,
  expireJoinRequest,
  type HeldJoinRequest,
  joinCode,
  joinRequestMessage,
  type JoinRequest,
  receiveJoinRequest,
  receiveJoinReveal,
  receiveJoinSeen,
  receiveJoinState,
  refuseJoinRequest,
  type Result,
} from '@stockmesh/protocol'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const bytes = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())
const signature = (by: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(by).update(data).digest())
const verify = (by: Uint8Array, data: Uint8Array, given: Uint8Array): boolean =>
  Buffer.from(signature(by, data)).equals(given)
const joiner = bytes('joiner')
const member = bytes('member')
const week = 7 * 24 * 3_600_000

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.code)

function ask(nonce = 'nE', who = joiner): { own: ReturnType<typeof createJoinRequest>; message: JoinRequest } {
  const own = createJoinRequest(who, member, { ownUrl: 'http://e.test', ownName: 'E' }, bytes(nonce), 1_000)
  return { own, message: joinRequestMessage(own, who, (data) => signature(who, data)) }
}

function hold(
  held: readonly HeldJoinRequest[],
  message: JoinRequest,
  who = joiner,
): ReturnType<typeof receiveJoinRequest> {
  return receiveJoinRequest(held, message, { joiner: who, member }, bytes('nM'), 2_000, verify)
}

/** Both sides after the reveal. */
function agreed(): { own: ReturnType<typeof createJoinRequest>; held: HeldJoinRequest } {
  const { own, message } = ask()
  const { request } = value(hold([], message))
  const seen = { type: 'join-seen', id: Buffer.from(request.id, 'hex'), nonce: request.nonce, name: 'M' } as const
  return { own: value(receiveJoinSeen(own, joiner, seen)), held: value(receiveJoinReveal(request, member, own.nonce)) }
}

const state = (name: 'seen' | 'accepted' | 'refused', text = ''): Parameters<typeof receiveJoinState>[1] => ({
  type: 'join-state',
  state: name,
  code: '',
  text,
  network: null,
  records: [],
})

describe('join requests', () => {
  it('end in the same id and the same code of eight letters on both sides', () => {
    const { own, held } = agreed()
    expect(held.id).toBe(own.id)
    expect(held.code).toBe(own.code)
    expect(held.code).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}$/)
    expect(held.code).not.toBe(joinCode(joiner, bytes('man in the middle'), bytes('nE'), bytes('nM')))
  })

  it('compare codes without spaces, hyphens and case', () => {
    expect(equalJoinCodes('ABCD-2345', ' abcd 23–45 ')).toBe(true)
    expect(equalJoinCodes('ABCD-2345', 'ABCD-2346')).toBe(false)
    fc.assert(
      fc.property(fc.string(), (text) => equalJoinCodes(text, text.toLowerCase()) || text !== text.toUpperCase()),
    )
  })

  it('are one entry however often they are sent', () => {
    const { message } = ask()
    const first = value(hold([], message))
    const again = value(hold([first.request], message))
    expect(again.request).toBe(first.request)
    expect(again.changed).toEqual([])
  })

  it('replace the open request of the same shop, and are at most twenty', () => {
    const first = value(hold([], ask('one').message)).request
    const { changed } = value(hold([first], ask('two').message))
    expect(changed.map((each) => each.state)).toEqual(['expired', 'held'])
    const many = Array.from({ length: 20 }, (_, index) => {
      const who = bytes(`shop ${index}`)
      return value(hold([], ask('n', who).message, who)).request
    })
    expect(codeOf(hold(many, ask().message))).toBe('too-many-requests')
    const answered = many.map((each, index): HeldJoinRequest => (index === 0 ? { ...each, state: 'refused' } : each))
    expect(codeOf(hold(answered, ask().message))).toBe('ok')
  })

  it('need the joiner’s signature and the nonce it committed to', () => {
    const { message } = ask()
    expect(codeOf(hold([], { ...message, address: 'http://evil.test' }))).toBe('join-invalid')
    const { request } = value(hold([], message))
    expect(codeOf(receiveJoinReveal(request, member, bytes('another')))).toBe('join-invalid')
  })

  it('are accepted only with the code, and after the own import; again gives the same answer', () => {
    const { held } = agreed()
    expect(codeOf(acceptJoinRequest(held, 'AAAA-AAAA', true))).toBe('code-mismatch')
    expect(codeOf(acceptJoinRequest(held, held.code ?? '', false))).toBe('import-first')
    const accepted = value(acceptJoinRequest(held, held.code?.toLowerCase() ?? '', true))
    expect(accepted.state).toBe('accepted')
    expect(value(acceptJoinRequest(accepted, held.code ?? '', true))).toBe(accepted)
    expect(codeOf(refuseJoinRequest(accepted))).toBe('request-closed')
    const unrevealed = value(hold([], ask().message)).request
    expect(codeOf(acceptJoinRequest(unrevealed, '', true))).toBe('request-unknown')
  })

  it('move on at the joiner as the member says, and never back', () => {
    const { own } = agreed()
    expect(codeOf(receiveJoinState(ask().own, state('accepted')))).toBe('join-order')
    const seen = value(receiveJoinState(own, state('seen')))
    expect(seen.state).toBe('seen')
    const refused = value(receiveJoinState(seen, state('refused', 'No.')))
    expect(refused).toMatchObject({ state: 'refused', error: 'No.' })
    expect(value(receiveJoinState(refused, state('accepted'))).state).toBe('refused')
    const changed = { type: 'join-seen', id: Buffer.from(own.id, 'hex'), nonce: bytes('other'), name: 'M' } as const
    expect(codeOf(receiveJoinSeen(own, joiner, changed))).toBe('join-changed')
  })

  it('expire after seven days on both sides, unless they were answered', () => {
    const { own, held } = agreed()
    expect(expireJoinRequest(own, own.at + week - 1).state).toBe('sent')
    expect(expireJoinRequest(own, own.at + week).state).toBe('expired')
    expect(expireJoinRequest(held, held.at + week).state).toBe('expired')
    expect(expireJoinRequest({ ...held, state: 'accepted' as const }, held.at + week).state).toBe('accepted')
  })
})

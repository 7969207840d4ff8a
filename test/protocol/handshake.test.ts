/**
 * The handshake as a conversation between two pure ends. Signatures are a stand-in: SHA-512 over key and bytes.
 */
import {
  type HandshakeState,
  type Message,
  type NetworkId,
  type Party,
  type Purpose,
  shopIdOfKey,
  startAccepting,
  startDialing,
  stepHandshake,
  wireMajor,
} from '@stockmesh/protocol'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

const key = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())
const signature = (by: Uint8Array, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(by).update(bytes).digest())
const network = 'ab'.repeat(32) as NetworkId
const otherNetwork = 'cd'.repeat(32) as NetworkId

function party(name: string, changes: Partial<Party> = {}): Party {
  return {
    key: key(name),
    network,
    processId: new Uint8Array(16),
    sign: (bytes) => signature(key(name), bytes),
    verify: (by, bytes, given) => Buffer.from(signature(by, bytes)).equals(given),
    isMember: (who) => ['dk', 'se'].some((each) => Buffer.from(key(each)).equals(who)),
    losses: () => 1,
    ...changes,
  }
}

/** Delivers until both are silent; `tamper` may change what is on its way. */
function converse(
  dialer: Party,
  acceptor: Party,
  purpose: Purpose = 'member',
  tamper: (message: Message) => Message = (message) => message,
  expected: Uint8Array | null = null,
  bindings = { dialer: key('channel'), acceptor: key('channel') },
): { dialer: HandshakeState; acceptor: HandshakeState; log: string[] } {
  const start = startDialing(dialer, purpose, key('nonce d'), expected, bindings.dialer)
  const states = { dialer: start.state, acceptor: startAccepting(key('nonce a'), bindings.acceptor) }
  const log: string[] = []
  const queue = start.outputs.map((message) => ({
    to: 'acceptor' as 'dialer' | 'acceptor',
    message: message as Message,
  }))
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { to, message } = next
    log.push(`${to === 'dialer' ? '<-' : '->'} ${message.type}${message.type === 'bye' ? ` ${message.code}` : ''}`)
    const step = stepHandshake(to === 'dialer' ? dialer : acceptor, states[to], tamper(message))
    states[to] = step.state
    for (const output of step.outputs) queue.push({ to: to === 'dialer' ? 'acceptor' : 'dialer', message: output })
  }
  return { ...states, log }
}

const ends = (result: ReturnType<typeof converse>): unknown[] =>
  [result.dialer, result.acceptor].map((state) => (state.at === 'closed' ? state.code : state.at))

describe('handshake', () => {
  it('opens between two members and tells each who the other is', () => {
    const result = converse(party('dk'), party('se'), 'member', (message) => message, key('se'))
    expect(result.log).toMatchInlineSnapshot(`
      [
        "-> challenge",
        "<- challenge",
        "<- proof",
        "-> proof",
      ]
    `)
    expect(result.dialer).toMatchObject({ at: 'open', peer: { shopId: shopIdOfKey(key('se')), losses: 2 } })
    expect(result.acceptor).toMatchObject({ at: 'open', peer: { shopId: shopIdOfKey(key('dk')), losses: 2 } })
  })

  it('opens for any key that asks to join, and shows no network', () => {
    const alone = party('zz', { network: null, isMember: () => false })
    const seen: Message[] = []
    const result = converse(alone, party('se'), 'join', (message) => (seen.push(message), message))
    expect(ends(result)).toEqual(['open', 'open'])
    expect(seen.filter((message) => message.type === 'challenge' && message.network !== null)).toEqual([])
  })

  it('parts with a code from a stranger, another network, itself, another shop, and another major', () => {
    expect(ends(converse(party('zz'), party('se')))).toEqual(['not-a-member', 'not-a-member'])
    expect(ends(converse(party('dk', { network: otherNetwork }), party('se')))).toEqual([
      'other-network',
      'other-network',
    ])
    expect(ends(converse(party('dk', { network: null }), party('se')))).toEqual(['other-network', 'other-network'])
    expect(ends(converse(party('dk'), party('dk'), 'join'))).toEqual(['own-key', 'own-key'])
    expect(ends(converse(party('dk'), party('se'), 'member', (m) => m, key('no')))).toEqual([
      'other-shop',
      'other-shop',
    ])
    const newer = (message: Message): Message =>
      message.type === 'challenge' ? { ...message, major: wireMajor + 1 } : message
    expect(ends(converse(party('dk'), party('se'), 'member', newer))).toEqual(['wire-major', 'wire-major'])
  })

  it('refuses a proof by another key, and one over anything else than what both sides saw', () => {
    const liar = party('dk', { sign: (bytes) => signature(key('zz'), bytes) })
    expect(ends(converse(liar, party('se')))[1]).toBe('proof-invalid')
    for (const change of [{ nonce: key('x') }, { losses: 9 }, { processId: new Uint8Array(16).fill(1) }]) {
      const tamper = (message: Message): Message => (message.type === 'challenge' ? { ...message, ...change } : message)
      expect(ends(converse(party('dk'), party('se'), 'member', tamper))).toContain('proof-invalid')
    }
  })

  it('refuses proofs that somebody between two channels hands on', () => {
    const between = { dialer: key('channel with M'), acceptor: key('channel of M') }
    const honest = (message: Message): Message => message
    expect(ends(converse(party('dk'), party('se'), 'member', honest, key('se'), between))).toContain('proof-invalid')
    expect(ends(converse(party('zz'), party('se'), 'join', honest, null, between))).toContain('proof-invalid')
  })

  it('does not take its own proof back as the other side’s', () => {
    const dialer = party('dk')
    const start = startDialing(dialer, 'member', key('n'), null, key('channel'))
    const theirs = { ...(start.outputs[0] as Extract<Message, { type: 'challenge' }>), key: key('se') }
    const proving = stepHandshake(dialer, start.state, theirs)
    const echoed = stepHandshake(dialer, proving.state, proving.outputs[0] as Message)
    expect(echoed.state).toMatchObject({ at: 'closed', code: 'proof-invalid' })
  })

  it('ends when anything else comes first', () => {
    const early = stepHandshake(party('se'), startAccepting(key('n'), key('channel')), { type: 'join-cancel' })
    expect(early.state).toMatchObject({ at: 'closed', code: 'handshake-order' })
    const unknown = stepHandshake(party('se'), startAccepting(key('n'), key('channel')), { type: 'unknown', byte: 99 })
    expect(unknown.state.at).toBe('waiting')
  })
})

/** Any message of each type: a type that is forgotten here does not compile. */
import fc from 'fast-check'
import { decodeNetworkId } from '../../packages/protocol/src/ids.ts'
import { type Message, wireMajor } from '../../packages/protocol/src/wire.ts'
import { anyRid, anyShop, anyText, bytesOf } from './arbitraries.ts'

const safe = fc.nat(Number.MAX_SAFE_INTEGER)
const text = anyText(100)
const blob = fc.uint8Array({ maxLength: 60 })
const anyPart = fc.record({ first: safe, rows: fc.array(blob, { maxLength: 5 }), complete: safe, floor: safe })
const network = fc.option(
  bytesOf(32)
    .filter((bytes) => bytes.some((byte) => byte !== 0))
    .map(decodeNetworkId),
)

export const anyOf: { readonly [T in Message['type']]: fc.Arbitrary<Extract<Message, { type: T }>> } = {
  challenge: fc.record({
    type: fc.constant('challenge'),
    major: fc.constant(wireMajor),
    purpose: fc.constantFrom('member' as const, 'join' as const),
    network,
    key: bytesOf(32),
    nonce: bytesOf(32),
    processId: bytesOf(16),
    losses: safe,
  }),
  proof: fc.record({ type: fc.constant('proof'), signature: bytesOf(64) }),
  'join-request': fc.record({
    type: fc.constant('join-request'),
    address: text,
    name: text,
    commitment: bytesOf(32),
    signature: bytesOf(64),
  }),
  'join-seen': fc.record({ type: fc.constant('join-seen'), id: bytesOf(16), nonce: bytesOf(32), name: text }),
  'join-reveal': fc.record({ type: fc.constant('join-reveal'), nonce: bytesOf(32) }),
  'join-state': fc.record({
    type: fc.constant('join-state'),
    state: fc.constantFrom(
      'sent' as const,
      'seen' as const,
      'accepted' as const,
      'refused' as const,
      'expired' as const,
    ),
    code: text,
    text,
    network,
    records: fc.array(blob, { maxLength: 4 }),
  }),
  'join-cancel': fc.record({ type: fc.constant('join-cancel') }),
  admission: fc.record({
    type: fc.constant('admission'),
    network: network.filter((id) => id !== null),
    records: fc.array(blob, { maxLength: 4 }),
    more: fc.boolean(),
  }),
  hello: fc.record({
    type: fc.constant('hello'),
    release: text,
    unicode: text,
    processId: bytesOf(16),
    startedAt: safe,
    shops: fc.array(fc.record({ shop: anyShop, hash: bytesOf(32) }), { maxLength: 5 }),
    history: fc.boolean(),
  }),
  digests: fc.record({
    type: fc.constant('digests'),
    shops: fc.array(fc.record({ shop: anyShop, hash: bytesOf(32) }), { maxLength: 5 }),
  }),
  have: fc.record({
    type: fc.constant('have'),
    claims: fc.array(fc.record({ rid: anyRid, high: safe, digest: bytesOf(32), signature: fc.option(bytesOf(64)) }), {
      maxLength: 5,
    }),
    complete: fc.boolean(),
  }),
  want: fc.record({ type: fc.constant('want'), rid: anyRid, above: safe }),
  chunk: fc
    .record({
      type: fc.constant('chunk' as const),
      rid: anyRid,
      index: safe,
      above: safe,
      records: fc.array(blob, { maxLength: 5 }),
      high: safe,
      digest: fc.option(bytesOf(32)),
      signature: fc.option(bytesOf(64)),
      history: fc.option(anyPart),
    })
    // Where no claim is reached there is nothing to sign.
    .map((chunk) => (chunk.digest === null ? { ...chunk, signature: null } : chunk)),
  'history-want': fc.record({ type: fc.constant('history-want'), rid: anyRid, above: safe, high: safe }),
  history: fc.record({ type: fc.constant('history'), rid: anyRid, part: anyPart }),
  ack: fc.record({ type: fc.constant('ack'), rid: anyRid, index: safe }),
  document: fc.record({ type: fc.constant('document'), bytes: blob }),
  presence: fc.record({
    type: fc.constant('presence'),
    clock: safe,
    importState: text,
    importDone: safe,
    importTotal: safe,
    shopState: text,
  }),
  ask: fc.record({
    type: fc.constant('ask'),
    id: safe,
    key: text,
    about: fc.constantFrom('stock' as const, 'problems' as const, 'unknown' as const),
  }),
  answer: fc.record({ type: fc.constant('answer'), id: safe, body: text }),
  bye: fc.record({ type: fc.constant('bye'), code: text, text }),
}

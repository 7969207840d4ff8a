/** The wire: every message survives it, no bytes break it, and its form does not change by accident. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNetworkId, decodeShopId } from '../../packages/protocol/src/ids.ts'
import { decodeMessage, encodeMessage, type Message, wireMajor } from '../../packages/protocol/src/wire.ts'
import { anyOf } from './any-message.ts'
import { ridAt, shopAt } from './arbitraries.ts'
import { checkAnyBytes, checkRoundTrip, hex, varUint } from './codec.ts'

const types = Object.keys(anyOf) as Message['type'][]
const codec = {
  any: fc.oneof(...Object.values(anyOf)) as fc.Arbitrary<Message>,
  encode: encodeMessage,
  decode: decodeMessage,
}

describe('messages', () => {
  it.each(types)('%s survives the wire, and fields of a newer release', (type) => {
    checkRoundTrip<Message>({ ...codec, any: anyOf[type] })
  })

  it('any bytes give a message, an unknown one or a failure', () => checkAnyBytes(codec))

  it('a type that only a newer release knows is unknown', () => {
    const known = new Set<number>(
      types.map((type) => encodeMessage(fc.sample(anyOf[type] as fc.Arbitrary<Message>, 1)[0] as Message)[0] ?? -1),
    )
    expect(known.size).toBe(types.length)
    for (let byte = 0; byte < 256; byte += 1) {
      if (known.has(byte)) continue
      expect(decodeMessage(Uint8Array.of(byte, 1, 2, 3))).toEqual({ ok: true, value: { type: 'unknown', byte } })
    }
    expect(decodeMessage(new Uint8Array())).toMatchObject({ ok: false, code: 'malformed' })
  })

  it('a question of a release that knew only one is about stock, and one of a newer release is unknown', () => {
    const before = encodeMessage({ type: 'ask', id: 1, key: 'a', about: 'stock' }).subarray(0, -6)
    expect(decodeMessage(before)).toEqual({ ok: true, value: { type: 'ask', id: 1, key: 'a', about: 'stock' } })
    const newer = Uint8Array.of(...before, 2, 113, 113)
    expect(decodeMessage(newer)).toEqual({ ok: true, value: { type: 'ask', id: 1, key: 'a', about: 'unknown' } })
  })

  it('of another major version only the number is read', () => {
    expect(decodeMessage(Uint8Array.of(1, wireMajor + 1))).toMatchObject({ value: { major: wireMajor + 1 } })
  })
})

describe('limits', () => {
  const rid = [...Array<number>(24).fill(0)]
  const huge = varUint(2n ** 53n - 1n)

  it.each([
    ['claims', [17, ...huge]],
    ['shops', [16, 0, 0, ...Array<number>(16).fill(0), 0, ...huge]],
    ['records', [19, ...rid, 0, 0, ...huge]],
    ['record bytes', [19, ...rid, 0, 0, 1, ...huge]],
    ['movements', [19, ...rid, 0, 0, 1, 0, ...huge]],
    ['a document', [21, ...huge]],
    ['a text', [31, ...huge]],
    ['claims within the limit, none there', [17, ...varUint(5_000n)]],
    ['a document within the limit, none there', [21, ...varUint(1_048_576n)]],
    ['a list that only promises', [6, 0, 0, 0, ...Array<number>(32).fill(0), ...varUint(1_000n)]],
  ])('a length of %s that is not there costs nothing', (_what, bytes) => {
    const frame = Uint8Array.from(bytes)
    const began = performance.now()
    const before = process.memoryUsage().arrayBuffers
    for (let time = 0; time < 1_000; time += 1) expect(decodeMessage(frame).ok).toBe(false)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it.each([
    ['above 2^53', [18, ...rid, ...varUint(2n ** 53n)]],
    ['above 2^64', [18, ...rid, ...varUint(2n ** 70n)]],
    ['without end', [18, ...rid, ...Array<number>(2_000).fill(255)]],
    ['of more bytes than any number has', [18, ...rid, ...Array<number>(2_000).fill(128), 0]],
  ])('a number %s is refused', (_what, bytes) => {
    expect(decodeMessage(Uint8Array.from(bytes))).toMatchObject({ ok: false, code: 'malformed' })
  })

  it('a text over its limit is refused, counted in characters', () => {
    const bye = (text: string) => decodeMessage(encodeMessage({ type: 'bye', code: '', text }))
    expect(bye('\u20ac'.repeat(1_000)).ok).toBe(true)
    expect(bye('a'.repeat(1_001)).ok).toBe(false)
    expect(bye('\u20ac'.repeat(1_001)).ok).toBe(false)
  })
})

it('a peer of a release without history says so by saying nothing, and its chunks bring none', () => {
  const rid = ridAt(shopAt(1))
  const hello = encodeMessage({
    type: 'hello',
    release: '0.1',
    unicode: '15.1',
    processId: new Uint8Array(16),
    startedAt: 300,
    shops: [],
    history: true,
  })
  expect(decodeMessage(hello.subarray(0, -1))).toMatchObject({ ok: true, value: { history: false } })
  const part = { rid, index: 0, above: 0, records: [], high: 1, digest: null, signature: null } as const
  const chunk = { type: 'chunk', ...part, history: null } as const
  const bytes = encodeMessage(chunk)
  expect(decodeMessage(bytes.subarray(0, -1))).toEqual({ ok: true, value: chunk })
})

it('each frame has its bytes', () => {
  const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte)
  const rid = ridAt(shopAt(1))
  const [nonce, id] = [fill(32, 3), fill(16, 4)]
  const none = decodeNetworkId(fill(32, 5))
  const frames: Message[] = [
    {
      type: 'challenge',
      major: wireMajor,
      purpose: 'member',
      network: none,
      key: fill(32, 2),
      nonce,
      processId: id,
      losses: 6,
    },
    { type: 'proof', signature: fill(64, 7) },
    { type: 'join-request', address: 'b.example', name: 'B', commitment: nonce, signature: fill(64, 7) },
    { type: 'join-seen', id, nonce, name: 'A' },
    { type: 'join-reveal', nonce },
    { type: 'join-state', state: 'accepted', code: '', text: 'ok', network: null, records: [fill(2, 9)] },
    { type: 'join-cancel' },
    { type: 'admission', network: none, records: [fill(2, 9)], more: true },
    {
      type: 'hello',
      release: '0.1',
      unicode: '15.1',
      processId: id,
      startedAt: 300,
      shops: [{ shop: decodeShopId(fill(16, 1)), hash: nonce }],
      history: true,
    },
    { type: 'digests', shops: [{ shop: decodeShopId(fill(16, 1)), hash: nonce }] },
    { type: 'have', claims: [{ rid, high: 300, digest: nonce, signature: fill(64, 7) }], complete: true },
    { type: 'want', rid, above: 299 },
    {
      type: 'chunk',
      rid,
      index: 1,
      above: 299,
      records: [fill(2, 9)],
      high: 300,
      digest: nonce,
      signature: fill(64, 7),
      history: { first: 3, rows: [fill(1, 8)], complete: 300, floor: 1 },
    },
    { type: 'ack', rid, index: 1 },
    { type: 'document', bytes: fill(2, 9) },
    { type: 'presence', clock: 300, importState: 'done', importDone: 5, importTotal: 5, shopState: 'ok' },
    { type: 'ask', id: 1, key: 'æ', about: 'stock' },
    { type: 'answer', id: 1, body: '{}' },
    { type: 'history-want', rid, above: 2, high: 300 },
    { type: 'history', rid, part: { first: 3, rows: [fill(1, 8)], complete: 0, floor: 2 } },
    { type: 'bye', code: 'left', text: 'Bye.' },
  ]
  expect(new Set(frames.map(({ type }) => type))).toEqual(new Set(types))
  expect(frames.map((frame) => `${frame.type} ${hex(encodeMessage(frame))}`)).toMatchInlineSnapshot(`
    [
      "challenge 0103010505050505050505050505050505050505050505050505050505050505050505020202020202020202020202020202020202020202020202020202020202020203030303030303030303030303030303030303030303030303030303030303030404040404040404040404040404040406",
      "proof 0207070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707",
      "join-request 0309622e6578616d706c650142030303030303030303030303030303030303030303030303030303030303030307070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707",
      "join-seen 040404040404040404040404040404040403030303030303030303030303030303030303030303030303030303030303030141",
      "join-reveal 050303030303030303030303030303030303030303030303030303030303030303",
      "join-state 060200026f6b000000000000000000000000000000000000000000000000000000000000000001020909",
      "join-cancel 07",
      "admission 0805050505050505050505050505050505050505050505050505050505050505050102090901",
      "hello 1003302e310431352e3104040404040404040404040404040404ac020101010101010101010101010101010101030303030303030303030303030303030303030303030303030303030303030301",
      "digests 1901010101010101010101010101010101010303030303030303030303030303030303030303030303030303030303030303",
      "have 1101010101010101010101010101010101010000000000000001ac020303030303030303030303030303030303030303030303030303030303030303010707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070701",
      "want 12010101010101010101010101010101010000000000000001ab02",
      "chunk 1301010101010101010101010101010101000000000000000101ab0201020909ac0201030303030303030303030303030303030303030303030303030303030303030301070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070103010108ac0201",
      "ack 1401010101010101010101010101010101000000000000000101",
      "document 15020909",
      "presence 16ac0204646f6e650505026f6b",
      "ask 170102c3a60573746f636b",
      "answer 1801027b7d",
      "history-want 1c01010101010101010101010101010101000000000000000102ac02",
      "history 1d010101010101010101010101010101010000000000000001030101080002",
      "bye 1f046c656674044279652e",
    ]
  `)
})

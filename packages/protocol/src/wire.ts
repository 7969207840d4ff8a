/**
 * The wire between two nodes, as one closed union. A frame is a type byte and the message's fields in order; a newer
 * release adds fields at the end, which an older one skips, and new types, which it ignores. A break of that rule
 * takes a new major version, which closes the session with a code.
 *
 *   before proof:  challenge, proof, join-request, join-seen, join-reveal, join-state, join-cancel, admission
 *   members:       hello, digests, have, want, chunk, ack, document, presence, ask, answer, history-want, history
 *   both:          bye
 */
import {
  createWriter,
  finish,
  left,
  Malformed,
  parseBytes,
  type Reader,
  readByte,
  readBytes,
  readFixed,
  readList,
  readText,
  readUint,
  type Writer,
  writeByte,
  writeBytes,
  writeFixed,
  writeList,
  writeText,
  writeUint,
} from './bytes.ts'
import type { JoinState } from './api.ts'
import type { Claim, ShopHash } from './claim.ts'
import { type Digest, digestBytes } from './digest.ts'
import {
  decodeNetworkId,
  decodeRid,
  decodeShopId,
  encodeNetworkId,
  encodeRid,
  encodeShopId,
  type NetworkId,
  networkIdBytes,
  type Rid,
  ridBytes,
  shopIdBytes,
} from './ids.ts'
import {
  addressCharactersMax,
  answerCharactersMax,
  chunkRecordsMax,
  claimsPerHaveMax,
  frameBytesMax,
  historyPartRowsMax,
  membershipRecordBytesMax,
  membershipRecordsMax,
  movementBytesMax,
  shopNameCharactersMax,
  shopsPerHelloMax,
  skuCharactersMax,
} from './limits.ts'
import type { HistoryPart } from './history.ts'
import { processIdBytes } from './process-id.ts'
import { type Result, unreachable } from './result.ts'

/** 2: claims are signed. 3: what was merged is shown as it was signed. */
export const wireMajor = 3

export const keyBytes = 32
export const nonceBytes = 32
export const signatureBytes = 64
const requestIdBytes = 16
const textCharactersMax = 1_000

/** First message of both sides: who I am, for what, and a nonce to sign. */
export interface Challenge {
  readonly type: 'challenge'
  readonly major: number
  readonly purpose: 'member' | 'join'
  /** null for a join: the joining shop does not know the network yet. */
  readonly network: NetworkId | null
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  /** Of another process of the same shop: the one that started later is its node (see `process-id.ts`). */
  readonly processId: Uint8Array
  /** Sessions with this peer that the process has lost so far: of two open ones the later is the one that counts. */
  readonly losses: number
}

/** Signature over both challenges (see handshake). */
export interface Proof {
  readonly type: 'proof'
  readonly signature: Uint8Array
}

export interface JoinRequest {
  readonly type: 'join-request'
  /** Where the joining node is reached. */
  readonly address: string
  readonly name: string
  /** SHA-256 of the nonce that `join-reveal` will show: commit before reveal. */
  readonly commitment: Uint8Array
  /** Over (context, joiner's key, member's key, address, name, commitment), by the joiner's identity. */
  readonly signature: Uint8Array
}

export interface JoinSeen {
  readonly type: 'join-seen'
  readonly id: Uint8Array
  readonly nonce: Uint8Array
  readonly name: string
}

export interface JoinReveal {
  readonly type: 'join-reveal'
  readonly nonce: Uint8Array
}

export interface JoinStateMessage {
  readonly type: 'join-state'
  readonly state: JoinState
  readonly code: string
  readonly text: string
  /** With `accepted`: the network and its signed membership records, the founding one first. */
  readonly network: NetworkId | null
  readonly records: readonly Uint8Array[]
}

export interface JoinCancel {
  readonly type: 'join-cancel'
}

/** A shop shows a member that does not know it how it was let in; the answer is a `join-state`. */
export interface Admission {
  readonly type: 'admission'
  readonly network: NetworkId
  /** Signed membership records, each behind the ones it came after. */
  readonly records: readonly Uint8Array[]
  /** Whether another part follows. */
  readonly more: boolean
}

export interface Hello {
  readonly type: 'hello'
  readonly release: string
  /** Unicode version of the process: SKU keys depend on it. */
  readonly unicode: string
  readonly processId: Uint8Array
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** For each shop with claims here, a hash over its sorted (rid, high, digest). */
  readonly shops: readonly ShopHash[]
  /** Whether the sender answers questions about history. */
  readonly history: boolean
}

/** Every now and then, what HELLO said of the claims: of a shop that differs the other node answers with its claims. */
export interface Digests {
  readonly type: 'digests'
  readonly shops: readonly ShopHash[]
}

export interface ClaimLine extends Claim {
  readonly rid: Rid
}

/** What is held, durably. */
export interface Have {
  readonly type: 'have'
  readonly claims: readonly ClaimLine[]
  /** Whether the answer to a hello ends here: from now on every claim of the sender is known. */
  readonly complete: boolean
}

/** Ask for everything of a replica above a sequence number; it stays open for what comes later. */
export interface Want {
  readonly type: 'want'
  readonly rid: Rid
  readonly above: number
}

export interface Chunk {
  readonly type: 'chunk'
  readonly rid: Rid
  /** Counts from 0 for each want. */
  readonly index: number
  /** Where the chunk begins: it holds all that the sender has from here to its last record, or to `high` at the end. */
  readonly above: number
  /** The origin's bytes of each. */
  readonly records: readonly Uint8Array[]
  /** The sender's durable claim when it made the chunk. */
  readonly high: number
  /** Digest of that claim, on the chunk that reaches it; null where more is to come. */
  readonly digest: Digest | null
  /** Of that claim, as its digest. */
  readonly signature: Uint8Array | null
  /** The movements that made the records, where they are few and all at hand; null where they are to be asked for. */
  readonly history: HistoryPart | null
}

export interface Ack {
  readonly type: 'ack'
  readonly rid: Rid
  readonly index: number
}

/** Ask for the movements of a replica after number `above`, up to the seq `high`. */
export interface HistoryWant {
  readonly type: 'history-want'
  readonly rid: Rid
  readonly above: number
  readonly high: number
}

/** The answer to one `history-want`. */
export interface HistoryMessage {
  readonly type: 'history'
  readonly rid: Rid
  readonly part: HistoryPart
}

/** A message of the y-protocols sync protocol for the network document. */
export interface DocumentMessage {
  readonly type: 'document'
  readonly bytes: Uint8Array
}

export interface Presence {
  readonly type: 'presence'
  /** Milliseconds since 1970, by the sender's clock. */
  readonly clock: number
  readonly importState: string
  readonly importDone: number
  readonly importTotal: number
  /** State of the sender's own shop. */
  readonly shopState: string
}

/**
 * What a question is about. `stock`: how does your shop stand with the SKU `key`? `problems`: what should a person look
 * at in your shop, from the place `key` on? `goodbye`: I leave, do you stay, with the membership records `key` (hashes)?
 * `unknown` is a question of a newer release.
 */
export type Question = (typeof questions)[number] | 'unknown'

/** A question that somebody waits for, answered live. */
export interface Ask {
  readonly type: 'ask'
  readonly id: number
  readonly key: string
  readonly about: Question
}

export interface Answer {
  readonly type: 'answer'
  readonly id: number
  /** JSON: of one entry of `shops` in `GET /stock/:sku`, or of a page of problems; `{}` to an unknown question. */
  readonly body: string
}

export interface Bye {
  readonly type: 'bye'
  readonly code: string
  readonly text: string
}

export type Message =
  | Challenge
  | Proof
  | JoinRequest
  | JoinSeen
  | JoinReveal
  | JoinStateMessage
  | JoinCancel
  | Admission
  | Hello
  | Digests
  | Have
  | Want
  | Chunk
  | Ack
  | DocumentMessage
  | Presence
  | Ask
  | Answer
  | HistoryWant
  | HistoryMessage
  | Bye

/** A message type that only a newer release knows; it is ignored. */
export interface UnknownMessage {
  readonly type: 'unknown'
  readonly byte: number
}

const typeBytes = {
  challenge: 1,
  proof: 2,
  'join-request': 3,
  'join-seen': 4,
  'join-reveal': 5,
  'join-state': 6,
  'join-cancel': 7,
  admission: 8,
  hello: 16,
  have: 17,
  want: 18,
  chunk: 19,
  ack: 20,
  document: 21,
  presence: 22,
  ask: 23,
  answer: 24,
  digests: 25,
  'history-want': 28,
  history: 29,
  bye: 31,
} as const satisfies Record<Message['type'], number>

const questions = ['stock', 'problems', 'goodbye'] as const

const joinStates = ['sent', 'seen', 'accepted', 'refused', 'expired'] as const satisfies readonly JoinState[]

export function encodeMessage(message: Message): Uint8Array {
  const writer = createWriter()
  writeByte(writer, typeBytes[message.type])
  writeFields(writer, message)
  return finish(writer)
}

/** Any bytes give a message, `unknown`, or the failure `malformed`. */
export function decodeMessage(bytes: Uint8Array): Result<Message | UnknownMessage> {
  return parseBytes(bytes, (reader) => readFields(readByte(reader), reader))
}

function writeFields(writer: Writer, message: Message): void {
  switch (message.type) {
    case 'challenge':
      writeUint(writer, message.major)
      writeByte(writer, message.purpose === 'member' ? 1 : 2)
      writeFixed(writer, message.network === null ? new Uint8Array(networkIdBytes) : encodeNetworkId(message.network))
      writeFixed(writer, message.key)
      writeFixed(writer, message.nonce)
      writeFixed(writer, message.processId)
      writeUint(writer, message.losses)
      break
    case 'proof':
      writeFixed(writer, message.signature)
      break
    case 'join-request':
      writeText(writer, message.address)
      writeText(writer, message.name)
      writeFixed(writer, message.commitment)
      writeFixed(writer, message.signature)
      break
    case 'join-seen':
      writeFixed(writer, message.id)
      writeFixed(writer, message.nonce)
      writeText(writer, message.name)
      break
    case 'join-reveal':
      writeFixed(writer, message.nonce)
      break
    case 'join-state':
      writeByte(writer, joinStates.indexOf(message.state))
      writeText(writer, message.code)
      writeText(writer, message.text)
      writeFixed(writer, message.network === null ? new Uint8Array(networkIdBytes) : encodeNetworkId(message.network))
      writeList(writer, message.records, writeBytes)
      break
    case 'join-cancel':
      break
    case 'admission':
      writeFixed(writer, encodeNetworkId(message.network))
      writeList(writer, message.records, writeBytes)
      writeByte(writer, message.more ? 1 : 0)
      break
    case 'hello':
      writeText(writer, message.release)
      writeText(writer, message.unicode)
      writeFixed(writer, message.processId)
      writeUint(writer, message.startedAt)
      writeList(writer, message.shops, writeShopHash)
      writeByte(writer, message.history ? 1 : 0)
      break
    case 'digests':
      writeList(writer, message.shops, writeShopHash)
      break
    case 'have':
      writeList(writer, message.claims, (to, claim) => {
        writeRid(to, claim.rid)
        writeUint(to, claim.high)
        writeFixed(to, claim.digest)
        writeSignature(to, claim.signature)
      })
      writeByte(writer, message.complete ? 1 : 0)
      break
    case 'want':
      writeRid(writer, message.rid)
      writeUint(writer, message.above)
      break
    case 'chunk':
      writeRid(writer, message.rid)
      writeUint(writer, message.index)
      writeUint(writer, message.above)
      writeList(writer, message.records, writeBytes)
      writeUint(writer, message.high)
      writeByte(writer, message.digest === null ? 0 : 1)
      if (message.digest !== null) writeFixed(writer, message.digest)
      if (message.digest !== null) writeSignature(writer, message.signature)
      writeByte(writer, message.history === null ? 0 : 1)
      if (message.history !== null) writePart(writer, message.history)
      break
    case 'history-want':
      writeRid(writer, message.rid)
      writeUint(writer, message.above)
      writeUint(writer, message.high)
      break
    case 'history':
      writeRid(writer, message.rid)
      writePart(writer, message.part)
      break
    case 'ack':
      writeRid(writer, message.rid)
      writeUint(writer, message.index)
      break
    case 'document':
      writeBytes(writer, message.bytes)
      break
    case 'presence':
      writeUint(writer, message.clock)
      writeText(writer, message.importState)
      writeUint(writer, message.importDone)
      writeUint(writer, message.importTotal)
      writeText(writer, message.shopState)
      break
    case 'ask':
      writeUint(writer, message.id)
      writeText(writer, message.key)
      writeText(writer, message.about)
      break
    case 'answer':
      writeUint(writer, message.id)
      writeText(writer, message.body)
      break
    case 'bye':
      writeText(writer, message.code)
      writeText(writer, message.text)
      break
    default:
      unreachable(message)
  }
}

function readFields(byte: number, reader: Reader): Message | UnknownMessage {
  switch (byte) {
    case typeBytes.challenge:
      return readChallenge(reader)
    case typeBytes.proof:
      return { type: 'proof', signature: readFixed(reader, signatureBytes) }
    case typeBytes['join-request']:
      return {
        type: 'join-request',
        address: readText(reader, addressCharactersMax),
        name: readText(reader, shopNameCharactersMax),
        commitment: readFixed(reader, digestBytes),
        signature: readFixed(reader, signatureBytes),
      }
    case typeBytes['join-seen']:
      return {
        type: 'join-seen',
        id: readFixed(reader, requestIdBytes),
        nonce: readFixed(reader, nonceBytes),
        name: readText(reader, shopNameCharactersMax),
      }
    case typeBytes['join-reveal']:
      return { type: 'join-reveal', nonce: readFixed(reader, nonceBytes) }
    case typeBytes['join-state']:
      return readJoinState(reader)
    case typeBytes['join-cancel']:
      return { type: 'join-cancel' }
    case typeBytes.admission:
      return {
        type: 'admission',
        network: decodeNetworkId(readFixed(reader, networkIdBytes)),
        records: readMembershipRecords(reader),
        more: readByte(reader) === 1,
      }
    case typeBytes.hello:
      return {
        type: 'hello',
        release: readText(reader, 100),
        unicode: readText(reader, 100),
        processId: readFixed(reader, processIdBytes),
        startedAt: readUint(reader),
        shops: readList(reader, shopsPerHelloMax, readShopHash),
        history: left(reader) > 0 && readByte(reader) === 1,
      }
    case typeBytes.digests:
      return { type: 'digests', shops: readList(reader, shopsPerHelloMax, readShopHash) }
    case typeBytes.have:
      return {
        type: 'have',
        claims: readList(reader, claimsPerHaveMax, (from) => ({
          rid: readRid(from),
          high: readUint(from),
          digest: readFixed(from, digestBytes),
          signature: readSignature(from),
        })),
        complete: readByte(reader) === 1,
      }
    case typeBytes.want:
      return { type: 'want', rid: readRid(reader), above: readUint(reader) }
    case typeBytes.chunk:
      return readChunk(reader)
    case typeBytes.ack:
      return { type: 'ack', rid: readRid(reader), index: readUint(reader) }
    case typeBytes['history-want']:
      return { type: 'history-want', rid: readRid(reader), above: readUint(reader), high: readUint(reader) }
    case typeBytes.history:
      return { type: 'history', rid: readRid(reader), part: readPart(reader) }
    case typeBytes.document:
      return { type: 'document', bytes: readBytes(reader, frameBytesMax) }
    case typeBytes.presence:
      return {
        type: 'presence',
        clock: readUint(reader),
        importState: readText(reader, 40),
        importDone: readUint(reader),
        importTotal: readUint(reader),
        shopState: readText(reader, 40),
      }
    case typeBytes.ask:
      return readAsk(reader)
    case typeBytes.answer:
      return { type: 'answer', id: readUint(reader), body: readText(reader, answerCharactersMax) }
    case typeBytes.bye:
      return { type: 'bye', code: readText(reader, 100), text: readText(reader, textCharactersMax) }
    default:
      return { type: 'unknown', byte }
  }
}

const foreignChallenge: Omit<Challenge, 'major'> = {
  type: 'challenge',
  purpose: 'member',
  network: null,
  key: new Uint8Array(keyBytes),
  nonce: new Uint8Array(nonceBytes),
  processId: new Uint8Array(processIdBytes),
  losses: 0,
}

function readChallenge(reader: Reader): Challenge {
  const major = readUint(reader)
  // What stands behind another major's number is not known; the number is enough to part with the right sentence.
  if (major !== wireMajor) return { ...foreignChallenge, major }
  const purpose = readByte(reader)
  if (purpose !== 1 && purpose !== 2) throw new Malformed('A challenge has no known purpose.')
  return {
    type: 'challenge',
    major,
    purpose: purpose === 1 ? 'member' : 'join',
    network: readNetwork(reader),
    key: readFixed(reader, keyBytes),
    nonce: readFixed(reader, nonceBytes),
    processId: readFixed(reader, processIdBytes),
    losses: readUint(reader),
  }
}

function readJoinState(reader: Reader): JoinStateMessage {
  const state = joinStates[readByte(reader)]
  if (state === undefined) throw new Malformed('A join request has no known state.')
  return {
    type: 'join-state',
    state,
    code: readText(reader, 100),
    text: readText(reader, textCharactersMax),
    network: readNetwork(reader),
    records: readMembershipRecords(reader),
  }
}

function readMembershipRecords(reader: Reader): Uint8Array[] {
  return readList(reader, membershipRecordsMax, (from) => readBytes(from, membershipRecordBytesMax))
}

/** Before there were several questions, each was about stock. */
function readAsk(reader: Reader): Ask {
  const id = readUint(reader)
  const key = readText(reader, 3 * skuCharactersMax)
  const about = left(reader) === 0 ? 'stock' : readText(reader, 100)
  return { type: 'ask', id, key, about: questions.find((question) => question === about) ?? 'unknown' }
}

function readChunk(reader: Reader): Chunk {
  const rid = readRid(reader)
  const index = readUint(reader)
  const above = readUint(reader)
  const records = readList(reader, chunkRecordsMax, (from) => readBytes(from, frameBytesMax))
  const high = readUint(reader)
  const last = readByte(reader)
  if (last > 1) throw new Malformed('A chunk has an unknown end.')
  const digest = last === 1 ? readFixed(reader, digestBytes) : null
  const signature = digest === null ? null : readSignature(reader)
  const history = left(reader) > 0 && readByte(reader) === 1 ? readPart(reader) : null
  return { type: 'chunk', rid, index, above, records, high, digest, signature, history }
}

function writePart(writer: Writer, { first, rows, complete, floor }: HistoryPart): void {
  writeUint(writer, first)
  writeList(writer, rows, writeBytes)
  writeUint(writer, complete)
  writeUint(writer, floor)
}

function readPart(reader: Reader): HistoryPart {
  return {
    first: readUint(reader),
    rows: readList(reader, historyPartRowsMax, (from) => readBytes(from, movementBytesMax)),
    complete: readUint(reader),
    floor: readUint(reader),
  }
}

function readNetwork(reader: Reader): NetworkId | null {
  const bytes = readFixed(reader, networkIdBytes)
  return bytes.every((byte) => byte === 0) ? null : decodeNetworkId(bytes)
}

function readRid(reader: Reader): Rid {
  return decodeRid(readFixed(reader, ridBytes))
}

function writeRid(writer: Writer, rid: Rid): void {
  writeFixed(writer, encodeRid(rid))
}

function writeSignature(writer: Writer, signature: Uint8Array | null): void {
  writeByte(writer, signature === null ? 0 : 1)
  if (signature !== null) writeFixed(writer, signature)
}

function readSignature(reader: Reader): Uint8Array | null {
  const present = readByte(reader)
  if (present > 1) throw new Malformed('A claim is signed in an unknown way.')
  return present === 1 ? readFixed(reader, signatureBytes) : null
}

function writeShopHash(writer: Writer, { shop, hash }: ShopHash): void {
  writeFixed(writer, encodeShopId(shop))
  writeFixed(writer, hash)
}

function readShopHash(reader: Reader): ShopHash {
  return { shop: decodeShopId(readFixed(reader, shopIdBytes)), hash: readFixed(reader, digestBytes) }
}

/**
 * Signed membership records and their bytes. A record names the records it came after, so the records form a graph that
 * begins at the founding record, whose hash is the network id.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
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
  writeByte,
  writeBytes,
  writeFixed,
  writeList,
  writeText,
  writeUint,
} from './bytes.ts'
import {
  decodeShopId,
  encodeRid,
  encodeShopId,
  epochBytes,
  isOfShop,
  type Rid,
  ridOf,
  type ShopId,
  shopIdBytes,
} from './ids.ts'
import {
  addressCharactersMax,
  cutReplicasMax,
  membershipHeadsMax,
  membershipRecordBytesMax,
  shopNameCharactersMax,
} from './limits.ts'
import { remembered } from './remembered.ts'
import { assert, type Result, unreachable } from './result.ts'

/** Checks an Ed25519 signature (64 bytes) by a public key (32 raw bytes). */
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean
export type Sign = (bytes: Uint8Array) => Uint8Array

/** SHA-256 of a record's bytes, in hex. */
export type RecordHash = string

export type MembershipChange =
  | { readonly kind: 'founded' | 'add'; readonly key: Uint8Array; readonly url: string; readonly name: string }
  | { readonly kind: 'remove'; readonly subject: ShopId }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'rename'; readonly name: string }
  /** The signer holds the replicas of a removed shop up to these; of those that it does not name, nothing. */
  | {
      readonly kind: 'cut'
      readonly subject: ShopId
      readonly highs: ReadonlyMap<Rid, number>
      /** Whether a cut of many replicas goes on in a later record. */
      readonly more: boolean
    }

/** Who signs, when (milliseconds since 1970, for display), and which records were known. */
export interface MembershipHeader {
  readonly by: ShopId
  readonly at: number
  readonly after: readonly RecordHash[]
}

export interface MembershipRecord extends MembershipHeader {
  /** `unknown` is a kind of a newer release: it holds its place in the graph and changes nothing here. */
  readonly change: MembershipChange | { readonly kind: 'unknown' }
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

const kindBytes = { founded: 1, add: 2, remove: 3, address: 4, rename: 5, cut: 6 } as const
const hashBytes = 32
const context = 'stockmesh membership 1'

/** The same records are compared and judged again at every change of the document: each is hashed and read once. */
export const hashMembershipRecord: (bytes: Uint8Array) => RecordHash = remembered((bytes) => bytesToHex(sha256(bytes)))

/** Bytes of a record: its body with a length, then the signature over context and body. */
export function encodeMembershipRecord(change: MembershipChange, header: MembershipHeader, sign: Sign): Uint8Array {
  const after = [...new Set(header.after)].sort()
  assert(after.length <= membershipHeadsMax, 'a membership record names only so many that it came after')
  assert((change.kind === 'founded') === (after.length === 0), 'only a founding record comes after nothing')
  const body = createWriter()
  writeByte(body, kindBytes[change.kind])
  writeFixed(body, encodeShopId(header.by))
  writeUint(body, header.at)
  writeList(body, after, (to, hash) => writeFixed(to, hexToBytes(hash)))
  switch (change.kind) {
    case 'founded':
    case 'add':
      writeFixed(body, change.key)
      writeText(body, change.url)
      writeText(body, change.name)
      break
    case 'remove':
      writeFixed(body, encodeShopId(change.subject))
      break
    case 'address':
      writeText(body, change.url)
      break
    case 'rename':
      writeText(body, change.name)
      break
    case 'cut':
      writeFixed(body, encodeShopId(change.subject))
      writeList(
        body,
        [...change.highs].sort(([a], [b]) => (a < b ? -1 : 1)),
        (to, [rid, high]) => {
          assert(isOfShop(rid, change.subject), 'a cut names replicas of its subject')
          writeFixed(to, encodeRid(rid).subarray(shopIdBytes))
          writeUint(to, high)
        },
      )
      writeByte(body, change.more ? 1 : 0)
      break
    default:
      unreachable(change)
  }
  const said = finish(body)
  const record = createWriter()
  writeBytes(record, said)
  writeFixed(record, sign(signedBytes(said)))
  const bytes = finish(record)
  assert(decodeMembershipRecord(bytes).ok, 'a membership record of ours can be read')
  return bytes
}

/** Any bytes give a record or the failure `malformed`. */
export const decodeMembershipRecord: (bytes: Uint8Array) => Result<MembershipRecord> = remembered((bytes) =>
  parseBytes(bytes, (reader) => {
    if (bytes.length > membershipRecordBytesMax) throw new Malformed('A membership record is over its limit.')
    const body = readBytes(reader, membershipRecordBytesMax)
    const signature = readFixed(reader, 64)
    // Bytes behind the signature would give one record many hashes.
    if (left(reader) > 0) throw new Malformed('A membership record goes on behind its signature.')
    const parsed = parseBytes(body, readBody)
    if (!parsed.ok) throw new Malformed(parsed.message)
    return { ...parsed.value, signed: signedBytes(body), signature }
  }),
)

function readBody(reader: Reader): MembershipHeader & Pick<MembershipRecord, 'change'> {
  const kind = readByte(reader)
  const by = decodeShopId(readFixed(reader, shopIdBytes))
  const at = readUint(reader)
  const after = readList(reader, membershipHeadsMax, (from) => bytesToHex(readFixed(from, hashBytes)))
  if (after.some((hash, index) => index > 0 && hash <= (after[index - 1] ?? ''))) {
    throw new Malformed('A membership record names its past out of order.')
  }
  return { by, at, after, change: readChange(kind, reader) }
}

function readChange(kind: number, reader: Reader): MembershipRecord['change'] {
  switch (kind) {
    case kindBytes.founded:
    case kindBytes.add:
      return {
        kind: kind === kindBytes.founded ? 'founded' : 'add',
        key: readFixed(reader, 32),
        url: readText(reader, addressCharactersMax),
        name: readText(reader, shopNameCharactersMax),
      }
    case kindBytes.remove:
      return { kind: 'remove', subject: decodeShopId(readFixed(reader, shopIdBytes)) }
    case kindBytes.address:
      return { kind: 'address', url: readText(reader, addressCharactersMax) }
    case kindBytes.rename:
      return { kind: 'rename', name: readText(reader, shopNameCharactersMax) }
    case kindBytes.cut:
      return readCut(reader)
    default:
      return { kind: 'unknown' }
  }
}

function readCut(reader: Reader): MembershipChange {
  const subject = decodeShopId(readFixed(reader, shopIdBytes))
  const highs = readList(reader, cutReplicasMax, (from) => {
    return [ridOf(subject, readFixed(from, epochBytes)), readUint(from)] as const
  })
  return { kind: 'cut', subject, highs: new Map(highs), more: readByte(reader) === 1 }
}

function signedBytes(body: Uint8Array): Uint8Array {
  const writer = createWriter()
  writeText(writer, context)
  writeBytes(writer, body)
  return finish(writer)
}

/**
 * Shop ids, replica ids and network ids: validated strings inside, fixed-length bytes on the wire and in keys.
 * A shop id is 16 bytes in lower-case base32; a replica id is its shop's id, a hyphen and 8 bytes in hex.
 * "Lower" always means the order of these texts.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base32nopad } from '@scure/base'
import { assert } from './result.ts'

declare const brand: unique symbol
export type ShopId = string & { readonly [brand]: 'ShopId' }
export type Rid = string & { readonly [brand]: 'Rid' }
/** SHA-256 of the founding record, in hex. */
export type NetworkId = string & { readonly [brand]: 'NetworkId' }

export const shopIdBytes = 16
export const epochBytes = 8
export const ridBytes: number = shopIdBytes + epochBytes
export const networkIdBytes = 32

const shopIdPattern = /^[a-z2-7]{26}$/
const ridPattern = /^[a-z2-7]{26}-[0-9a-f]{16}$/
const networkIdPattern = /^[0-9a-f]{64}$/

export function isShopId(text: string): text is ShopId {
  return shopIdPattern.test(text)
}

export function isRid(text: string): text is Rid {
  return ridPattern.test(text)
}

export function isNetworkId(text: string): text is NetworkId {
  return networkIdPattern.test(text)
}

/** The id of the shop that owns an Ed25519 public key (32 raw bytes): the first 16 bytes of its SHA-256. */
export function shopIdOfKey(publicKey: Uint8Array): ShopId {
  return decodeShopId(sha256(publicKey).subarray(0, shopIdBytes))
}

export function decodeShopId(bytes: Uint8Array): ShopId {
  assert(bytes.length === shopIdBytes, 'a shop id has 16 bytes')
  return base32nopad.encode(bytes).toLowerCase() as ShopId
}

export function encodeShopId(id: ShopId): Uint8Array {
  return base32nopad.decode(id.toUpperCase())
}

/** A replica of a shop; `epoch` is 8 bytes, random or from the shop's feed. */
export function ridOf(shop: ShopId, epoch: Uint8Array): Rid {
  assert(epoch.length === epochBytes, 'an epoch has 8 bytes')
  return `${shop}-${bytesToHex(epoch)}` as Rid
}

export function shopOfRid(rid: Rid): ShopId {
  return rid.slice(0, 26) as ShopId
}

/** Whether a replica is this shop's. */
export function isOfShop(rid: Rid, shop: ShopId): boolean {
  return rid.startsWith(shop)
}

export function decodeRid(bytes: Uint8Array): Rid {
  assert(bytes.length === ridBytes, 'a replica id has 24 bytes')
  return ridOf(decodeShopId(bytes.subarray(0, shopIdBytes)), bytes.subarray(shopIdBytes))
}

export function encodeRid(rid: Rid): Uint8Array {
  const bytes = new Uint8Array(ridBytes)
  bytes.set(encodeShopId(shopOfRid(rid)), 0)
  bytes.set(hexToBytes(rid.slice(27)), shopIdBytes)
  return bytes
}

export function decodeNetworkId(bytes: Uint8Array): NetworkId {
  assert(bytes.length === networkIdBytes, 'a network id has 32 bytes')
  return bytesToHex(bytes) as NetworkId
}

export function encodeNetworkId(id: NetworkId): Uint8Array {
  return hexToBytes(id)
}

/**
 * A claim says up to which sequence everything of a replica is held, with the digest of the records. Claims of one shop
 * are compared by one hash, so that two nodes in step tell it in a few bytes.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { createWriter, finish, writeFixed, writeUint } from './bytes.ts'
import { type Digest, equalBytes } from './digest.ts'
import { encodeRid, type Rid, type ShopId, shopOfRid } from './ids.ts'
import type { ClaimLine } from './wire.ts'

export interface Claim {
  readonly high: number
  readonly digest: Digest
  /** By the replica's shop (64 bytes); null until it has signed, and of merged histories (see `merged-histories.ts`). */
  readonly signature: Uint8Array | null
}

/** Whether two claims say the same, whoever signed them. */
export function isSameClaim(one: Claim, other: Claim): boolean {
  return one.high === other.high && equalBytes(one.digest, other.digest)
}

export function claimsOfShop(claims: ReadonlyMap<Rid, Claim>, shop: ShopId): ClaimLine[] {
  const lines: ClaimLine[] = []
  for (const [rid, claim] of claims) if (shopOfRid(rid) === shop) lines.push({ rid, ...claim })
  return lines.sort((a, b) => (a.rid < b.rid ? -1 : 1))
}

/** The claims of a shop by their hash. */
export interface ShopHash {
  readonly shop: ShopId
  /** Over its sorted (rid, high, digest). */
  readonly hash: Uint8Array
}

export function shopHashes(claims: ReadonlyMap<Rid, Claim>): ShopHash[] {
  const shops = [...new Set([...claims.keys()].map(shopOfRid))].sort()
  return shops.map((shop) => {
    const writer = createWriter()
    for (const { rid, high, digest } of claimsOfShop(claims, shop)) {
      writeFixed(writer, encodeRid(rid))
      writeUint(writer, high)
      writeFixed(writer, digest)
    }
    return { shop, hash: sha256(finish(writer)) }
  })
}

/** Shops with claims here that are not those another node has, in order. */
export function differingShops(claims: ReadonlyMap<Rid, Claim>, theirs: readonly ShopHash[]): ShopId[] {
  const hashes = new Map(theirs.map(({ shop, hash }) => [shop, hash]))
  return shopHashes(claims).flatMap(({ shop, hash }) => {
    const other = hashes.get(shop)
    return other !== undefined && equalBytes(other, hash) ? [] : [shop]
  })
}

/**
 * A claim says up to which sequence everything of a replica is held, with the digest of the records. Claims of one shop
 * are compared by one hash, so that two nodes in step tell it in a few bytes.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { createWriter, finish, writeFixed, writeUint } from './bytes.ts'
import type { Digest } from './digest.ts'
import { encodeRid, type Rid, type ShopId, shopOfRid } from './ids.ts'
import type { ClaimLine } from './wire.ts'

export interface Claim {
  readonly high: number
  readonly digest: Digest
}

export function claimsOfShop(claims: ReadonlyMap<Rid, Claim>, shop: ShopId): ClaimLine[] {
  const lines: ClaimLine[] = []
  for (const [rid, claim] of claims) if (shopOfRid(rid) === shop) lines.push({ rid, ...claim })
  return lines.sort((a, b) => (a.rid < b.rid ? -1 : 1))
}

export function shopHashes(claims: ReadonlyMap<Rid, Claim>): { shop: ShopId; hash: Uint8Array }[] {
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

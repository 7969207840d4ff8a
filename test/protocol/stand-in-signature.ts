/** Signatures of claims in networks where nobody has keys: whoever relays a claim cannot make one by accident. */
import { createHash } from 'node:crypto'
import type { Claim } from '../../packages/protocol/src/claim.ts'
import type { Rid } from '../../packages/protocol/src/ids.ts'

export function standInSignature(rid: Rid, { high, digest }: Omit<Claim, 'signature'>): Uint8Array {
  return new Uint8Array(createHash('sha512').update(`${rid} ${high} `).update(digest).digest())
}

export function isStandInSigned(rid: Rid, claim: Claim): boolean {
  return claim.signature !== null && Buffer.compare(claim.signature, standInSignature(rid, claim)) === 0
}

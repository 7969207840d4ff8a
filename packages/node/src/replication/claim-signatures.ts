/**
 * The signatures of claims in one network: what this shop claims of its own replicas is signed, what others claim is
 * judged by the keys that the membership records name, of past members too.
 */
import {
  type Claim,
  isClaimSigned,
  type NetworkId,
  type Rid,
  type ShopId,
  shopOfRid,
  signedClaimBytes,
} from '@stockmesh/protocol'
import type { Identity } from '../identity.ts'

/** What is known of the network by now. */
export interface SigningNetwork {
  readonly id: NetworkId | null
  /** The Ed25519 key of a shop that is a member or was one. */
  readonly keyOf: (shop: ShopId) => Uint8Array | null
}

export class ClaimSignatures {
  readonly #identity: Pick<Identity, 'sign' | 'verify'>
  readonly #network: () => SigningNetwork

  constructor(identity: Pick<Identity, 'sign' | 'verify'>, network: () => SigningNetwork) {
    this.#identity = identity
    this.#network = network
  }

  /** By this shop, of a replica of its own. A shop that is in no network issues nothing. */
  sign(rid: Rid, claim: Omit<Claim, 'signature'>): Uint8Array {
    const { id } = this.#network()
    if (id === null) throw new Error('A shop in no network has nothing to claim.')
    return this.#identity.sign(signedClaimBytes(id, rid, claim))
  }

  isSigned(rid: Rid, claim: Claim): boolean {
    const { id, keyOf } = this.#network()
    const key = keyOf(shopOfRid(rid))
    return id !== null && key !== null && isClaimSigned(id, rid, claim, key, this.#identity.verify)
  }
}

/**
 * What a shop signs when it claims something of a replica of its own. The signature names the network, the replica (and
 * by it the shop, whose id is the hash of its key) and what is claimed, so that it stands for nothing else, whoever
 * relays it.
 */
import { createWriter, finish, writeFixed, writeText, writeUint } from './bytes.ts'
import type { Claim } from './claim.ts'
import { encodeNetworkId, encodeRid, type NetworkId, type Rid, shopIdOfKey, shopOfRid } from './ids.ts'
import type { Verify } from './membership-record.ts'

const context = 'stockmesh claim 1'

export function signedClaimBytes(network: NetworkId, rid: Rid, { high, digest }: Omit<Claim, 'signature'>): Uint8Array {
  const writer = createWriter()
  writeText(writer, context)
  writeFixed(writer, encodeNetworkId(network))
  writeFixed(writer, encodeRid(rid))
  writeUint(writer, high)
  writeFixed(writer, digest)
  return finish(writer)
}

/** Whether a claim is signed by the shop of its replica, whose key this is. */
export function isClaimSigned(network: NetworkId, rid: Rid, claim: Claim, key: Uint8Array, verify: Verify): boolean {
  const { signature } = claim
  if (signature === null || shopIdOfKey(key) !== shopOfRid(rid)) return false
  return verify(key, signedClaimBytes(network, rid, claim), signature)
}

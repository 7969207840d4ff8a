/** What a claim's signature stands for, by real keys: this network, this replica, this height and these records, only. */
import { describe, expect, it } from 'vitest'
import { generateIdentity, verify } from '../../packages/node/src/identity.ts'
import { isClaimSigned, signedClaimBytes } from '../../packages/protocol/src/claim-signature.ts'
import { decodeNetworkId, ridOf } from '../../packages/protocol/src/ids.ts'

const [own, other] = [generateIdentity(), generateIdentity()]
const [network, elsewhere] = [1, 2].map((byte) => decodeNetworkId(new Uint8Array(32).fill(byte))) as [
  ReturnType<typeof decodeNetworkId>,
  ReturnType<typeof decodeNetworkId>,
]
const epoch = (byte: number): Uint8Array => new Uint8Array(8).fill(byte)
const rid = ridOf(own.shopId, epoch(1))
const claim = { high: 7, digest: new Uint8Array(32).fill(7) }
const signature = own.sign(signedClaimBytes(network, rid, claim))

describe('a signed claim', () => {
  it('is believed by the key of its shop', () => {
    expect(isClaimSigned(network, rid, { ...claim, signature }, own.publicKey, verify)).toBe(true)
  })

  it.each([
    ['without a signature', network, rid, { ...claim, signature: null }, own],
    ['in another network', elsewhere, rid, { ...claim, signature }, own],
    ['of another replica of the shop', network, ridOf(own.shopId, epoch(2)), { ...claim, signature }, own],
    ['at another height', network, rid, { ...claim, high: 8, signature }, own],
    ['over other records', network, rid, { high: 7, digest: new Uint8Array(32), signature }, own],
    ['by a key that is not the shop’s', network, rid, { ...claim, signature }, other],
  ])('is not believed %s', (_, where, of, told, by) => {
    expect(isClaimSigned(where, of, told, by.publicKey, verify)).toBe(false)
  })

  it('is not believed of a replica of another shop, though the signer has a key of its own', () => {
    const foreign = ridOf(other.shopId, epoch(1))
    const forged = { ...claim, signature: own.sign(signedClaimBytes(network, foreign, claim)) }
    for (const key of [own.publicKey, other.publicKey]) {
      expect(isClaimSigned(network, foreign, forged, key, verify)).toBe(false)
    }
  })
})

/**
 * Identities whose signatures cost next to nothing: 64 bytes mixed from the key and what is signed. Nobody in a
 * simulated world forges, so it is enough that a signature fits no other key and no other bytes.
 */
import { createHash } from 'node:crypto'
import { shopIdOfKey } from '@stockmesh/protocol'
import type { Identity } from '../../packages/node/src/identity.ts'

const identities = new Map<string, Identity>()

/** The same one for the same node in every run, so that a run can be repeated; each departure makes a new one. */
export function standInIdentity(index: number, generation: number): Identity {
  const name = `${index} ${generation}`
  const known = identities.get(name)
  if (known !== undefined) return known
  const publicKey = new Uint8Array(createHash('sha256').update(name).digest())
  const identity: Identity = {
    shopId: shopIdOfKey(publicKey),
    publicKey,
    sign: (bytes) => mix(publicKey, bytes),
    verify: (key, bytes, signature) => Buffer.compare(mix(key, bytes), signature) === 0,
  }
  identities.set(name, identity)
  return identity
}

/** Four lanes of FNV-1a with a start of their own, spread over 64 bytes. */
function mix(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const lanes = Uint32Array.of(0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35)
  for (const part of [key, bytes]) {
    for (let index = 0; index < part.length; index += 1) {
      const lane = index & 3
      lanes[lane] = Math.imul((lanes[lane] as number) ^ (part[index] as number), 0x01000193)
    }
  }
  const words = new Uint32Array(16)
  let state = bytes.length
  for (let index = 0; index < words.length; index += 1) {
    state = Math.imul(state ^ (lanes[index & 3] as number), 0x01000193) ^ (state >>> 15)
    words[index] = state
  }
  return new Uint8Array(words.buffer)
}

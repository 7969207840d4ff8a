/**
 * The audit of what a node takes for signed: every membership record of its network, and every claim by the key that the
 * records name for its shop. A claim that its shop has not signed yet goes to nobody; one of a merged replica is signed by
 * nobody, and in its place are the histories that it comes of (`testimony.ts`).
 */
import {
  checkTestimony,
  evaluateMembership,
  hashMembershipRecord,
  isClaimSigned,
  isMerged,
  isNetworkId,
  isProof,
  type RecordHashes,
  type RecordSource,
  type Rid,
  shopOfRid,
  type SummedClaim,
  type Testimony,
} from '@stockmesh/protocol'
import { verify } from '../identity.ts'
import { readTestimonies } from '../ledger/testimony-rows.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import type { Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Faults } from './faults.ts'

/** Damaged rows are left out: their checksums tell of them. */
export async function auditTrust(
  storage: Snapshot,
  hashes: RecordHashes,
  claims: ReadonlyMap<Rid, SummedClaim>,
  faults: Faults,
): Promise<void> {
  const network = await networkIn(storage)
  if (network === null || !isNetworkId(network)) return
  const records: Uint8Array[] = []
  await storage.walk(
    prefixRange(tables.membership, 'record'),
    ([key, bytes]) => {
      records.push(bytes)
      const hash = hashMembershipRecord(bytes)
      if (Buffer.from(encodeKey(tables.membership, 'record', hash)).equals(key)) return
      faults.add('membership-misplaced', `The membership record ${hash} stands under another name.`, {})
    },
    () => undefined,
  )
  const { keys, rejected } = evaluateMembership(network, records, verify)
  for (const { hash, code } of rejected) {
    faults.add('membership-invalid', `The membership record ${hash} is kept and not valid (${code}).`, {})
  }
  for (const [rid, { high, sum, signature }] of claims) {
    if (signature === null) continue
    const key = keys.get(shopOfRid(rid))
    if (key !== undefined && sum.length === hashes.sumBytes) {
      const claim = { high, digest: hashes.condense(sum), signature }
      if (isClaimSigned(network, rid, claim, key, verify)) continue
    }
    faults.add('claim-not-signed', `What is claimed up to ${high} is not signed by the shop of the replica.`, {
      replica: rid,
    })
  }
  const isSigned: RecordSource['isSigned'] = (rid, claim) => {
    const key = keys.get(shopOfRid(rid))
    return key !== undefined && isClaimSigned(network, rid, claim, key, verify)
  }
  await auditTestimonies(storage, { hashes, claims, isSigned }, faults)
}

/** Every history that is kept of a merged replica, and that together they come to what is claimed. */
export async function auditTestimonies(
  storage: Snapshot,
  {
    hashes,
    claims,
    isSigned,
  }: {
    readonly hashes: RecordHashes
    readonly claims: ReadonlyMap<Rid, SummedClaim>
    readonly isSigned: RecordSource['isSigned']
  },
  faults: Faults,
): Promise<void> {
  const kept = new Map<Rid, Testimony[]>()
  for (const { rid: replica, testimony } of await readTestimonies(storage, () => undefined)) {
    const checked = testimony === null ? null : checkTestimony(replica, testimony, hashes, isSigned)
    if (testimony !== null && checked?.ok === true) kept.set(replica, [...(kept.get(replica) ?? []), testimony])
    else faults.add('history-not-signed', 'A history of a merged replica is not what its shop signed.', { replica })
  }
  for (const [rid, { high, sum }] of claims) {
    if (!isMerged(high)) continue
    const claim = { high, digest: hashes.condense(sum), signature: null }
    if (isProof(hashes, { rid, claim, testimonies: kept.get(rid) ?? [] })) continue
    faults.add('merge-unproven', 'What was merged is not what the histories that are kept come to.', { replica: rid })
  }
}

/** null: in none. The audit of the rows tells of one that is damaged. */
async function networkIn(storage: Snapshot): Promise<string | null> {
  let network: string | null = null
  await storage.walk(
    prefixRange(tables.membership, 'network'),
    ([, value]) => {
      network = new TextDecoder().decode(value)
    },
    () => undefined,
  )
  return network
}

/**
 * One side of a network of signed membership records, for tests. Signatures are a stand-in: SHA-512 over the key and the
 * bytes.
 */
import {
  encodeMembershipRecord,
  evaluateMembership,
  hashMembershipRecord,
  headsFor,
  type MembershipChange,
  type MembershipView,
  type NetworkId,
  type RecordHash,
  type ShopId,
  shopIdOfKey,
  type Verify,
} from '@stockmesh/protocol'
import { createHash } from 'node:crypto'

export const signature = (key: Uint8Array, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(key).update(bytes).digest())
const verify = (key: Uint8Array, bytes: Uint8Array, given: Uint8Array): boolean =>
  Buffer.from(signature(key, bytes)).equals(given)

export const keyOf = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())
export const idOf = (name: string): ShopId => shopIdOfKey(keyOf(name))

/** A view of the records one side holds; signing extends it. */
export class Side {
  readonly network: NetworkId
  readonly records: readonly Uint8Array[]

  constructor(network: NetworkId, records: readonly Uint8Array[]) {
    this.network = network
    this.records = records
  }

  static found(name: string): Side {
    const change = { kind: 'founded', key: keyOf(name), url: `http://${name}.test`, name } as const
    const record = encodeMembershipRecord(change, { by: idOf(name), at: 1, after: [] }, (b) =>
      signature(keyOf(name), b),
    )
    return new Side(hashMembershipRecord(record) as NetworkId, [record])
  }

  get view(): MembershipView {
    return evaluateMembership(this.network, this.records, verify)
  }

  /** The same where these were found valid before, and how many of the others were looked at. */
  viewKnowing(known: Iterable<RecordHash>): { readonly view: MembershipView; readonly verified: number } {
    let verified = 0
    const counting: Verify = (...of) => {
      verified += 1
      return verify(...of)
    }
    return { view: evaluateMembership(this.network, this.records, counting, new Set(known)), verified }
  }

  get names(): string[] {
    return this.view.members.map((member) => member.name)
  }

  sign(signer: string, change: MembershipChange): Side {
    return this.with(this.signAfter(signer, change, headsFor(this.view, this.records, idOf(signer))))
  }

  /** A record behind these, which need not be all that there is. */
  signAfter(signer: string, change: MembershipChange, after: readonly RecordHash[]): Uint8Array {
    const header = { by: idOf(signer), at: 2, after }
    return encodeMembershipRecord(change, header, (bytes) => signature(keyOf(signer), bytes))
  }

  add(signer: string, name: string): Side {
    return this.sign(signer, { kind: 'add', key: keyOf(name), url: `http://${name}.test`, name })
  }

  remove(signer: string, name: string): Side {
    return this.sign(signer, { kind: 'remove', subject: idOf(name) })
  }

  with(...records: Uint8Array[]): Side {
    return new Side(this.network, [...this.records, ...records])
  }

  merge(...others: Side[]): Side {
    return this.with(...others.flatMap((other) => other.records))
  }
}

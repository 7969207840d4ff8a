/**
 * What goes into the replication machine and what comes out of it, as two closed unions, with the things they speak of.
 */
import type { Claim } from './claim.ts'
import type { Cut } from './cuts.ts'
import type { Digest } from './digest.ts'
import type { Rid, ShopId } from './ids.ts'
import type { StockRecord } from './record.ts'
import type { HistoryPart } from './history.ts'
import type { Testimony } from './testimony.ts'
import type { ClaimLine, Hello, Message } from './wire.ts'

/** What has been received of a replica and waits, on disk, for its claim. */
export interface Stage {
  /** Everything up to here was received, counting from the own claim. */
  readonly through: number
  /** The highest claim that a sender of these records announced. */
  readonly announced: number
  readonly records: number
  readonly bytes: number
}

export interface ReceivedRecord {
  readonly record: StockRecord
  readonly bytes: Uint8Array
}

/**
 * What a person must hear of. `fork`: a replica has two histories. `rolled-back`: a peer knows more of what this process
 * writes than it wrote. `runs-twice`: two processes of a shop are alive at once.
 */
export type AlarmCode = 'fork' | 'rolled-back' | 'runs-twice' | BadPeerCode

/** A peer's node is broken, or lies. `claim-forged`: it claims of a replica what its shop has not signed. */
export type BadPeerCode =
  | 'claim-forged'
  | 'digest-wrong'
  | 'chunk-invalid'
  | 'claim-changed'
  | 'stage-too-large'
  | 'too-many-replicas'

export type ReplicationInput =
  | {
      readonly type: 'opened'
      readonly peer: ShopId
      readonly hello: Pick<Hello, 'release' | 'unicode' | 'processId' | 'startedAt'>
    }
  | { readonly type: 'closed'; readonly peer: ShopId; readonly now: number }
  | { readonly type: 'received'; readonly peer: ShopId; readonly message: Message; readonly now: number }
  /** Claims that became durable, whoever made them. */
  | { readonly type: 'committed'; readonly claims: readonly ClaimLine[]; readonly now: number }
  /** A chunk is safe: on disk as a stage, or committed. */
  | { readonly type: 'kept'; readonly peer: ShopId; readonly rid: Rid; readonly index: number }
  /** A commit was refused: the records did not match their claim. */
  | {
      readonly type: 'refused'
      readonly peer: ShopId
      readonly rid: Rid
      /** Whether the refused records were the answer to a question from zero. */
      readonly fresh: boolean
      readonly now: number
    }
  /** What a peer showed of a merged replica was looked at. */
  | {
      readonly type: 'shown'
      readonly peer: ShopId
      readonly rid: Rid
      readonly index: number
      /** Of the claim that it was to prove. */
      readonly digest: Digest
      /** Whether it is what its shop signed, and comes to what the peer claims. */
      readonly isProof: boolean
      readonly now: number
    }
  | {
      readonly type: 'members'
      readonly shops: ReadonlySet<ShopId>
      readonly cuts: ReadonlyMap<ShopId, Cut>
      readonly now: number
    }
  /** This process writes under a replica id; what it held of it is never pulled. */
  | { readonly type: 'written'; readonly rid: Rid }
  /** This process will write under it no more: others may know more of it than is held. */
  | { readonly type: 'released'; readonly rid: Rid; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }

export type ReplicationOutput =
  | { readonly type: 'send'; readonly peer: ShopId; readonly message: Message }
  | {
      readonly type: 'stage'
      readonly peer: ShopId
      readonly rid: Rid
      readonly index: number
      readonly records: readonly Uint8Array[]
      readonly stage: Stage
    }
  | {
      readonly type: 'commit'
      readonly peer: ShopId
      readonly rid: Rid
      readonly index: number
      readonly records: readonly ReceivedRecord[]
      readonly claim: Claim
      readonly fresh: boolean
      /** Movements that came with the records. */
      readonly history: HistoryPart | null
    }
  /** All sheets of what a replica was merged of: those on disk as a stage, and the last one. */
  | {
      readonly type: 'commit-merged'
      readonly peer: ShopId
      readonly rid: Rid
      readonly index: number
      readonly sheet: readonly Uint8Array[]
      readonly claim: Claim
      /** This process writes the replica: it is told of another history, and takes nothing. */
      readonly isWritten: boolean
    }
  | { readonly type: 'drop-stage'; readonly rid: Rid }
  | { readonly type: 'close'; readonly peer: ShopId; readonly code: string; readonly text: string }
  | {
      readonly type: 'alarm'
      readonly code: Exclude<AlarmCode, 'runs-twice'>
      readonly peer: ShopId
      readonly rid: Rid
    }

/** What the machine reads of the records that are held, and whom it believes. */
export interface RecordSource {
  /**
   * Records of a replica with seq > above, in seq order, up to the durable claim; `end` says that the claim was
   * reached. Null while memory is ahead of the disk: the coming `committed` asks again.
   */
  read(
    rid: Rid,
    above: number,
    limit: { readonly records: number; readonly bytes: number },
  ): { readonly records: readonly Uint8Array[]; readonly through: number; readonly end: boolean } | null
  /** What a replica was merged of; nothing of one that was not, or that cannot be told yet. */
  testimonies(rid: Rid): readonly Testimony[]
  /** The movements of a replica after `above` up to its claim; null where they are many, or not at hand. */
  history(rid: Rid, above: number): HistoryPart | null
  /** Whether the shop of a replica signed the claim; costs a tenth of a millisecond. */
  isSigned(rid: Rid, claim: Claim): boolean
}

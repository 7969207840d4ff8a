/** The replication machine of T alone, as its peers M and E would drive it, and what it answers in a few words. */
import { emptyDigest } from '../../packages/protocol/src/digest.ts'
import type { Claim } from '../../packages/protocol/src/claim.ts'
import type { Rid, ShopId } from '../../packages/protocol/src/ids.ts'
import { encodeRecord, type StockRecord } from '../../packages/protocol/src/record.ts'
import { stepReplication } from '../../packages/protocol/src/replication.ts'
import { createReplication, type Replication } from '../../packages/protocol/src/replication-state.ts'
import type {
  RecordSource,
  ReplicationInput,
  ReplicationOutput,
  Stage,
} from '../../packages/protocol/src/replication-step.ts'
import type { Chunk, Message } from '../../packages/protocol/src/wire.ts'
import { ridAt, shopAt, totals } from './arbitraries.ts'

const [shopM, shopE, shopT, shopS] = [shopAt(1), shopAt(2), shopAt(3), shopAt(4)] as const
const M = ridAt(shopM)

/** One machine by hand: T, with what it holds and what the source gives to it. */
export class Machine {
  readonly state: Replication
  now = 1_000
  isSigned: RecordSource['isSigned'] = () => true
  source: RecordSource['read'] = (_rid, above) => ({ records: [], through: above, end: true })
  testimonies: RecordSource['testimonies'] = () => []

  constructor(claims: readonly (readonly [Rid, Claim])[] = [], stages: readonly (readonly [Rid, Stage])[] = []) {
    this.state = createReplication(shopT, new Map(claims), new Map(), new Map(stages))
    this.step({ type: 'members', shops: new Set([shopM, shopE, shopT]), cuts: new Map(), now: this.now })
  }

  step(input: ReplicationInput): readonly ReplicationOutput[] {
    const { isSigned } = this
    return stepReplication(this.state, input, {
      read: (...asked) => this.source(...asked),
      testimonies: (rid) => this.testimonies(rid),
      history: () => null,
      isSigned,
    })
  }

  open(peer: ShopId): readonly ReplicationOutput[] {
    const facts = { release: '1', unicode: '15', processId: new Uint8Array(16), startedAt: 0 }
    return this.step({ type: 'opened', peer, hello: facts })
  }

  hear(peer: ShopId, message: Message): readonly ReplicationOutput[] {
    return this.step({ type: 'received', peer, message, now: this.now })
  }

  have(peer: ShopId, rid: Rid, high: number, digest = emptyDigest): readonly ReplicationOutput[] {
    return this.hear(peer, { type: 'have', claims: [{ rid, high, digest, signature }], complete: true })
  }
}

const signature = new Uint8Array(64)
export const claim = (high: number, fill = 1): Claim => ({ high, digest: new Uint8Array(32).fill(fill), signature })
export const rowOf = (record: StockRecord): Chunk['records'][number] => encodeRecord(record)

export function chunk(above: number, seqs: readonly number[], high: number, end: boolean, index = 0): Chunk {
  const records = seqs.map((seq) => rowOf(totals(seq, seq, 0, `sku-${seq}`)))
  const reached = end ? { digest: claim(high).digest, signature } : { digest: null, signature: null }
  return { type: 'chunk', rid: M, index, above, records, high, ...reached, history: null }
}

/** Outputs without their bytes, as one would tell them. */
export function tell(outputs: readonly ReplicationOutput[]): string[] {
  return outputs.map((output) => {
    switch (output.type) {
      case 'send': {
        const { message } = output
        const detail =
          message.type === 'want'
            ? ` above ${message.above}`
            : message.type === 'chunk'
              ? ` ${message.index} above ${message.above}${message.digest === null ? '' : ` end ${message.high}`}`
              : message.type === 'have'
                ? ` ${message.claims.map(({ high }) => high).join(' ')}${message.complete ? ' complete' : ''}`
                : message.type === 'ack'
                  ? ` ${message.index}`
                  : ''
        return `to ${nameOf(output.peer)}: ${message.type}${detail}`
      }
      case 'stage':
        return `stage ${output.records.length}, through ${output.stage.through} of ${output.stage.announced}`
      case 'commit':
        return `commit ${output.records.length}, high ${output.claim.high}${output.fresh ? ', fresh' : ''}`
      case 'commit-merged':
        return `show ${output.sheet.length}, high ${output.claim.high}${output.isWritten ? ', written' : ''}`
      case 'close':
      case 'alarm':
        return `${output.type} ${nameOf(output.peer)}: ${output.code}`
      case 'drop-stage':
        return 'drop-stage'
    }
  })
}

export const nameOf = (shop: ShopId): string =>
  shop === shopM ? 'M' : shop === shopE ? 'E' : shop === shopS ? 'S' : 'T'

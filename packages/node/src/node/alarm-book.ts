/**
 * Alarms of replication that a person must have seen: durable from the moment they are raised, each once, however
 * often the peers repeat what raised them.
 */
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../ports.ts'
import type { ReplicationAlarm } from '../replication/replicator.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Alarm } from '../views/problems.ts'

/** A peer that invents replicas cannot fill the disk with alarms about them. */
const alarmsMax = 100

export class AlarmBook {
  readonly open: Map<string, Alarm> = new Map()
  readonly #ledger: Ledger
  readonly #clock: Clock

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger
    this.#clock = clock
  }

  async load(storage: Storage): Promise<void> {
    for await (const [, value] of storage.scan(prefixRange(tables.problem, 'alarm'))) {
      const alarm = decodeJson<Alarm>(value)
      this.open.set(identityOf(alarm), alarm)
    }
  }

  note({ code, peer, rid }: ReplicationAlarm): void {
    const kind = code === 'rolled-back' ? 'clone' : 'fork'
    const alarm: Alarm = { kind, code, peer, rid, since: this.#clock.now() }
    const identity = identityOf(alarm)
    if (this.open.has(identity) || this.open.size >= alarmsMax) return
    this.open.set(identity, alarm)
    // A failed write ends the ledger, which tells its owner; the peers will raise the alarm again.
    this.#ledger
      .commit((draft) => draft.put(put(encodeKey(tables.problem, 'alarm', identity), encodeJson(alarm))))
      .catch(() => undefined)
  }
}

function identityOf({ code, peer, rid }: Pick<Alarm, 'code' | 'peer' | 'rid'>): string {
  // Who shows that a replica has two histories is not what it is about; who lies of one is.
  return code === 'digest-wrong' ? `${code} ${peer} ${rid}` : `${code} ${rid}`
}

/**
 * Alarms that a person must have seen: durable from the moment they are raised, each once, however often the peers
 * repeat what raised them. What one member finds the others hear of through the network document.
 */
import { type AlarmCode, isShopId, limits, type Rid, type ShopId, shopOfRid, type SkuKey } from '@stockmesh/protocol'
import type { Ledger } from '../ledger/ledger.ts'
import type { DocumentProof } from '../network/network-document.ts'
import type { Clock } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Alarm } from '../views/problems.ts'

/** A peer that invents replicas cannot fill the disk with alarms about them, nor keep out what others show. */
const alarmsMax = 100
const alarmsOfPeerMax = 20

const kinds: Readonly<Record<AlarmCode, Alarm['kind']>> = {
  fork: 'fork',
  'rolled-back': 'clone',
  'runs-twice': 'clone',
  'digest-wrong': 'bad-peer',
  'claim-forged': 'bad-peer',
  'chunk-invalid': 'bad-peer',
  'claim-changed': 'bad-peer',
  'stage-too-large': 'bad-peer',
  'too-many-replicas': 'bad-peer',
}

/** An alarm as it is raised. */
export interface Raised {
  readonly code: AlarmCode
  /** Who showed it. */
  readonly peer: ShopId
  readonly shop: ShopId
  /** A replica of the shop; with `runs-twice`, the process that stands aside. */
  readonly about: string
  /** SKUs of which something may be lost. */
  readonly keys?: readonly SkuKey[]
}

/** Alarms that concern every shop; the others are between two. */
const sharedCodes: ReadonlySet<string> = new Set<AlarmCode>(['fork', 'runs-twice'])

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
      const { rid, ...row } = decodeJson<Alarm & { readonly rid?: Rid }>(value)
      const named = rid === undefined ? row : { ...row, shop: shopOfRid(rid), about: rid }
      const alarm = { ...named, kind: kinds[named.code], keys: row.keys ?? [] }
      this.open.set(identityOf(alarm), alarm)
    }
  }

  /** Answers whether it is news. */
  note({ code, peer, shop, about, keys = [] }: Raised): boolean {
    const raised: Alarm = { kind: kinds[code], code, peer, shop, about, since: this.#clock.now(), keys: [] }
    const identity = identityOf(raised)
    const before = this.open.get(identity)
    const all = [...new Set([...(before?.keys ?? []), ...keys])].slice(0, limits.doubtfulSkusMax)
    const isNews = before === undefined ? this.#hasRoomFor(peer) : all.length > before.keys.length
    if (!isNews) return false
    const alarm = { ...(before ?? raised), keys: all }
    this.open.set(identity, alarm)
    // A failed write ends the ledger, which tells its owner; the peers will raise the alarm again.
    this.#ledger
      .commit((draft) => draft.put(put(encodeKey(tables.problem, 'alarm', identity), encodeJson(alarm))))
      .catch(() => undefined)
    return true
  }

  /** Whether a replica is known to have two histories, so that nothing may be issued under it any more. */
  isForked(rid: Rid): boolean {
    return this.open.has(`fork ${rid}`)
  }

  /** What the others found. */
  hear(proofs: readonly DocumentProof[]): void {
    for (const { code, shop, by, about } of proofs) {
      if (sharedCodes.has(code) && isShopId(shop) && isShopId(by)) {
        this.note({ code: code as AlarmCode, peer: by, shop, about })
      }
    }
  }

  /** What this node found, for the others. */
  *shared(): Generator<readonly [identity: string, proof: DocumentProof]> {
    for (const [identity, { code, shop, peer: by, about }] of this.open) {
      if (sharedCodes.has(code)) yield [identity, { code, shop, by, about }]
    }
  }

  #hasRoomFor(peer: ShopId): boolean {
    const shown = [...this.open.values()].filter((alarm) => alarm.peer === peer).length
    return this.open.size < alarmsMax && shown < alarmsOfPeerMax
  }
}

function identityOf({ code, peer, about }: Pick<Raised, 'code' | 'peer' | 'about'>): string {
  // Who shows that a replica has two histories is not what it is about; of a bad peer it is, and of which one is not.
  return kinds[code] === 'bad-peer' ? `${code} ${peer}` : `${code} ${about}`
}

/**
 * What one life of a node is made of, and whom it tells.
 */
import type { RecordHashes, ShopLocation } from '@stockmesh/protocol'
import type { LedgerConnector } from '../connectors/connector.ts'
import type { Identity } from '../identity.ts'
import type { OpenChannel } from '../network/channel.ts'
import type { Dial, ReadPage } from '../network/socket.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import type { HoldRules } from '../shop-sync/hold-rules.ts'
import type { ShowingRules } from '../shop-sync/situation.ts'
import type { Storage } from '../storage/storage.ts'
import type { FailedAlert } from '../views/problems.ts'

/** Where alerts are sent from, over the node's lives. */
export interface AlertDesk {
  readonly failures: readonly FailedAlert[]
  retry(): void
}

export interface StockNodeParts {
  readonly storage: Storage
  readonly identity: Identity
  readonly hashes: RecordHashes
  readonly connector: LedgerConnector
  /** Of the shop's several stock locations the one that is synchronised. */
  readonly location?: ShopLocation | null
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** How other nodes are dialed, and how the page that names one is read. */
  readonly dial: Dial
  readonly readPage: ReadPage
  readonly openChannel: OpenChannel
  /** When this process started, in milliseconds since 1970. */
  readonly startedAt: number
  readonly rules: ShowingRules
  readonly holds: HoldRules
  readonly name: () => string
  readonly url: () => string
  readonly alerts: AlertDesk
  readonly onChange: () => void
  /** This life must end and another one begin: a network was entered, or something failed. */
  readonly onRenew: (reason: unknown) => void
  readonly onAlarm: (code: string, facts: Readonly<Record<string, unknown>>) => void
}

/**
 * A kind of shop that a merchant can choose: which settings and keys it needs, how they are tried before anything is
 * written, and how its connector is opened. `platforms.ts` lists them all.
 */
import type { ConnectorPromise } from '@stockmesh/protocol'
import type { ZodType } from 'zod'
import type { Clock, Random, Timers } from '../ports.ts'
import type { LedgerConnector } from './connector.ts'

/** One thing that a merchant enters. */
export interface PlatformField {
  readonly name: string
  /** What it is and where it is found, in one English sentence. */
  readonly help: string
  /** Kept 0600, never in an answer or a log. Taken from `STOCKMESH_<PLATFORM>_<NAME>` where that is set. */
  readonly isSecret: boolean
  readonly isRequired: boolean
  /** It says nothing about which shop this is, so that it may change while the shop is in a network. */
  readonly isTuning?: boolean
}

/** What a trial of the settings found. Nothing was written, unless the merchant picked a product for it. */
export interface PlatformTrial {
  /** The platform's name and version, as it says itself. */
  readonly release: string
  readonly promise: ConnectorPromise
  /** Whether the key may write, where that can be known without writing. */
  readonly mayWrite: boolean | 'unknown'
  /** One product, so that the merchant sees that it is the right shop; null: the shop has none. */
  readonly sample: { readonly sku: string | null; readonly name: string; readonly stock: number | null } | null
  /** Stock locations to choose from, where the platform has several. */
  readonly locations: readonly { readonly id: string; readonly name: string }[]
  /** Sentences about what to mend or to know. */
  readonly warnings: readonly string[]
  /** What the trial found out about the shop, as further settings by the names of their fields; kept with what was entered. */
  readonly learned?: Readonly<Record<string, string>>
}

export interface PlatformParts {
  /** Belongs to the connector alone; made by it, 0700. */
  readonly directory: string
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** The address at which the shop reaches this node, for its hints; null: none. */
  readonly hookUrl: string | null
}

export type OpenConnector = LedgerConnector & AsyncDisposable

export interface Platform<Settings = unknown> {
  /** As in `--connector` and `/hooks/<name>`. */
  readonly name: string
  readonly fields: readonly PlatformField[]
  /**
   * The field that holds the id of the chosen location, where the platform has several. A trial goes without it; if it is
   * required, one of several must be chosen before the settings are kept.
   */
  readonly locationField?: string
  /** Takes what was entered: a text for each field, absent where it was left empty. */
  readonly schema: ZodType<Settings>
  /**
   * Reads one product. Errors: `ConnectorError` with `key-rejected`, `not-this-platform`, `release-unknown`,
   * `not-writable`, `shop-unreachable` or the platform's own, each with one sentence that says what to do.
   */
  test(settings: Settings, signal: AbortSignal): Promise<PlatformTrial>
  open(settings: Settings, parts: PlatformParts): Promise<OpenConnector>
  /** Whether a hint is the shop's own. Absent where the platform sends none. The body is never used otherwise. */
  checkHint?(settings: Settings, hint: ShopHint): HintVerdict
}

export interface ShopHint {
  readonly body: Uint8Array
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: number
}

/** `ping`: the shop tries whether somebody is there, and nothing has changed. */
export type HintVerdict = 'hint' | 'ping' | 'signature-invalid'

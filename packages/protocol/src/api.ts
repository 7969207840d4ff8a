/**
 * The bodies of the HTTP interface under `/api/v1`, as types only: the node answers them, the admin pages read them.
 * Times are ISO 8601 UTC, quantities are integers, `null` means "not known" or "none".
 */
import type { Language } from './language.ts'

export type { Language } from './language.ts'

import type { GuardAnswer, SkuChoice, StopAllAnswer } from './choices.ts'

export type * from './access-api.ts'
export type * from './choices.ts'
export type * from './stock-views-api.ts'

export interface ApiError {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly details: Readonly<Record<string, unknown>>
  }
}

export interface List<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly total: number
}

export interface SessionAnswer {
  readonly state: 'setup' | 'signed-out' | 'signed-in'
  readonly role: 'admin' | 'viewer' | null
  /** Whether a password was chosen; also told to whoever is signed in without one. */
  readonly hasPassword: boolean
  /** The shop's name and the language chosen at set-up; both null before it. */
  readonly name: string | null
  readonly language: Language | null
}

export type ShopState = 'connecting' | 'connected' | 'unreachable' | 'idle' | 'paused'
export type ConnectorPromise = 'exact' | 'best-effort'

export interface MemberStatus {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly self: boolean
  readonly online: boolean
  readonly lastContactAt: string | null
  /** Changed SKUs that this node holds and the member has not claimed; null if it was never heard. */
  readonly behind: number | null
  /** What it runs, by its own word; null while it was never heard. */
  readonly release: string | null
  /** How far its clock is ahead of ours, in milliseconds; null while it was never heard. */
  readonly clockAheadMs: number | null
  /** How its import stands and how it reaches its own shop, by its own word; null while it was never heard. */
  readonly import: { readonly state: ImportState; readonly done: number; readonly total: number } | null
  readonly shopState: ShopState | null
}

export type ImportState = 'idle' | 'listing' | 'ready' | 'running' | 'paused' | 'done' | 'failed'

export interface StatusAnswer {
  readonly node: { readonly id: string; readonly name: string; readonly url: string; readonly release: string }
  readonly shop: {
    readonly connector: string
    readonly promise: ConnectorPromise
    readonly state: ShopState
    readonly lastContactAt: string | null
    /** Address of the storefront, when the connector knows one. */
    readonly url: string | null
    /** Which of the shop's stock locations is synchronised; null: the shop's whole stock. */
    readonly location: ShopLocation | null
  }
  readonly network: {
    readonly id: string
    readonly inStep: boolean
    /** Another member removed this shop: it is in step with nobody, and can only leave. */
    readonly evicted: boolean
    readonly members: readonly MemberStatus[]
  } | null
  readonly import: { readonly state: ImportState; readonly done: number; readonly total: number }
  readonly stock: {
    readonly skus: number
    readonly matched: number
    readonly oversold: number
    readonly problems: number
  }
  readonly pending: { readonly in: number; readonly out: number; readonly shop: number }
  readonly lastChangeAt: string | null
  /** Whether the writing to every shop is stopped, and which members have not heard the last word. */
  readonly stopAll: StopAllAnswer
  /** How the partition guard stands; `shownPercent` is not null while this shop shows only a share. */
  readonly partitionGuard: GuardAnswer
}

export type StockState =
  | 'left-out'
  | 'duplicate'
  | 'held'
  | 'untracked'
  | 'not-here'
  | 'only-here'
  | 'oversold'
  | 'waiting'
  | 'synced'

export interface StockItem {
  readonly sku: string
  readonly name: string
  /** Units that can be sold, network-wide; null while the network has no number for the SKU. */
  readonly level: number | null
  /** What this shop is to show; null where the SKU is not synchronised in this shop. */
  readonly shown: number | null
  /** What this shop reported last. */
  readonly shopLevel: number | null
  readonly state: StockState
  readonly updatedAt: string | null
}

export interface StockDetail extends StockItem, SkuChoice {
  readonly baseline: {
    readonly quantity: number
    readonly by: string
    readonly at: string
    readonly generation: number
  } | null
  /** Since the baseline: baseline + sum(added - removed) = level. */
  readonly byShop: readonly { readonly member: string; readonly added: number; readonly removed: number }[]
  readonly products: readonly ProductRow[]
  readonly shops: readonly {
    readonly member: string
    readonly listed: boolean | null
    readonly shown: number | null
    readonly shopLevel: number | null
    readonly state: StockState | null
    readonly readAt: string | null
  }[]
}

export interface ProductRow {
  readonly id: string
  readonly parentId: string | null
  readonly sku: string | null
  readonly name: string
  readonly stock: number | null
  readonly adminUrl: string | null
}

export type Cause =
  | 'sale'
  | 'cancel'
  | 'return'
  | 'manual'
  | 'stock-count'
  | 'received'
  | 'created'
  | 'import'
  | 'repair'
  | 'undo'
  | 'catch-up'
  | 'unknown'

export interface MovementItem {
  readonly at: string
  readonly member: string
  readonly delta: number
  readonly cause: Cause
  readonly reference: string | null
  readonly levelAfter: number | null
}

export interface LogItem {
  readonly at: string
  readonly member: string
  readonly sku: string | null
  readonly name: string | null
  readonly delta: number | null
  readonly levelAfter: number | null
  readonly cause: string
  readonly reference: string | null
  readonly result: string
}

export type JoinState = 'sent' | 'seen' | 'accepted' | 'refused' | 'expired'

export type JoinAnswer =
  | { readonly state: 'none' }
  | {
      readonly id: string
      readonly address: string
      readonly code: string | null
      readonly state: JoinState
      readonly error: string | null
      /** The code of `error`; null where the other shop gave a sentence alone. */
      readonly errorCode: string | null
      readonly expiresAt: string
    }

export interface JoinRequestItem {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly code: string | null
  readonly state: JoinState
  readonly at: string
}

export interface ImportAnswer {
  readonly state: ImportState
  readonly done: number
  readonly total: number
  /** While `state` is `paused`: whether the whole shop is paused, or the import alone. */
  readonly pausedBy: 'shop' | 'import' | null
  /** What it wrote is being taken back; `done` and `total` count that. */
  readonly cancelling: boolean
  readonly failedCount: number
  readonly ratePerSecond: number | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** How taking it back stands; null where there is nothing to take back. */
  readonly undo: ImportUndoAnswer | null
}

/** Taking back what an import did to the shop. `done` and `total` are SKUs that it changed. */
export interface ImportUndoAnswer {
  readonly state: 'available' | 'running' | 'done'
  readonly done: number
  readonly total: number
  /** SKUs that the shop did not let be adjusted. */
  readonly refusedCount: number
  /** Until when it can be asked for. */
  readonly until: string
}

/** What an import will do, before anything is written: totals. */
export interface ImportPreview {
  readonly id: string
  readonly at: string
  /** SKUs that this shop and the network both have a number for. */
  readonly matched: number
  /** Of them, those whose number in this shop changes. */
  readonly differ: number
  readonly onlyHere: number
  readonly onlyNetwork: number
  /** Sum of the sizes of the changes. */
  readonly unitsChanged: number
  /** SKUs that go from some number to 0. */
  readonly toZero: number
}

/** One SKU whose number in this shop changes. */
export interface ImportPreviewItem {
  readonly sku: string
  readonly name: string
  readonly from: number
  readonly to: number
}

export interface ImportFailedItem {
  readonly sku: string | null
  readonly name: string
  readonly productId: string
  readonly code: string
  readonly message: string
}

export type ProblemKind =
  | 'duplicate'
  | 'held'
  | 'rollback'
  | 'paused-diff'
  | 'key-rejected'
  | 'clock'
  | 'counted-together'
  | 'oversold'
  | 'fraction'
  | 'import-row'
  | 'shop-unreachable'
  | 'shop-copied'
  | 'unwritable'
  | 'unclear'
  | 'fork'
  | 'clone'
  | 'bad-peer'
  | 'doubt'
  | 'damaged'
  | 'alert-failed'

export interface ProblemItem {
  readonly id: string
  readonly version: number
  readonly kind: ProblemKind
  readonly member: string
  readonly sku: string | null
  readonly count: number
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
  readonly since: string
  readonly actions: readonly { readonly id: string; readonly destructive: boolean }[]
}

/** Problems of one shop or of all; who did not answer is named, not missing. */
export interface ProblemList extends List<ProblemItem> {
  readonly unanswered: readonly { readonly id: string; readonly name: string }[]
}

/** What an audit of a node found: by the files of a stopped one, or in a running one, whose shop is compared too. */
export interface AuditAnswer {
  readonly ok: boolean
  readonly running: boolean
  readonly checked: {
    readonly rows: number
    readonly replicas: number
    readonly records: number
    readonly movements: number
    readonly shopRows: number
  }
  readonly faultCount: number
  readonly faults: readonly AuditFault[]
}

export interface AuditFault {
  /** Stable, in kebab-case: `row-damaged`, `digest-wrong`, `movements-unfit`, `shadow-unequal`, ... */
  readonly code: string
  readonly message: string
  readonly replica: string | null
  readonly sku: string | null
}

/** One line of a stock count: what lay on the shelf. */
export interface CountLine {
  readonly sku: string
  readonly quantity: number
  /** When counting began (ISO 8601); sales after it are still subtracted. Absent: now. */
  readonly asOf?: string
  /** Units sold and not yet sent, subtracted. Absent: 0. */
  readonly unsent?: number
}

/** What a line of a count or of received goods did, or would do. */
export interface CountItem {
  readonly sku: string
  readonly name: string | null
  /** The level before and after; null where the line was refused or there was none. */
  readonly from: number | null
  readonly to: number | null
  /** Why the line was refused; null if it was not. */
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface CountAnswer {
  readonly items: readonly CountItem[]
  readonly counted: number
  readonly refused: number
  /** Sum of the differences' sizes, in units. */
  readonly unitsChanged: number
  readonly dryRun: boolean
  /** Members whose latest changes this node may not have heard: what they sold is still subtracted when it comes. */
  readonly unheard: readonly string[]
}

export interface ReceivedLine {
  readonly sku: string
  readonly quantity: number
}

export interface PauseAnswer {
  readonly paused: boolean
  readonly since: string | null
  /** Whether changes made meanwhile come in by themselves, one by one, so that `differences` decides nothing. */
  readonly exact: boolean
}

/** What becomes of numbers that changed while the shop was paused, where no feed tells the changes. */
export type ResumeChoice = 'network' | 'count-in'

/** What the shop has and the network does not know of, read while the shop is paused. */
export interface ResumePreview {
  readonly paused: boolean
  /** Whether changes made meanwhile come in by themselves, one by one, so that nothing is asked. */
  readonly exact: boolean
  readonly differ: number
  readonly unitsChanged: number
  /** The largest first, at most 1,000. */
  readonly items: readonly ResumeItem[]
}

export interface ResumeItem {
  readonly sku: string
  readonly name: string
  /** What the shop has now. */
  readonly shopLevel: number
  /** What it had after the last thing that is known of it. */
  readonly shown: number
  /** `shopLevel - shown`: the shop's own changes. What other shops sold meanwhile is not in it. */
  readonly difference: number
}

/** Settings of this node. Secrets are never answered; `...Set` says whether there is one. */
export interface SettingsAnswer {
  readonly name: string
  readonly language: Language
  /** Units that this shop holds back of every level. */
  readonly buffer: number
  /** Whether a mass change in this shop waits for a person before the others hear of it. */
  readonly holdOwnChanges: boolean
  /** Whether a mass change of another shop waits for a person before this shop goes by it. */
  readonly holdMemberChanges: boolean
  /** Fewer SKUs than these are never a mass change. */
  readonly holdFromSkus: number
  readonly alertWebhookUrl: string | null
  /** Key of the webhook's signature (HMAC-SHA256). */
  readonly alertWebhookSecretSet: boolean
  readonly alertEmailTo: string | null
  readonly alertEmailFrom: string | null
  /** smtp:// or smtps:// with user and password. */
  readonly alertSmtpUrlSet: boolean
  /** Minutes that a shop must have been out of reach before an alert is sent. */
  readonly alertUnreachableMinutes: number
  /** Times of the clock, as "22:00", between which alerts wait; null: there are no quiet hours. */
  readonly alertQuietFrom: string | null
  readonly alertQuietTo: string | null
  /** IANA time zone of the two; null: the zone of the node's machine. */
  readonly alertQuietZone: string | null
  /** Which alerts do not wait. */
  readonly alertQuietExempt: 'none' | 'oversold' | 'fork' | 'oversold-and-fork'
}

/** What became of a test message, for each target that is set. */
export interface AlertTestAnswer {
  readonly results: readonly {
    readonly target: 'webhook' | 'email'
    readonly delivered: boolean
    /** Why not; null if it was. */
    readonly code: string | null
    readonly message: string | null
  }[]
}

/** `/events`: the event's name and its data. */
export type EventItem =
  | { readonly event: 'stock'; readonly data: StockItem }
  | { readonly event: 'member'; readonly data: MemberStatus & { readonly left: boolean } }
  | { readonly event: 'import'; readonly data: ImportAnswer }
  | { readonly event: 'problem'; readonly data: ProblemItem & { readonly solved: boolean } }
  | { readonly event: 'log'; readonly data: LogItem }
  | { readonly event: 'reset'; readonly data: Readonly<Record<string, never>> }

/**
 * What the node puts into its awareness state on `/live/v1` (key `node`). The numbers in `versions` grow with every
 * change of the list they name; a page that shows the list reads it again when its number has grown.
 */
export interface LiveState {
  readonly status: StatusAnswer
  readonly join: JoinAnswer
  readonly import: ImportAnswer
  readonly versions: {
    readonly stock: number
    readonly log: number
    readonly problems: number
    readonly requests: number
  }
}

/** A place where a shop keeps stock of its own. */
export interface ShopLocation {
  readonly id: string
  readonly name: string
}

/** A kind of shop that can be chosen, with what a merchant enters for it. */
export interface PlatformItem {
  readonly name: string
  readonly fields: readonly {
    readonly name: string
    /** What it is and where it is found. */
    readonly help: string
    readonly secret: boolean
    readonly required: boolean
    /** Holds the id of one of the locations that a trial finds. */
    readonly location: boolean
  }[]
}

/** What beside the shop and this node changes stock numbers there. */
export type OtherWriter = 'erp' | 'supplier-feed' | 'sync-app' | 'other'

/** The shop that this node is beside. A secret goes in and never comes out. */
export interface ConnectorAnswer {
  readonly platform: string
  readonly settings: Readonly<Record<string, string>>
  /** Fields of a secret that is kept. */
  readonly secretsSet: readonly string[]
  /** Fields that come from the environment, whatever is kept. */
  readonly fromEnvironment: readonly string[]
  /** The command line or the environment names the platform, so that it cannot be changed here. */
  readonly fixed: boolean
  readonly promise: ConnectorPromise
  readonly location: ShopLocation | null
  readonly warnings: readonly string[]
  /** null: nobody was asked yet. */
  readonly otherWriters: readonly OtherWriter[] | null
}

/** What was found at the shop; nothing was written there. */
export interface ConnectorTrial {
  readonly platform: string
  /** The platform's name and version, as it says itself. */
  readonly release: string
  readonly promise: ConnectorPromise
  /** null: not to be known without writing. */
  readonly mayWrite: boolean | null
  /** One product; null: the shop has none. */
  readonly sample: { readonly sku: string | null; readonly name: string; readonly stock: number | null } | null
  readonly locations: readonly ShopLocation[]
  readonly warnings: readonly string[]
  /** Further settings that the trial found out; sent along, they are not tried again. */
  readonly learned: Readonly<Record<string, string>>
}

export type CatalogueFault = 'no-sku' | 'duplicate' | 'untracked' | 'fraction' | 'bundle' | 'negative' | 'other'

/** Why a row of the shop is not, or not well, synchronised. */
export interface CatalogueFaultItem {
  readonly kind: CatalogueFault
  readonly sku: string | null
  readonly name: string
  /** The products and variants that it is about, by the shop's own ids. */
  readonly products: readonly string[]
}

export interface CatalogueHealth extends List<CatalogueFaultItem> {
  readonly rows: number
  readonly products: number
  /** How many faults of each kind there are, those beyond the list too. */
  readonly counts: Readonly<Record<CatalogueFault, number>>
}

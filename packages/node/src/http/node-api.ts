/**
 * What the HTTP interface needs from the node, and nothing more. Every method may throw an `ApiFailure`.
 */
import type {
  ImportAnswer,
  ImportFailedItem,
  JoinAnswer,
  JoinRequestItem,
  List,
  LogItem,
  MemberStatus,
  MovementItem,
  ProblemList,
  StatusAnswer,
  StockDetail,
  StockItem,
  StockState,
} from '@stockmesh/protocol'

export interface PageQuery {
  readonly after: string | null
  readonly limit: number
  /** true: the total is not looked at, so nothing beyond the page needs to be read for it. */
  readonly uncounted?: true
}

export type StockSort = 'sku' | 'name' | 'level' | '-level' | '-updatedAt'

export interface StockQuery extends PageQuery {
  readonly q: string | null
  readonly state: StockState | null
  readonly sku: string | null
  /** Only SKUs with something that this member has not claimed. */
  readonly behind: string | null
  readonly sort: StockSort
}

export interface LogQuery extends PageQuery {
  readonly sku: string | null
  readonly member: string | null
  readonly cause: string | null
}

export interface ProblemsQuery extends PageQuery {
  /** A member's id, or `all`; null: this shop's own. */
  readonly member: string | null
}

export interface NodeApi {
  status(): StatusAnswer
  /** Database open and serving. */
  ready(): boolean
  stock(query: StockQuery): List<StockItem>
  stockDetail(sku: string): Promise<StockDetail>
  movements(sku: string, query: PageQuery): Promise<List<MovementItem>>
  log(query: LogQuery): Promise<List<LogItem>>
  join(request: { address: string; importWhenAccepted: boolean }): Promise<JoinAnswer>
  joinState(): JoinAnswer
  cancelJoin(): Promise<JoinAnswer>
  joinRequests(query: PageQuery & { all: boolean }): List<JoinRequestItem>
  acceptJoinRequest(id: string, code: string): Promise<JoinRequestItem>
  refuseJoinRequest(id: string): Promise<JoinRequestItem>
  /** `preview`: the id of the one that was seen; null if none was. Error: 409 `preview-stale`. */
  startImport(preview: string | null): Promise<ImportAnswer>
  importState(): ImportAnswer
  importFailed(query: PageQuery): List<ImportFailedItem>
  members(query: PageQuery): List<MemberStatus>
  /** Removes another shop from the network, for ever. */
  evict(member: string): Promise<void>
  /** `force` leaves though nobody has heard of all of this shop's changes. */
  leave(force: boolean): Promise<void>
  problems(query: ProblemsQuery): Promise<ProblemList>
  problemItems(id: string, query: PageQuery): Promise<List<StockItem>>
  actOnProblem(id: string, action: string, version: number): Promise<void>
}

/** An answer other than 2xx: stable code, HTTP status and one sentence that says what to do. */
export class ApiFailure extends Error {
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
    this.details = details
  }
}

export function memberUnknown(): ApiFailure {
  return new ApiFailure(404, 'member-unknown', 'No member of the network has this id. Read /members for the ids.')
}

/**
 * The node as the HTTP interface sees it. It translates questions and answers; what is decided, is decided elsewhere.
 */
import {
  type Failure,
  importCancelling,
  type ImportAnswer,
  type JoinAnswer,
  type JoinRequestItem,
  type List,
  type LiveState,
  type LogItem,
  type MemberStatus,
  type MovementItem,
  type ProblemList,
  type Result,
  type StatusAnswer,
  type StockDetail,
  type StockItem,
  type ImportFailedItem,
  type SkuKey,
} from '@stockmesh/protocol'
import {
  ApiFailure,
  type LogQuery,
  memberUnknown,
  type NodeApi,
  type PageQuery,
  type ProblemsQuery,
  type StockQuery,
} from '../http/node-api.ts'
import { pageOf } from '../views/short-list.ts'
import type { NodeHost } from './node-host.ts'
import { refuseWhilePaused } from './pause-desk.ts'
import { actOnProblem, findProblem, findProblems } from './problem-desk.ts'
import { joinAnswer, joinRequestItem, membersOf, statusOf, unclaimedBy } from './status.ts'
import type { StockNode } from './stock-node.ts'
import { findKey, stockDetail } from './stock-detail.ts'

export class NodeFacade implements NodeApi {
  readonly #present: () => NodeHost | null

  /** `host` answers null while the node is being opened. */
  constructor(host: () => NodeHost | null) {
    this.#present = host
  }

  /** The node's present life, for the desks beside this one. Error: 503 `node-restarting`. */
  get node(): StockNode {
    return this.host.node
  }

  /** The owner of the node's lives. Error: 503 `node-restarting`. */
  get host(): NodeHost {
    const host = this.#present()
    if (host === null) throw new ApiFailure(503, 'node-restarting', 'The node is loading. Try again in a second.')
    return host
  }

  status(): StatusAnswer {
    return statusOf(this.host.node, this.host.facts())
  }

  /** What the live channel shows. */
  live(): LiveState {
    const { node } = this.host
    const status = this.status()
    return {
      status,
      join: this.joinState(),
      import: this.importState(),
      versions: {
        stock: node.index.version,
        log: node.ledger.lines,
        // Side by side, not added up: a SKU that changes as it stops being a problem would leave the sum as it was.
        problems: node.index.version * 1_000_000 + status.stock.problems,
        requests: node.network.requestsVersion,
      },
    }
  }

  ready(): boolean {
    return this.#present()?.isOpen === true
  }

  stock(query: StockQuery): List<StockItem> {
    const { node } = this.host
    if (query.behind === null) return node.index.list(query, null)
    const member = node.network.members.find(({ shopId }) => shopId === query.behind)
    if (member === undefined) {
      throw memberUnknown()
    }
    return node.index.list(query, unclaimedBy(node, [member.shopId]))
  }

  stockDetail(sku: string): Promise<StockDetail> {
    return stockDetail(this.host.node, this.#keyOf(sku))
  }

  movements(sku: string, query: PageQuery): Promise<List<MovementItem>> {
    return this.host.node.log.movements(this.#keyOf(sku), query)
  }

  log(query: LogQuery): Promise<List<LogItem>> {
    const { node } = this.host
    const key = query.sku === null ? null : (findKey(node, query.sku) ?? (query.sku as SkuKey))
    return node.log.log(query, key)
  }

  async join(request: { address: string; importWhenAccepted: boolean }): Promise<JoinAnswer> {
    const { outgoing } = this.host.node.network
    unwrap(await outgoing.request(request.address, request.importWhenAccepted))
    return joinAnswer(outgoing)
  }

  joinState(): JoinAnswer {
    return joinAnswer(this.host.node.network.outgoing)
  }

  async cancelJoin(): Promise<JoinAnswer> {
    const { outgoing } = this.host.node.network
    await outgoing.cancel()
    return joinAnswer(outgoing)
  }

  joinRequests(query: PageQuery & { all: boolean }): List<JoinRequestItem> {
    const items = this.host.node.network.incoming.list().map(joinRequestItem)
    return pageOf(
      items.filter((item) => query.all || item.state === 'seen'),
      ({ id }) => id,
      query,
    )
  }

  async acceptJoinRequest(id: string, code: string): Promise<JoinRequestItem> {
    return await this.host.change(() => this.#accept(id, code))
  }

  async #accept(id: string, code: string): Promise<JoinRequestItem> {
    const { network } = this.host.node
    const known = network.incoming.list().find((request) => request.id === id)
    const item = joinRequestItem(unwrap(await network.incoming.accept(id, code)))
    if (known?.state === 'seen') {
      network.document?.append({ at: this.host.now(), kind: 'joined', shop: item.name })
    }
    return item
  }

  async refuseJoinRequest(id: string): Promise<JoinRequestItem> {
    return joinRequestItem(unwrap(await this.host.node.network.incoming.refuse(id)))
  }

  async startImport(preview: string | null = null): Promise<ImportAnswer> {
    const { node } = this.host
    refuseWhilePaused(node.shop)
    if (node.network.isJoining) {
      throw new ApiFailure(
        409,
        'join-pending',
        'This shop has asked to join another network. Wait for the answer, or cancel the request first.',
      )
    }
    if (node.shop.undo.isCancelling) throw apiFailure(importCancelling)
    if (node.network.network === null) await node.found()
    else if (!(await node.shop.words.start(preview))) {
      throw new ApiFailure(
        409,
        'preview-stale',
        'More has changed since this preview than was sold. Look at the new one before you start the import.',
      )
    }
    return node.shop.importer.answer()
  }

  /** The shop says that something changed there. */
  hint(): void {
    this.host.node.shop.wake()
  }

  importState(): ImportAnswer {
    return this.host.node.shop.importer.answer()
  }

  importFailed(query: PageQuery): List<ImportFailedItem> {
    return pageOf(this.host.node.shop.importer.failed(), ({ productId }) => productId, query)
  }

  members(query: PageQuery): List<MemberStatus> {
    return pageOf(membersOf(this.host.node), ({ id }) => id, query)
  }

  async evict(member: string): Promise<void> {
    unwrap(await this.host.node.network.evict(member))
  }

  leave(force: boolean): Promise<void> {
    return this.host.leave(force)
  }

  async problems({ member, ...query }: ProblemsQuery): Promise<ProblemList> {
    const { items, unanswered } = await findProblems(this.host.node, member)
    const page = pageOf(items, (problem) => `${problem.member} ${problem.id}`, query)
    return { ...page, unanswered: unanswered.map(({ shopId, name }) => ({ id: shopId, name })) }
  }

  async problemItems(id: string, query: PageQuery): Promise<List<StockItem>> {
    const { keys } = await findProblem(this.host.node, id)
    const page = pageOf(keys, (key) => key, query)
    return { ...page, items: page.items.map((key) => this.host.node.index.item(key)) }
  }

  actOnProblem(id: string, action: string, version: number): Promise<void> {
    const { host } = this
    return actOnProblem(host.node, id, { action, version, now: host.now() })
  }

  #keyOf(sku: string): SkuKey {
    const key = findKey(this.host.node, sku)
    if (key === null) {
      throw new ApiFailure(404, 'sku-unknown', 'No shop of the network has this SKU. Check the spelling.')
    }
    return key
  }
}

const statusOfCode: Readonly<Record<string, number>> = {
  'import-cancelling': 409,
  'request-unknown': 404,
  'request-closed': 409,
  'code-mismatch': 409,
  'import-first': 409,
  'key-removed': 409,
  'membership-full': 409,
  'no-network': 409,
  'use-leave': 409,
  'not-a-member': 409,
  'member-unknown': 404,
  'leave-first': 409,
  'join-pending': 409,
  'join-closed': 409,
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw apiFailure(result)
}

function apiFailure({ code, message }: Failure): ApiFailure {
  return new ApiFailure(statusOfCode[code] ?? 422, code, message)
}

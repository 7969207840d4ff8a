/**
 * A node that answers from memory and notes what it was asked: what the HTTP interface and the command line are
 * tested against.
 */
import type {
  CountAnswer,
  ImportAnswer,
  ImportPreview,
  ImportPreviewItem,
  ImportWord,
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
} from '@stockmesh/protocol'
import type { ImportApi } from '../../packages/node/src/http/import-routes.ts'
import { ApiFailure, type NodeApi, type PageQuery } from '../../packages/node/src/http/node-api.ts'
import { nothingStopped } from '../harness/status.ts'

export const nodeId = 'abcdefghijklmnopqrstuvwxyz'

const self: MemberStatus = {
  id: nodeId,
  name: 'Butik DK',
  url: 'http://127.0.0.1:7400',
  self: true,
  online: true,
  lastContactAt: '2026-03-01T11:59:48Z',
  behind: 0,
  release: null,
  clockAheadMs: null,
  import: null,
  shopState: null,
}

export class FakeNode implements NodeApi, ImportApi {
  /** Every call that reached the node, as `name(arguments)`. */
  readonly calls: string[] = []
  isReady = true
  items: StockItem[] = [
    item('ABC-1', 'Kop', 100),
    item('a/b ?#%', '=HYPERLINK("x")', -1),
    item('Æ-29', 'Krus, "stort"', 7),
  ]
  requests: JoinRequestItem[] = [
    {
      id: 'r1',
      name: 'Butik SE',
      url: 'http://127.0.0.1:7401',
      code: 'K7QM-4T2A',
      state: 'seen',
      at: self.lastContactAt ?? '',
    },
  ]
  importAnswers: ImportAnswer[] = []
  /** Starts that are refused because the preview does not hold any more. */
  stalePreviews = 0
  #previews = 0
  failing: Error | null = null
  /** Held calls of `join` wait for this. */
  gate: Promise<void> = Promise.resolve()

  status(): StatusAnswer {
    this.#note('status')
    return {
      node: { id: nodeId, name: 'Butik DK', url: self.url, release: '0.1.0' },
      shop: {
        connector: 'builtin',
        promise: 'exact',
        state: 'connected',
        lastContactAt: null,
        url: null,
        location: null,
      },
      network: { id: 'f'.repeat(64), inStep: true, evicted: false, members: [self] },
      import: { state: 'done', done: 3, total: 3 },
      stock: { skus: 3, matched: 3, oversold: 1, problems: 1 },
      pending: { in: 0, out: 0, shop: 0 },
      lastChangeAt: self.lastContactAt,
      ...nothingStopped,
    }
  }

  ready(): boolean {
    return this.isReady
  }

  stock(query: Parameters<NodeApi['stock']>[0]): List<StockItem> {
    this.#note('stock', query)
    return pageOf(this.items, query)
  }

  async stockDetail(sku: string): Promise<StockDetail> {
    this.#note('stockDetail', sku)
    const found = this.items.find((candidate) => candidate.sku === sku)
    if (found === undefined) throw new ApiFailure(404, 'sku-unknown', `No product has the SKU ${sku}.`)
    const baseline = { quantity: 90, by: nodeId, at: '2026-02-01T00:00:00Z', generation: 0 }
    return {
      ...found,
      buffer: null,
      leftOut: null,
      baseline,
      byShop: [{ member: nodeId, added: 12, removed: 2 }],
      products: [],
      shops: [],
    }
  }

  async movements(sku: string, query: PageQuery): Promise<List<MovementItem>> {
    this.#note('movements', sku)
    const sale = { at: '2026-03-01T10:00:00Z', member: nodeId, cause: 'sale', levelAfter: 98 } as const
    return pageOf([{ ...sale, delta: -2, reference: '@1001' }], query)
  }

  async log(query: Parameters<NodeApi['log']>[0]): Promise<List<LogItem>> {
    this.#note('log', query)
    const line = { at: '2026-03-01T10:00:00Z', member: nodeId, sku: 'ABC-1', name: 'Kop', delta: -2, levelAfter: 98 }
    return pageOf([{ ...line, cause: 'sale', reference: '1001', result: 'applied' }], query)
  }

  async join(request: { address: string; importWhenAccepted: boolean }): Promise<JoinAnswer> {
    this.#note('join', request)
    await this.gate
    return {
      id: 'r1',
      address: request.address,
      code: 'K7QM-4T2A',
      state: 'seen',
      error: null,
      errorCode: null,
      expiresAt: '2026-03-08T12:00:00Z',
    }
  }

  joinState(): JoinAnswer {
    this.#note('joinState')
    return { state: 'none' }
  }

  async cancelJoin(): Promise<JoinAnswer> {
    this.#note('cancelJoin')
    return { state: 'none' }
  }

  joinRequests(query: PageQuery & { all: boolean }): List<JoinRequestItem> {
    this.#note('joinRequests', { all: query.all })
    return pageOf(this.requests, query)
  }

  async acceptJoinRequest(id: string, code: string): Promise<JoinRequestItem> {
    this.#note('acceptJoinRequest', id, code)
    const request = this.#request(id)
    if (request.code !== code) throw new ApiFailure(409, 'code-mismatch', 'The codes are not equal. Do not accept.')
    return { ...request, state: 'accepted' }
  }

  async refuseJoinRequest(id: string): Promise<JoinRequestItem> {
    this.#note('refuseJoinRequest', id)
    return { ...this.#request(id), state: 'refused' }
  }

  importPreview(): ImportPreview {
    this.#note('importPreview')
    this.#previews += 1
    const totals = { matched: 2, differ: 1, onlyHere: 1, onlyNetwork: 4, unitsChanged: 7, toZero: 1 }
    return { id: `seen-${this.#previews}`, at: '2026-03-01T12:00:00Z', ...totals }
  }

  importPreviewItems(query: PageQuery): List<ImportPreviewItem> {
    this.#note('importPreviewItems')
    return pageOf([{ sku: 'SKU-7', name: 'Kop', from: 7, to: 0 }], query)
  }

  async undoImport(): Promise<ImportAnswer> {
    this.#note('undoImport')
    return this.#nextImport()
  }

  async sayOfImport(word: ImportWord): Promise<ImportAnswer> {
    this.#note('sayOfImport', word)
    return this.#nextImport()
  }

  async useThisShop(request: { skus: readonly string[] | null; dryRun: boolean }): Promise<CountAnswer> {
    this.#note('useThisShop', request)
    return { items: [], counted: 0, refused: 0, unitsChanged: 0, dryRun: request.dryRun, unheard: [] }
  }

  async startImport(preview: string | null): Promise<ImportAnswer> {
    this.#note('startImport', preview)
    if (this.stalePreviews > 0) {
      this.stalePreviews -= 1
      throw new ApiFailure(409, 'preview-stale', 'More has changed than was sold. Look at the new preview.')
    }
    return this.#nextImport()
  }

  importState(): ImportAnswer {
    this.#note('importState')
    return this.#nextImport()
  }

  importFailed(query: PageQuery): ReturnType<NodeApi['importFailed']> {
    this.#note('importFailed')
    return pageOf([{ sku: 'X', name: '-5', productId: '17', code: 'stock-fraction', message: 'Half a unit.' }], query)
  }

  members(query: PageQuery): List<MemberStatus> {
    this.#note('members')
    return pageOf([self], query)
  }

  async evict(member: string): Promise<void> {
    this.#note('evict', member)
  }

  async leave(force: boolean): Promise<void> {
    this.#note('leave', force)
  }

  async problems({ member, ...query }: Parameters<NodeApi['problems']>[0]): Promise<ProblemList> {
    this.#note('problems', member)
    const problem = { id: 'p1', version: 3, kind: 'oversold', member: nodeId, sku: 'a/b ?#%', count: 1 } as const
    const actions = [{ id: 'dismiss', destructive: false }]
    const since = '2026-03-01T10:00:00Z'
    const page = pageOf([{ ...problem, message: 'Sold twice.', details: {}, since, actions }], query)
    return { ...page, unanswered: [] }
  }

  async problemItems(id: string, query: PageQuery): Promise<List<StockItem>> {
    this.#note('problemItems', id)
    return pageOf(this.items.slice(1, 2), query)
  }

  async actOnProblem(id: string, action: string, version: number): Promise<void> {
    this.#note('actOnProblem', id, action, version)
    if (version !== 3) throw new ApiFailure(409, 'problem-changed', 'The problem has grown. Look at it again.')
  }

  #note(name: string, ...given: unknown[]): void {
    this.calls.push(`${name}(${given.map((one) => JSON.stringify(one)).join(', ')})`)
    if (this.failing !== null) throw this.failing
  }

  #request(id: string): JoinRequestItem {
    const found = this.requests.find((request) => request.id === id)
    if (found === undefined) throw new ApiFailure(404, 'request-unknown', 'There is no such request.')
    return found
  }

  #nextImport(): ImportAnswer {
    const [next] = this.importAnswers
    if (this.importAnswers.length > 1) this.importAnswers.shift()
    return next ?? importAnswer('done', 3, 3)
  }
}

export function importAnswer(state: ImportAnswer['state'], done: number, total: number, failedCount = 0): ImportAnswer {
  const startedAt = '2026-03-01T12:00:00Z'
  const pausedBy = state === 'paused' ? 'import' : null
  const counts = { done, total, failedCount, ratePerSecond: 250 }
  return { state, ...counts, pausedBy, cancelling: false, startedAt, finishedAt: null, undo: null }
}

export function item(sku: string, name: string, level: number): StockItem {
  const shown = Math.max(0, level)
  const state = level < 0 ? 'oversold' : 'synced'
  return { sku, name, level, shown, shopLevel: shown, state, updatedAt: '2026-03-01T10:00:00Z' }
}

function pageOf<T>(items: readonly T[], query: PageQuery): List<T> {
  const from = query.after === null ? 0 : Number(query.after)
  const to = from + query.limit
  return { items: items.slice(from, to), next: to < items.length ? String(to) : null, total: items.length }
}

/**
 * The connector to a shop with a database of its own, class *ledger*: triggers note each change in the transaction that
 * makes it, and the node numbers what it sees. It looks at short intervals instead of being told, since a notification
 * in PostgreSQL makes the commits of the whole database wait for each other.
 */
import { type FeedRow, limits } from '@stockmesh/protocol'
import { Lane } from '../../lane.ts'
import type { Clock, Random, Timers } from '../../ports.ts'
import { Wakeup } from '../../wakeup.ts'
import {
  type Adjustment,
  type AdjustmentResult,
  type Attachment,
  anotherNodeAttached,
  ConnectorError,
  type FeedPage,
  type StockRowPage,
} from '../connector.ts'
import type { OpenConnector } from '../platform.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { applyAdjustments, type Outcome, rehearse } from './adjustments.ts'
import { audit } from './audit.ts'
import { assertInstalledFor, knownRow, marks, readState, rowColumns, type State } from './books.ts'
import { type Database, integer, text } from './database.ts'
import { stockRowOf } from './fold-change.ts'
import {
  adjustmentsPerTransaction,
  auditEveryMs,
  idleAfterMs,
  idlePollMs,
  pageRowsMax,
  pollMs,
  rehearsalEveryMs,
} from './limits.ts'
import { numberChanges } from './numbering.ts'
import { pruneFeed } from './pruning.ts'
import type { ShopTable } from './shop-table.ts'

export interface SqlConnectorParts {
  readonly database: Database
  readonly table: ShopTable
  readonly shopUrl: string | null
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}

type AttachRequest = Parameters<OpenConnector['attach']>[0]
type FeedRequest = Parameters<OpenConnector['feed']>[0]

export class SqlConnector implements OpenConnector {
  readonly name = 'sql'
  readonly promise = 'exact'
  readonly shopUrl: string | null
  readonly #parts: SqlConnectorParts
  /** Numbering is one after the other, also here: a second one would wait in the database. */
  readonly #numbering = new Lane()
  readonly #running = new Set<Promise<unknown>>()
  #total = 0
  #auditedAt = Number.NEGATIVE_INFINITY
  #rehearsedAt = Number.NEGATIVE_INFINITY
  #prunedAt = Number.NEGATIVE_INFINITY
  /** When the feed last had something new. */
  #movedAt = Number.NEGATIVE_INFINITY

  constructor(parts: SqlConnectorParts) {
    this.#parts = parts
    this.shopUrl = parts.shopUrl
  }

  async attach(request: AttachRequest, signal: AbortSignal): Promise<Attachment> {
    return await this.#call(this.#attach(request), signal)
  }

  async #attach({ network, node, fresh }: AttachRequest): Promise<Attachment> {
    const { database, table, clock, random } = this.#parts
    await this.#rehearse()
    const before = await database.transaction('read committed', async (session) => {
      await assertInstalledFor(table.mapping, session, database.dialect)
      return await readState(session, database, false)
    })
    const current = attachmentOf(before)
    if (current !== null && !fresh && before.network === network && before.node === node) return current
    this.#auditedAt = clock.now()
    return await this.#numbering.run(() =>
      audit(this.#parts, true, async (session, books) => {
        const at = clock.now()
        const nothing = {
          stockId: '',
          sku: null,
          unique: true,
          delta: 0,
          stock: null,
          reference: null,
          opId: null,
          row: null,
        }
        const { id: start } = books.append({ id: books.position + 1, at, kind: 'attached', ...nothing })
        const epoch = Buffer.from(random.bytes(8)).toString('hex')
        await session.query(
          `UPDATE ${database.dialect.own('state')} SET epoch = ?, network = ?, node = ?, start_seq = ?, identity = ${database.identity} WHERE one = 1`,
          [epoch, network, node, start],
        )
        return { epoch, start }
      }),
    )
  }

  async list({ after, limit }: { after: string | null; limit: number }, signal: AbortSignal): Promise<StockRowPage> {
    return await this.#call(this.#list(after, Math.min(limit, pageRowsMax), signal), signal)
  }

  async #list(after: string | null, limit: number, signal: AbortSignal): Promise<StockRowPage> {
    const { database } = this.#parts
    const state = await this.#state()
    // Before the first epoch nothing is known of the table, which is not to say that nothing is in it.
    if (state.epoch === null && after === null) await this.#audit(true)
    else if (state.isPending) await this.#number(signal)
    return await database.transaction('repeatable read', async (session) => {
      const { epoch } = await readState(session, database, false)
      const stockRows = database.dialect.own('stock_row')
      if (after === null) {
        const [counted] = await session.query(`SELECT COUNT(*) AS total FROM ${stockRows}`)
        this.#total = integer(counted?.['total'] ?? null)
      }
      const rows = await session.query(
        `SELECT ${rowColumns.join(', ')} FROM ${stockRows} ${after === null ? '' : 'WHERE row_id > ?'}
          ORDER BY row_id LIMIT ${limit + 1}`,
        after === null ? [] : [after],
      )
      const items = rows.slice(0, limit).map((row) => stockRowOf(knownRow(row)))
      const next = rows.length > limit ? (items.at(-1)?.stockId ?? null) : null
      return { epoch: epoch ?? '', items, next, total: Math.max(this.#total, items.length) }
    })
  }

  async feed(request: FeedRequest, signal: AbortSignal): Promise<FeedPage> {
    const { clock } = this.#parts
    const deadline = clock.now() + request.waitMs
    for (;;) {
      const page = await this.#call(this.#readFeed(request, signal), signal)
      if (page.rows.length > 0) this.#movedAt = clock.now()
      if (page.rows.length > 0 || !(await this.#untilNews(request, deadline, signal))) return page
    }
  }

  /** One look at a time, in one short transaction. Answers whether there may be news before the deadline. */
  async #untilNews({ epoch, after }: FeedRequest, deadline: number, signal: AbortSignal): Promise<boolean> {
    const { clock, timers } = this.#parts
    const pause = new Wakeup(timers)
    for (;;) {
      const now = clock.now()
      if (now >= deadline) return false
      const ms = Math.abs(now - this.#movedAt) < idleAfterMs ? pollMs : idlePollMs
      await pause.wait(Math.min(deadline - now, ms), signal)
      signal.throwIfAborted()
      await this.#call(this.#lookAround(after, signal), signal)
      const state = await this.#call(this.#state(), signal)
      if (state.isPending || state.position !== after || state.epoch !== epoch) return true
    }
  }

  async #readFeed({ epoch, after, tag, limit }: FeedRequest, signal: AbortSignal): Promise<FeedPage> {
    const { database } = this.#parts
    await this.#lookAround(after, signal)
    const first = await this.#state()
    assertEpoch(first, epoch)
    if (first.isPending) await this.#number(signal)
    return await database.transaction('repeatable read', async (session) => {
      const state = await readState(session, database, false)
      assertEpoch(state, epoch)
      if (after > state.position) throw rolledBack()
      const rows = await session.query(
        `SELECT seq, tag, body FROM ${database.dialect.own('feed')} WHERE seq >= ? ORDER BY seq LIMIT ?`,
        [after, Math.min(limit, pageRowsMax) + 1],
      )
      const found = rows.map((row) => ({ id: integer(row['seq']), tag: text(row['tag']), body: text(row['body']) }))
      const last = found[0]?.id === after ? found.shift() : undefined
      if (tag !== null && last?.tag !== tag) throw rolledBack()
      const page = found.slice(0, limit)
      // Rows that are kept no longer are as little to be had as rows that never were.
      if (page.some(({ id }, index) => id !== after + 1 + index)) throw rolledBack()
      if (page.length === 0 && after < state.position) throw rolledBack()
      // Written by ourselves, in the transaction that the row stands for.
      return { rows: page.map(({ body }) => JSON.parse(body) as FeedRow), end: state.position }
    })
  }

  async adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly AdjustmentResult[]> {
    return await this.#call(this.#adjust(adjustments, signal), signal)
  }

  async #adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly AdjustmentResult[]> {
    const { database, table } = this.#parts
    // Whether a SKU stands twice is known from what is numbered.
    if ((await this.#state()).isPending) await this.#number(signal)
    const outcomes: Outcome[] = []
    for (let from = 0; from < adjustments.length; from += adjustmentsPerTransaction) {
      signal.throwIfAborted()
      const part = adjustments.slice(from, from + adjustmentsPerTransaction)
      outcomes.push(...(await applyAdjustments(database, table, part)))
    }
    const made = outcomes.filter(({ status }) => status !== 'refused').map(({ opId }) => opId)
    if (made.length > 0) await this.#number(signal)
    const feedIds = await this.#feedIds(made)
    return outcomes.map((outcome): AdjustmentResult => {
      if (outcome.status === 'refused') return outcome
      const feedId = feedIds.get(outcome.opId)
      if (feedId === undefined) throw new ConnectorError('shop-error', 'An adjustment is not in the feed yet.')
      return { ...outcome, feedId }
    })
  }

  async #feedIds(opIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { database } = this.#parts
    if (opIds.length === 0) return new Map()
    const rows = await database.transaction('read committed', (session) =>
      session.query(
        `SELECT op_id, feed_id FROM ${database.dialect.own('applied')} WHERE feed_id IS NOT NULL
          AND op_id IN (${marks(opIds.length)})`,
        opIds,
      ),
    )
    return new Map(rows.map((row) => [text(row['op_id']), integer(row['feed_id'])]))
  }

  /** What goes wrong without a sign: lost triggers, changes that no trigger tells, a feed that grows. */
  async #lookAround(readUpTo: number, signal: AbortSignal): Promise<void> {
    const now = this.#parts.clock.now()
    if (now - this.#rehearsedAt >= rehearsalEveryMs) await this.#rehearse()
    if (now - this.#prunedAt >= limits.feedPruneMs) {
      this.#prunedAt = now
      await pruneFeed(this.#parts.database, readUpTo, now, signal)
    }
    if (now - this.#auditedAt < auditEveryMs) return
    const { epoch } = await this.#state()
    if (epoch === null) return
    await this.#audit(false)
    this.#auditedAt = now
  }

  async #audit(isSilent: boolean): Promise<void> {
    await this.#numbering.run(() => audit(this.#parts, isSilent, () => Promise.resolve()))
  }

  async #rehearse(): Promise<void> {
    const { database, table, clock, random } = this.#parts
    await rehearse(database, table, Buffer.from(random.bytes(16)).toString('hex'))
    this.#rehearsedAt = clock.now()
  }

  async #state(): Promise<State> {
    const { database } = this.#parts
    return await database.transaction('read committed', (session) => readState(session, database, false))
  }

  async #number(signal: AbortSignal): Promise<void> {
    const { database, random } = this.#parts
    await this.#numbering.run(() => numberChanges(database, random, signal))
  }

  /** What is under way after an abort is waited for before the connections close. */
  async #call<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    this.#running.add(work)
    const done = (): boolean => this.#running.delete(work)
    work.then(done, done)
    return await unlessAborted(work, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#running)
    await this.#parts.database[Symbol.asyncDispose]()
  }
}

function attachmentOf({ epoch, start }: State): Attachment | null {
  return epoch === null ? null : { epoch, start }
}

function assertEpoch(state: State, epoch: string): void {
  // "stockmesh sql install" ends the epoch: the shop is read anew.
  if (state.epoch === null) throw rolledBack()
  if (state.epoch !== epoch) throw anotherNodeAttached()
}

function rolledBack(): ConnectorError {
  return new ConnectorError('feed-rolled-back', "The shop's feed is not the one that was read before.")
}

/**
 * The audit of the running node: its database as it stands at one moment, what it has in memory of it, and its shadow
 * levels beside what the shop says now.
 */
import {
  type AuditAnswer,
  claimOf,
  emptySum,
  equalBytes,
  type Holdings,
  type RecordSum,
  replaceInSum,
  type Rid,
} from '@stockmesh/protocol'
import { auditNode } from '../audit/audit-node.ts'
import { Faults } from '../audit/faults.ts'
import { ConnectorError, type LedgerConnector } from '../connectors/connector.ts'
import type { Timers } from '../ports.ts'
import type { NodeHost } from './node-host.ts'
import type { StockNode } from './stock-node.ts'

/** Records that are hashed, and shop rows that are compared, before anything else has its turn. */
const stepSize = 500

export class AuditDesk {
  readonly #host: () => NodeHost
  readonly #timers: Timers
  #present: Promise<AuditAnswer> | null = null

  /** `host`: error 503 `node-restarting`. */
  constructor(host: () => NodeHost, timers: Timers) {
    this.#host = host
    this.#timers = timers
  }

  /** Callers at the same time share one audit. Error: 503 `node-restarting`. */
  async verify(): Promise<AuditAnswer> {
    this.#present ??= this.#verify().finally(() => {
      this.#present = null
    })
    return await this.#present
  }

  async #verify(): Promise<AuditAnswer> {
    const host = this.#host()
    const { node } = host
    const faults = new Faults()
    await using snapshot = await host.storage.snapshot()
    const { rows, replicas, records, movements } = await auditNode(snapshot, node.ledger.holdings.hashes, faults)
    await auditMemory(node, this.#timers, faults)
    const shopRows = node.shop.isPaused ? 0 : await auditShadows(node, host.connector, faults)
    const checked = { rows, replicas, records, movements, shopRows }
    return { ok: faults.count === 0, running: true, checked, faultCount: faults.count, faults: faults.kept }
  }
}

/** A replica that changes meanwhile is left out: what it becomes is hashed by whoever changes it. */
async function auditMemory({ ledger: { holdings } }: StockNode, timers: Timers, faults: Faults): Promise<void> {
  for (const rid of holdings.replicas.keys()) {
    const before = claimOf(holdings, rid)
    const sum = await sumHeld(holdings, rid, timers)
    const { high, digest } = claimOf(holdings, rid)
    if (high !== before.high || !equalBytes(digest, before.digest) || equalBytes(sum, holdings.sum(rid))) continue
    faults.add('memory-unequal', `What the node has in memory up to ${high} is not what it claims.`, { replica: rid })
  }
}

async function sumHeld(holdings: Holdings, rid: Rid, timers: Timers): Promise<RecordSum> {
  const sum = emptySum(holdings.hashes)
  let count = 0
  for (const { bytes } of holdings.above(rid, 0)) {
    replaceInSum(holdings.hashes, sum, null, bytes)
    count += 1
    if (count % stepSize === 0) await turn(timers)
  }
  return sum
}

/** Rows that the feed has not told of yet are left out. How many were compared. */
async function auditShadows({ shop }: StockNode, connector: LedgerConnector, faults: Faults): Promise<number> {
  const { book } = shop
  if (book.feed === null) return 0
  const never = new AbortController().signal
  let compared = 0
  let after: string | null = null
  try {
    do {
      const page = await connector.list({ after, limit: stepSize }, never)
      for (const { stockId, version, stock, sku } of page.items) {
        if (version > book.feed.position) continue
        const row = book.rows.get(stockId)
        // The feed has told of more than this page.
        if (row !== undefined && row.version > version) continue
        compared += 1
        if (row?.version === version && row.stock === stock) continue
        const known = row === undefined ? 'does not know the row' : `has ${row.stock ?? 'nothing'}`
        const message = `The shop says ${stock ?? 'nothing'} of row ${stockId}, and the node ${known}.`
        faults.add('shadow-unequal', message, { sku })
      }
      after = page.next
    } while (after !== null)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    faults.add('shop-unread', `The shop could not be compared: ${error.message}`, {})
  }
  return compared
}

function turn(timers: Timers): Promise<void> {
  return new Promise((resolve) => void timers.after(0, resolve))
}

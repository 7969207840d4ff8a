/**
 * What a received range tells in the log beside its movements: new products, and stock counts. Holdings are those after
 * the range was applied.
 */
import {
  type Applied,
  assert,
  type BaselineRecord,
  baselineEffect,
  type Holdings,
  levelIn,
  recordsOf,
  type Rid,
  shopOfRid,
  type SkuKey,
  type StockRecord,
  winningBaseline,
} from '@stockmesh/protocol'
import { eventLine, type LogLine } from './log-line.ts'

/** New products in one range that get a line each. */
const createdLinesMax = 50

export function receivedLines(holdings: Holdings, applied: readonly Applied[]): LogLine[] {
  const lines: LogLine[] = []
  const created: LogLine[] = []
  const listings = new Map<number, SkuKey>()
  for (const { held } of applied) if (isListing(held.record)) listings.set(held.record.seq, held.record.key)
  for (const one of applied) {
    const { rid, record } = one.held
    if (record.kind !== 'baseline') continue
    // Where a product that every shop had dropped was created again, its listing is issued right after its number.
    const isCreation = record.baseline.kind === 'first' || listings.get(record.seq + 1) === record.key
    if (isCreation) created.push(createdLine(holdings, rid, record))
    else lines.push(countLine(holdings, one))
  }
  // A first import is one event; what is created afterwards is a line each.
  return created.length > createdLinesMax ? lines : [...lines, ...created]
}

function isListing(record: StockRecord): boolean {
  return record.kind === 'listed' && record.value
}

/** A new product, or one that two shops created apart. */
function createdLine(holdings: Holdings, rid: Rid, record: BaselineRecord): LogLine {
  const { baselines } = recordsOf(holdings, record.key)
  const winner = winningBaseline(baselines)
  const loser = baselines.find((one) => one !== winner)
  const replaced = loser !== undefined && winner !== null
  const result = replaced
    ? `${loser.record.baseline.quantity} replaced by ${winner.record.baseline.quantity}`
    : 'baseline'
  const { key, text, name } = record
  const levelAfter = levelIn(holdings, key)
  return eventLine(record.baseline.stamp, shopOfRid(rid), 'created', { key, sku: text, name, levelAfter, result })
}

/** A stock count, made here or elsewhere: its baseline came into the holdings. */
export function countLine(holdings: Holdings, { held, before }: Applied): LogLine {
  const { rid, record } = held
  assert(record.kind === 'baseline', 'a stock count is a baseline')
  const { from, to, stands } = baselineEffect(
    recordsOf(holdings, record.key),
    { rid, record },
    before?.kind === 'baseline' ? before : null,
  )
  const replaced = from === null ? 'baseline' : `${from} replaced by ${to}`
  const { key, text, name, baseline } = record
  return eventLine(baseline.stamp, shopOfRid(rid), 'stock-count', {
    key,
    sku: text,
    name,
    delta: (to ?? 0) - (from ?? 0),
    levelAfter: to,
    result: stands ? replaced : 'later-count-stands',
  })
}

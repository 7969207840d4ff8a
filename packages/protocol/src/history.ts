/**
 * The history of a replica: its movements, numbered from 1 without gaps, which stand behind the records and never
 * change a level. Each row says to which change (`seq`) it belongs and what its SKU's total of the replica was after
 * it, so that the rows of a SKU form a chain which ends at the total that is held.
 *
 *   T1  Held are the rows `first` to `through`, in seq order; `complete` is the seq up to which they are all there are.
 *   T2  Of each SKU: what was carried from before `first` and the rows add up to the total, once `complete` covers it.
 *   T3  A row that does not fit the totals that are held is not taken.
 */
import {
  createWriter,
  finish,
  parseBytes,
  readInt,
  readText,
  readUint,
  writeInt,
  writeText,
  writeUint,
} from './bytes.ts'
import { skuCharactersMax, totalUnitsMax } from './limits.ts'
import { type Movement, readMovement, writeMovement } from './movement.ts'
import type { TotalsRecord } from './record.ts'
import { failure, type Result, success } from './result.ts'
import type { SkuKey } from './sku.ts'

export interface HistoryRow {
  /** The change of the replica that the movement is. */
  readonly seq: number
  readonly key: SkuKey
  /** What the replica had added to the SKU less what it had removed, after the change. */
  readonly net: number
  readonly movement: Movement
}

/** How much of a replica's history is held. */
export interface History {
  /** Number of the oldest row; one more than `through` where none is held. */
  readonly first: number
  readonly through: number
  /** Of the newest row; 0 where none ever was. */
  readonly seq: number
  /** All movements up to this seq are held, or carried. */
  readonly complete: number
  /** From this number on all that was carried was carried here; before it lies what nobody told. */
  readonly adopted: number
}

export const noHistory: History = { first: 1, through: 0, seq: 0, complete: 0, adopted: 1 }

/** Rows of one replica, as its origin wrote them, on their way to another node. */
export interface HistoryPart {
  /** Number of the first row. */
  readonly first: number
  readonly rows: readonly Uint8Array[]
  /** Up to this seq there are no more rows; 0 where more are to come. */
  readonly complete: number
  /** Number of the oldest row that the sender has. */
  readonly floor: number
}

export interface NumberedRow {
  readonly n: number
  readonly row: HistoryRow
  /** The origin's bytes. */
  readonly bytes: Uint8Array
}

export function encodeHistoryRow({ seq, key, net, movement }: HistoryRow): Uint8Array {
  const writer = createWriter()
  writeUint(writer, seq)
  writeText(writer, key)
  writeInt(writer, net)
  writeMovement(writer, movement)
  return finish(writer)
}

/** Any bytes give a row or the failure `malformed`. Bytes after the known fields are a newer release's. */
export function decodeHistoryRow(bytes: Uint8Array): Result<HistoryRow> {
  return parseBytes(bytes, (reader) => ({
    seq: readUint(reader),
    key: readText(reader, 3 * skuCharactersMax) as SkuKey,
    net: readInt(reader, totalUnitsMax),
    movement: readMovement(reader),
  }))
}

/** The history of a replica after its origin issued rows (in seq order) and claims everything up to `high`. */
export function addRows(history: History, rows: readonly HistoryRow[], high: number): History {
  const through = history.through + rows.length
  return { ...history, through, seq: rows.at(-1)?.seq ?? history.seq, complete: high }
}

/** The history after its rows below `first` were carried. */
export function carryBelow(history: History, first: number): History {
  return { ...history, first: Math.max(history.first, first) }
}

/**
 * The rows of a part that are new, and the history with them: all of the part, or nothing. `totals`: what is held of
 * the replica, up to the claim `high`. Errors: `history-gap` (it begins after the end of what is held, and its sender
 * has more), `history-unfit`.
 */
export function takePart(
  history: History,
  part: HistoryPart,
  high: number,
  totals: (key: SkuKey) => TotalsRecord | null,
): Result<{ readonly history: History; readonly rows: readonly NumberedRow[] }> {
  const isJump = part.first > history.through + 1
  if (isJump && part.first > part.floor) {
    return failure('history-gap', 'The movements do not follow those that are held.')
  }
  if (part.complete > high) return failure('history-unfit', 'The movements are ahead of their records.')
  const rows: NumberedRow[] = []
  const nets = new Map<SkuKey, number>()
  let { seq } = history
  for (const [index, bytes] of part.rows.entries()) {
    const n = part.first + index
    if (n <= history.through) continue
    const decoded = decodeHistoryRow(bytes)
    if (!decoded.ok) return failure('history-unfit', decoded.message)
    const row = decoded.value
    const before = nets.get(row.key)
    const isChained = before === undefined || before + row.movement.delta === row.net
    if (row.seq <= seq || row.seq > high || !isChained || !fitsTotals(row, totals(row.key))) {
      return failure('history-unfit', `Movement ${n} does not fit what its replica added and removed.`)
    }
    seq = row.seq
    nets.set(row.key, row.net)
    rows.push({ n, row, bytes })
  }
  if (part.complete !== 0 && part.complete < seq) return failure('history-unfit', 'The movements end before they end.')
  const complete = Math.max(history.complete, part.complete, rows.length === 0 ? 0 : seq)
  const through = Math.max(history.through, part.first + part.rows.length - 1)
  const begin = isJump ? { first: part.first, adopted: part.first } : {}
  return success({ history: { ...history, ...begin, through, seq, complete }, rows })
}

/** Whether the total after a movement, and the one before it, can have been on the way to the total that is held. */
function fitsTotals({ seq, net, movement }: HistoryRow, record: TotalsRecord | null): boolean {
  if (record === null || seq > record.seq) return false
  if (seq === record.seq && net !== record.added - record.removed) return false
  return [net, net - movement.delta].every((one) => one <= record.added && one >= -record.removed)
}

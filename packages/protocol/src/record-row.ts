/**
 * A record with its movements in one byte string: so it lies on disk, and so it is held in memory.
 */
import { createWriter, finish, parseBytes, readBytes, readList, viewBytes, writeBytes, writeList } from './bytes.ts'
import { decodeRecord, headOfRecord, type RecordHead, recordOfSku, type StockRecord } from './record.ts'
import { type Result, success } from './result.ts'
import type { SkuKey } from './sku.ts'

const rowBytesMax = 64 * 1024 * 1024
const movementsMax = 1_000

export interface RecordRow {
  /** As the origin wrote the record. */
  readonly bytes: Uint8Array
  /** The movements that made the record, encoded. */
  readonly movements: readonly Uint8Array[]
}

export function encodeRecordRow({ bytes, movements }: RecordRow): Uint8Array {
  const writer = createWriter()
  writeBytes(writer, bytes)
  writeList(writer, movements, writeBytes)
  return finish(writer)
}

/** Failure: `malformed`. */
export function decodeRecordRow(row: Uint8Array): Result<RecordRow & { readonly record: StockRecord }> {
  const parsed = parseBytes(row, (reader) => ({
    bytes: readBytes(reader, rowBytesMax),
    movements: readList(reader, movementsMax, (from) => readBytes(from, rowBytesMax)),
  }))
  if (!parsed.ok) return parsed
  const record = decodeRecord(parsed.value.bytes)
  return record.ok ? success({ record: record.value, ...parsed.value }) : record
}

/** What a row must say to find its place; the rest is not looked at. Failure: `malformed`. */
export function headOfRow(row: Uint8Array): Result<RecordHead> {
  const bytes = recordIn(row)
  return bytes.ok ? headOfRecord(bytes.value) : bytes
}

/** The record of a row that is known to be of this SKU; its movements are not looked at. Failure: `malformed`. */
export function recordOfRow(row: Uint8Array, key: SkuKey): Result<StockRecord> {
  const bytes = recordIn(row)
  return bytes.ok ? recordOfSku(bytes.value, key) : bytes
}

function recordIn(row: Uint8Array): Result<Uint8Array> {
  return parseBytes(row, (reader) => viewBytes(reader, rowBytesMax))
}

/**
 * A record as one byte string that says how long it is: so it lies on disk, and so it is held in memory. What an earlier
 * release kept behind it is not looked at.
 */
import { createWriter, finish, parseBytes, readBytes, readUint, viewBytes, writeBytes } from './bytes.ts'
import { decodeRecord, readHead, type RecordHead, recordOfSku, type StockRecord } from './record.ts'
import { assert, type Result, success } from './result.ts'
import type { SkuKey } from './sku.ts'

const rowBytesMax = 64 * 1024 * 1024

export interface RecordRow {
  /** As the origin wrote the record. */
  readonly bytes: Uint8Array
}

export function encodeRecordRow({ bytes }: RecordRow): Uint8Array {
  const writer = createWriter()
  writeBytes(writer, bytes)
  return finish(writer)
}

/** Failure: `malformed`. */
export function decodeRecordRow(row: Uint8Array): Result<RecordRow & { readonly record: StockRecord }> {
  const bytes = parseBytes(row, (reader) => readBytes(reader, rowBytesMax))
  if (!bytes.ok) return bytes
  const record = decodeRecord(bytes.value)
  return record.ok ? success({ record: record.value, bytes: bytes.value }) : record
}

/** As `decodeRecordRow`, without its bytes. Failure: `malformed`. */
export function recordInRow(row: Uint8Array): Result<StockRecord> {
  const bytes = recordIn(row)
  return bytes.ok ? decodeRecord(bytes.value) : bytes
}

/** The record of a row that is known to be of this SKU. Failure: `malformed`. */
export function recordOfRow(row: Uint8Array, key: SkuKey): Result<StockRecord> {
  const bytes = recordIn(row)
  return bytes.ok ? recordOfSku(bytes.value, key) : bytes
}

/** Of a record that is held, without reading the rest of it. */
export function headOfRow(row: Uint8Array): Pick<RecordHead, 'kind' | 'seq'> {
  const head = parseBytes(row, (reader) => {
    readUint(reader)
    return readHead(reader)
  })
  assert(head.ok, 'what is held can be read')
  return head.value
}

function recordIn(row: Uint8Array): Result<Uint8Array> {
  return parseBytes(row, (reader) => viewBytes(reader, rowBytesMax))
}

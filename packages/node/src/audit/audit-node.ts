/**
 * The audit of a node's database: the checksum of every row, and of each replica that the records are those that its claim
 * and digest say, no change twice, and movements that add up to the totals; of what is signed, that it is. It only reads, one replica at a time, so that
 * it needs the room of the largest one.
 */
import {
  decodeRecordRow,
  decodeRid,
  emptySum,
  encodeRid,
  equalBytes,
  type History,
  noHistory,
  type RecordHashes,
  replaceInSum,
  type Rid,
  ridBytes,
  type SkuKey,
  type SummedClaim,
  type TotalsRecord,
} from '@stockmesh/protocol'
import { checkHistory } from '../ledger/history-check.ts'
import { parseHistoryRow } from '../ledger/history-rows.ts'
import { placeOfRecord } from '../ledger/rows.ts'
import { readSummedClaims } from '../ledger/sum-rows.ts'
import { everything, firstBytes, prefixRange } from '../storage/key.ts'
import type { Entry, Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { auditTrust } from './audit-trust.ts'
import type { Faults } from './faults.ts'

export interface Audited {
  readonly rows: number
  readonly replicas: number
  readonly records: number
  readonly movements: number
}

export async function auditNode(storage: Snapshot, hashes: RecordHashes, faults: Faults): Promise<Audited> {
  const rows = await auditRows(storage, 'node', faults)
  const claims = await readSummedClaims(storage, hashes, {
    malformed: (key) => faults.add('claim-malformed', `A claim (${placeOf(key)}) cannot be read.`, {}),
    // Told with every other row, and of what it is missing in.
    damaged: () => undefined,
  })
  await auditTrust(storage, hashes, claims, faults)
  const histories = await readRows(storage, tables.history, (entry) => {
    const { rid, history } = parseHistoryRow(entry)
    return [rid, history] as const
  })
  const audited = { rows, replicas: 0, records: 0, movements: 0 }
  for (const rid of await ridsOf(storage, claims)) {
    const replica = await auditRecords(storage, hashes, rid, claims.get(rid) ?? null, faults)
    audited.replicas += 1
    audited.records += replica.records
    audited.movements += await auditHistory(storage, rid, histories.get(rid) ?? null, replica.totals, faults)
  }
  return audited
}

/** The checksum of every row of one database; how many rows there are. */
export async function auditRows(storage: Snapshot, database: string, faults: Faults): Promise<number> {
  let rows = 0
  const count = (): void => {
    rows += 1
  }
  await storage.walk(everything, count, (key) => {
    if (key === null) faults.add('rows-lost', `A part of the database "${database}" cannot be read.`, {})
    else faults.add('row-damaged', `The checksum of a row of "${database}" (${placeOf(key)}) is wrong.`, {})
  })
  return rows
}

interface AuditedReplica {
  readonly records: number
  readonly totals: ReadonlyMap<SkuKey, TotalsRecord>
}

async function auditRecords(
  storage: Snapshot,
  hashes: RecordHashes,
  rid: Rid,
  claim: SummedClaim | null,
  faults: Faults,
): Promise<AuditedReplica> {
  const totals = new Map<SkuKey, TotalsRecord>()
  const seqs: number[] = []
  const sum = emptySum(hashes)
  let records = 0
  await storage.walk(
    prefixRange(tables.record, encodeRid(rid)),
    ([key, value]) => {
      records += 1
      const row = decodeRecordRow(value)
      if (!row.ok) {
        faults.add('record-malformed', `A record (${placeOf(key)}) cannot be read.`, { replica: rid })
        return
      }
      const { record, bytes } = row.value
      const place = placeOfRecord(key)
      if (place.kind !== record.kind || place.key !== record.key) {
        faults.add(
          'record-misplaced',
          `The record of ${record.key} stands at the place of ${place.key}.`,
          about(rid, record.key),
        )
      }
      if (claim !== null && record.seq > claim.high) {
        faults.add(
          'record-unclaimed',
          `Change ${record.seq} lies above the claim ${claim.high}.`,
          about(rid, record.key),
        )
      }
      replaceInSum(hashes, sum, null, bytes)
      seqs.push(record.seq)
      if (record.kind === 'totals') totals.set(record.key, record)
    },
    // Told already with every other row.
    () => undefined,
  )
  if (claim === null) {
    if (records > 0) faults.add('claim-missing', `There are ${records} records and no claim.`, { replica: rid })
    return { records, totals }
  }
  seqs.sort((a, b) => a - b)
  const twice = seqs.find((seq, index) => seq === seqs[index - 1])
  if (twice !== undefined) faults.add('seq-twice', `Two records say that they are change ${twice}.`, { replica: rid })
  if (!equalBytes(sum, claim.sum)) {
    faults.add('digest-wrong', `The ${records} records up to ${claim.high} are not those of the digest.`, {
      replica: rid,
    })
  }
  return { records, totals }
}

/** How many movements are held. */
async function auditHistory(
  storage: Snapshot,
  rid: Rid,
  history: History | null,
  totals: ReadonlyMap<SkuKey, TotalsRecord>,
  faults: Faults,
): Promise<number> {
  // A folder of an earlier release gets its histories at its next start.
  if (history === null) return 0
  for (const { key, message } of await checkHistory(storage, rid, history, totals.values())) {
    faults.add('movements-unfit', message, { replica: rid, ...(key === null ? {} : { sku: key }) })
  }
  return history === noHistory ? 0 : history.through - history.first + 1
}

async function readRows<T>(
  storage: Snapshot,
  table: number,
  read: (entry: Entry) => readonly [Rid, T] | null,
): Promise<ReadonlyMap<Rid, T>> {
  const found = new Map<Rid, T>()
  await storage.walk(
    prefixRange(table),
    (entry) => {
      const row = read(entry)
      if (row !== null) found.set(row[0], row[1])
    },
    () => undefined,
  )
  return found
}

/** Every replica of which there is a claim or a record. */
async function ridsOf(storage: Snapshot, claims: ReadonlyMap<Rid, SummedClaim>): Promise<readonly Rid[]> {
  const rids = new Set(claims.keys())
  await storage.walk(
    prefixRange(tables.record),
    ([key]) => {
      const bytes = firstBytes(key)
      if (bytes.length === ridBytes) rids.add(decodeRid(bytes))
    },
    () => undefined,
  )
  return [...rids].sort()
}

function about(replica: Rid, sku: SkuKey): { readonly replica: Rid; readonly sku: SkuKey } {
  return { replica, sku }
}

/** For a person with a hex dump beside it. */
function placeOf(key: Uint8Array): string {
  return Buffer.from(key.subarray(0, 60)).toString('hex')
}

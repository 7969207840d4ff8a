/**
 * Damage to the database of a node that is stopped: rows are changed as a disk or a bad cable would, with or without a
 * checksum that still fits.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Level } from 'level'

/** Tables of a node's database (`storage/tables.ts`). */
export const tables = { record: 1, claim: 2, stockRow: 7, membership: 12, movement: 24 } as const

export interface Row {
  readonly key: Buffer
  /** With its checksum. */
  readonly value: Buffer
}

type Change = (row: Row, put: (key: Buffer, value: Buffer) => void, index: number) => void

/** Lets `change` do what it likes with the rows of one table of the node in this folder. */
export async function damage(folder: string, table: number, change: Change): Promise<void> {
  const level = new Level<Buffer, Buffer>(join(folder, 'node'), { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  const rows = await level.iterator({ gte: Buffer.from([table]), lt: Buffer.from([table + 1]) }).all()
  const puts: { type: 'put'; key: Buffer; value: Buffer }[] = []
  for (const [index, [key, value]] of rows.entries()) {
    change({ key, value }, (to, what) => puts.push({ type: 'put', key: to, value: what }), index)
  }
  await level.batch(puts)
  await level.close()
}

export function flipped({ value }: Row): Buffer {
  const turned = Buffer.from(value)
  turned[2] = (turned[2] ?? 0) ^ 1
  return turned
}

/** A value with the checksum that belongs to it. */
export function sealed(value: Buffer): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(value))
  return Buffer.concat([value, sum])
}

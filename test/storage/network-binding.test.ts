/**
 * A node whose shop went to another network drops the stock of the one before, damaged rows included.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { expect, test } from 'vitest'
import { bindToNetwork } from '../../packages/node/src/node/network-binding.ts'
import { openDatabase } from '../../packages/node/src/storage/database.ts'
import { encodeKey, prefixRange } from '../../packages/node/src/storage/key.ts'
import { put } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'

test('a row that was damaged on disk is no reason to stay', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-binding-'))
  try {
    const key = encodeKey(tables.record, 'kop-2')
    const before = await openDatabase(directory)
    await before.write([
      put(encodeKey(tables.membership, 'network'), new TextEncoder().encode('ab'.repeat(32))),
      put(encodeKey(tables.record, 'kop-1'), new Uint8Array([1, 2, 3])),
    ])
    await before[Symbol.asyncDispose]()
    const level = new Level<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' })
    await level.put(key, new Uint8Array([1, 2, 3, 4, 5, 6]))
    await level.close()

    await using storage = await openDatabase(directory)
    await bindToNetwork(storage)
    const left: Uint8Array[] = []
    const note = (row: Uint8Array | null): void => {
      if (row !== null) left.push(row)
    }
    await storage.walk(prefixRange(tables.record), ([row]) => note(row), note)
    expect(left).toEqual([])
  } finally {
    await rm(directory, { recursive: true })
  }
})

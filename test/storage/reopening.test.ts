/** A database whose disk was full goes on when there is space, without a restart, and never says yes to a lost write. */
import { expect, it } from 'vitest'
import { ReopeningStorage } from '../../packages/node/src/storage/reopening.ts'
import { type Operation, put, type Storage, StorageError } from '../../packages/node/src/storage/storage.ts'
import { MemoryStorage } from '../http/memory-storage.ts'

const key = new Uint8Array([1])
const row = (value: number): Operation[] => [put(key, new Uint8Array([value]))]
const noSpace = new StorageError('write-failed', 'The disk is full.')

/** Storages over one disk, as `level` is: after a failed write one takes nothing more. */
function openDisk() {
  const disk = new MemoryStorage()
  const state = { full: false, opened: 0, closed: 0 }
  const open = async (): Promise<Storage> => {
    if (state.full) throw noSpace
    state.opened += 1
    let failed = false
    return {
      get: (at) => disk.get(at),
      scan: (range) => disk.scan(range),
      walk: (range, visit) => disk.walk(range, visit),
      async write(operations) {
        failed ||= state.full
        if (failed) throw noSpace
        await disk.write(operations)
      },
      async [Symbol.asyncDispose]() {
        state.closed += 1
      },
    }
  }
  return { state, open }
}

it('refuses while the disk is full, and takes writes again when there is space', async () => {
  const { state, open } = openDisk()
  await using storage = await ReopeningStorage.open(open)
  await storage.write(row(1))
  state.full = true
  await expect(storage.write(row(2))).rejects.toThrow(noSpace)
  await expect(storage.write(row(3))).rejects.toThrow(noSpace)
  await expect(storage.get(key)).rejects.toThrow(noSpace)
  state.full = false
  expect(await storage.get(key)).toEqual(new Uint8Array([1]))
  await storage.write(row(4))
  expect(await storage.get(key)).toEqual(new Uint8Array([4]))
  expect(state).toMatchObject({ opened: 2, closed: 1 })
})

it('replaces one storage once, though several writers failed together', async () => {
  const { state, open } = openDisk()
  await using storage = await ReopeningStorage.open(open)
  state.full = true
  const writes = await Promise.allSettled([2, 3, 4].map((value) => storage.write(row(value))))
  expect(writes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  state.full = false
  await Promise.all([5, 6].map((value) => storage.write(row(value))))
  expect(state).toMatchObject({ opened: 2, closed: 1 })
})

it('closes what is open, and nothing twice', async () => {
  const { state, open } = openDisk()
  const storage = await ReopeningStorage.open(open)
  state.full = true
  await expect(storage.write(row(2))).rejects.toThrow(noSpace)
  await storage[Symbol.asyncDispose]()
  expect(state).toMatchObject({ opened: 1, closed: 1 })
})

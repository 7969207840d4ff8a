/**
 * The least that a durable change can cost: a flushed file of our own for one writer, and a flushed put of `level` for
 * each of many writers, which share its flushes as they come.
 */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { Owned } from '../../test/harness/owned.ts'

/** What a change in the ledger puts on disk, about. */
const bytes = Buffer.alloc(400, 'x')

/** Appends and flushes for as long, one after the other; flushes a second. */
export async function measureFlushes(seconds: number): Promise<number> {
  await using owned = new Owned()
  const file = await open(join(await folderFor(owned), 'file'), 'a')
  owned.defer(() => file.close())
  return await rate(seconds, 1, async () => {
    await file.write(bytes)
    await file.datasync()
  })
}

/** Flushed puts a second of so many writers, each waiting for its own. */
export async function measureLevel(seconds: number, writers: number): Promise<number> {
  await using owned = new Owned()
  const level = new Level<string, Uint8Array>(await folderFor(owned), { valueEncoding: 'view' })
  await level.open()
  owned.defer(() => level.close())
  let next = 0
  return await rate(seconds, writers, () => {
    next += 1
    return level.put(String(next), bytes, { sync: true })
  })
}

/** How often in a second so many writers came through, each beginning again when it is done. */
export async function rate(
  seconds: number,
  writers: number,
  write: (writer: number) => Promise<unknown>,
): Promise<number> {
  const from = performance.now()
  const until = from + seconds * 1_000
  let done = 0
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (performance.now() < until) {
        await write(writer)
        done += 1
      }
    }),
  )
  return (done * 1_000) / (performance.now() - from)
}

async function folderFor(owned: Owned): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-limit-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/**
 * A backup as a file. It is written under a name of its own beside the one it is to have, checked block by block as it
 * comes, and takes its name when it is whole and on disk: a file under that name is always a backup.
 */
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Random } from '../ports.ts'
import { syncDirectory } from '../durable-file.ts'
import { type BackupHead, BackupReader, type Block } from './backup-format.ts'

/** Codes: those of `BackupReader`, and `backup-unreadable`, `backup-unwritable`. */
export class BackupError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupError'
    this.code = code
  }
}

export interface BackupSize {
  readonly head: BackupHead
  readonly rows: number
  readonly bytes: number
}

export interface BackupProgress {
  readonly rows: number
  readonly bytes: number
}

/** Errors: `BackupError`, and those of `chunks`; then no file is left. */
export async function writeBackup(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  random: Random,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupSize> {
  const draft = `${file}.${Buffer.from(random.bytes(6)).toString('hex')}.part`
  const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw unwritable(file, error)
  })
  try {
    let size: BackupSize
    try {
      size = await readBlocks(
        copied(chunks, (chunk) => writeWhole(handle, chunk, file)),
        () => Promise.resolve(),
        onProgress,
      )
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
    await syncDirectory(dirname(file))
    return size
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** Every block of a file, each checked; the file is known to be whole when this resolves. Error: `BackupError`. */
export async function readBackup(
  file: string,
  use: (block: Block) => Promise<void>,
  onProgress: (progress: BackupProgress) => void = () => undefined,
): Promise<BackupSize> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    (error: unknown) => {
      throw unreadable(file, error)
    },
  )
  if (!isFile) throw unreadable(file, null)
  return await readBlocks(bytesOf(file), use, onProgress)
}

async function readBlocks(
  chunks: AsyncIterable<Uint8Array>,
  use: (block: Block) => Promise<void>,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupSize> {
  const reader = new BackupReader()
  const done = { rows: 0, bytes: 0 }
  for await (const chunk of chunks) {
    const blocks = reader.take(chunk)
    if (!blocks.ok) throw new BackupError(blocks.code, blocks.message)
    for (const block of blocks.value) {
      await use(block)
      if (block.type === 'rows') done.rows += block.rows.length
    }
    done.bytes += chunk.length
    onProgress(done)
  }
  const end = reader.end()
  if (!end.ok) throw new BackupError(end.code, end.message)
  return { ...end.value, bytes: done.bytes }
}

async function* copied(
  chunks: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await write(chunk)
    yield chunk
  }
}

async function writeWhole(handle: Awaited<ReturnType<typeof open>>, chunk: Uint8Array, file: string): Promise<void> {
  try {
    await handle.writeFile(chunk)
  } catch (error) {
    throw unwritable(file, error)
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file)) yield new Uint8Array(chunk as Buffer)
  } catch (error) {
    throw error instanceof BackupError ? error : unreadable(file, error)
  }
}

function unreadable(file: string, cause: unknown): BackupError {
  return new BackupError(
    'backup-unreadable',
    `The backup ${file} cannot be read (${codeOf(cause)}). Name another file.`,
    {
      cause,
    },
  )
}

function unwritable(file: string, cause: unknown): BackupError {
  return new BackupError(
    'backup-unwritable',
    `The backup cannot be written to ${file} (${codeOf(cause)}). Name a file in a folder with room for it.`,
    { cause },
  )
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'no file'
}

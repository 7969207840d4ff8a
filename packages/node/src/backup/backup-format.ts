/**
 * A backup as bytes: a mark, then blocks, each with its length and a CRC-32. The first block says of which node it is, the
 * last one how much there is, with a SHA-256 of all bytes before it, so that a copy that was cut off, or in which a bit
 * has turned, is recognised before anything is made of it. A newer release may add kinds of blocks only with a new
 * format, since a block that is left out would be a part of the node that is missing.
 *
 *   mark  head  (file | rows)*  end          or, where the node could not go on:  mark head ... failure
 */
import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  createWriter,
  failure,
  finish,
  Malformed,
  parseBytes,
  readByte,
  readBytes,
  readList,
  readText,
  readUint,
  type Reader,
  type Result,
  success,
  unreachable,
  type Writer,
  writeByte,
  writeBytes,
  writeList,
  writeText,
  writeUint,
} from '@stockmesh/protocol'
import type { Entry } from '../storage/storage.ts'
import { blockBytesMax, nameCharactersMax } from './limits.ts'

/** 2: with the settings of the shop and the notes of its connector. */
export const backupFormat = 2

/** Of which node a backup is, and when it was made. */
export interface BackupHead {
  readonly format: number
  readonly release: string
  readonly shopId: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The databases of a node's folder. */
export const databaseNames = ['node', 'admin', 'shop'] as const
export type DatabaseName = (typeof databaseNames)[number]

/** Files of a node's folder: its identity, the shop that was chosen, and what the connector noted of that shop. */
export type BackupFileName = 'identity.json' | 'connector.json' | `connector/${string}/${string}.json`

export function isBackupFileName(name: string): name is BackupFileName {
  return name === 'identity.json' || name === 'connector.json' || /^connector\/[a-z0-9-]+\/[a-z0-9-]+\.json$/.test(name)
}

export type Block =
  | { readonly type: 'head'; readonly head: BackupHead }
  | { readonly type: 'file'; readonly name: BackupFileName; readonly bytes: Uint8Array }
  | { readonly type: 'rows'; readonly database: DatabaseName; readonly rows: readonly Entry[] }
  | { readonly type: 'end'; readonly blocks: number; readonly rows: number; readonly hash: Uint8Array }
  | { readonly type: 'failure'; readonly code: string; readonly message: string }

const mark = new TextEncoder().encode('stockmesh backup\n')
const kinds = { head: 1, file: 2, rows: 3, end: 4, failure: 5 } as const
/** Length before a block and checksum after it. */
const lengthBytes = 4
const checksumBytes = 4
const textCharactersMax = 2_000
const rowsMax = 10_000_000

/** Encodes the blocks of one backup, in order. */
export class BackupWriter {
  readonly #hash: Hash = createHash('sha256')
  #blocks = 0
  #rows = 0

  /** The mark and the head. */
  begin(head: BackupHead): Uint8Array {
    return this.#told(joined([mark, framed({ type: 'head', head })]))
  }

  add(block: Exclude<Block, { type: 'head' | 'end' }>): Uint8Array {
    if (block.type === 'rows') this.#rows += block.rows.length
    return this.#told(framed(block))
  }

  end(): Uint8Array {
    const hash = new Uint8Array(this.#hash.copy().digest())
    return framed({ type: 'end', blocks: this.#blocks, rows: this.#rows, hash })
  }

  #told(bytes: Uint8Array): Uint8Array {
    this.#blocks += 1
    this.#hash.update(bytes)
    return bytes
  }
}

/**
 * Takes the bytes of one backup as they come and gives its blocks, each checked. Failures: `backup-foreign` (no backup of
 * ours), `backup-format` (of a newer release), `backup-damaged`, `backup-truncated`, or what the node itself told.
 */
export class BackupReader {
  readonly #hash: Hash = createHash('sha256')
  #pending: Uint8Array = new Uint8Array()
  #blocks = 0
  #rows = 0
  #head: BackupHead | null = null
  #isMarked = false
  #hasEnded = false

  /** What is whole by now. */
  take(bytes: Uint8Array): Result<readonly Block[]> {
    this.#pending = this.#pending.length === 0 ? bytes : joined([this.#pending, bytes])
    const blocks: Block[] = []
    if (!this.#isMarked) {
      const length = Math.min(mark.length, this.#pending.length)
      if (Buffer.compare(this.#pending.subarray(0, length), mark.subarray(0, length)) !== 0) return foreign()
      if (length < mark.length) return success(blocks)
      this.#isMarked = true
      this.#consume(mark.length)
    }
    for (;;) {
      const next = this.#next()
      if (!next.ok) return next
      if (next.value === null) return success(blocks)
      blocks.push(next.value)
    }
  }

  /** When no more bytes come. */
  end(): Result<{ readonly head: BackupHead; readonly rows: number }> {
    if (!this.#isMarked && this.#pending.length < mark.length) return foreign()
    if (this.#head === null || !this.#hasEnded) {
      return failure('backup-truncated', 'The backup ends in the middle: it was cut off. Take another copy.')
    }
    return success({ head: this.#head, rows: this.#rows })
  }

  #next(): Result<Block | null> {
    const pending = this.#pending
    if (pending.length === 0) return success(null)
    if (this.#hasEnded) return damaged('there is more behind its end')
    if (pending.length < lengthBytes) return success(null)
    const view = new DataView(pending.buffer, pending.byteOffset, pending.length)
    const length = view.getUint32(0)
    if (length > blockBytesMax) return damaged('a length in it is wrong')
    const whole = lengthBytes + length + checksumBytes
    if (pending.length < whole) return success(null)
    if (crc32(pending.subarray(0, lengthBytes + length)) !== view.getUint32(lengthBytes + length)) {
      return damaged('a checksum in it is wrong')
    }
    const block = parseBytes(pending.subarray(lengthBytes, lengthBytes + length), readBlock)
    if (!block.ok) return damaged('a part of it cannot be read')
    const placed = this.#place(block.value)
    if (!placed.ok) return placed
    this.#consume(whole)
    return success(block.value)
  }

  #place(block: Block): Result<null> {
    if ((block.type === 'head') !== (this.#head === null)) return damaged('its parts are out of order')
    switch (block.type) {
      case 'head':
        if (block.head.format > backupFormat) {
          return failure('backup-format', 'The backup is of a newer release. Install that release, then restore it.')
        }
        this.#head = block.head
        break
      case 'rows':
        this.#rows += block.rows.length
        break
      case 'end':
        if (block.blocks !== this.#blocks || block.rows !== this.#rows) return damaged('a part of it is missing')
        if (Buffer.compare(block.hash, this.#hash.copy().digest()) !== 0)
          return damaged('its parts do not fit together')
        this.#hasEnded = true
        break
      case 'failure':
        return failure(block.code, block.message)
      case 'file':
        break
      default:
        unreachable(block)
    }
    this.#blocks += 1
    return success(null)
  }

  #consume(length: number): void {
    this.#hash.update(this.#pending.subarray(0, length))
    this.#pending = this.#pending.subarray(length)
  }
}

function foreign(): Result<never> {
  return failure(
    'backup-foreign',
    'This file is no backup of a Stockmesh node. Name the file that "stockmesh backup" made.',
  )
}

function damaged(what: string): Result<never> {
  return failure('backup-damaged', `The backup is damaged: ${what}. Use another copy of it.`)
}

function framed(block: Block): Uint8Array {
  const writer = createWriter()
  writeBlock(writer, block)
  const body = finish(writer)
  const bytes = new Uint8Array(lengthBytes + body.length + checksumBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  bytes.set(body, lengthBytes)
  view.setUint32(lengthBytes + body.length, crc32(bytes.subarray(0, lengthBytes + body.length)))
  return bytes
}

function writeBlock(writer: Writer, block: Block): void {
  writeByte(writer, kinds[block.type])
  switch (block.type) {
    case 'head': {
      const { format, release, shopId, name, at } = block.head
      writeUint(writer, format)
      for (const text of [release, shopId, name]) writeText(writer, text)
      writeUint(writer, at)
      break
    }
    case 'file':
      writeText(writer, block.name)
      writeBytes(writer, block.bytes)
      break
    case 'rows':
      writeText(writer, block.database)
      writeList(writer, block.rows, (to, [key, value]) => {
        writeBytes(to, key)
        writeBytes(to, value)
      })
      break
    case 'end':
      writeUint(writer, block.blocks)
      writeUint(writer, block.rows)
      writeBytes(writer, block.hash)
      break
    case 'failure':
      writeText(writer, block.code)
      writeText(writer, block.message)
      break
    default:
      unreachable(block)
  }
}

function readBlock(reader: Reader): Block {
  const kind = readByte(reader)
  switch (kind) {
    case kinds.head:
      return {
        type: 'head',
        head: {
          format: readUint(reader),
          release: readText(reader, nameCharactersMax),
          shopId: readText(reader, nameCharactersMax),
          name: readText(reader, textCharactersMax),
          at: readUint(reader),
        },
      }
    case kinds.file: {
      const name = readText(reader, nameCharactersMax)
      // Only a name that leads nowhere else becomes a path.
      if (!isBackupFileName(name)) throw new Malformed('A backup holds no such file.')
      return { type: 'file', name, bytes: readBytes(reader, blockBytesMax) }
    }
    case kinds.rows: {
      const name = readText(reader, nameCharactersMax)
      const database = databaseNames.find((one) => one === name)
      if (database === undefined) throw new Malformed('A backup holds no such database.')
      const row = (from: Reader): Entry => [readBytes(from, blockBytesMax), readBytes(from, blockBytesMax)]
      return { type: 'rows', database, rows: readList(reader, rowsMax, row) }
    }
    case kinds.end:
      return { type: 'end', blocks: readUint(reader), rows: readUint(reader), hash: readBytes(reader, 32) }
    case kinds.failure:
      return {
        type: 'failure',
        code: readText(reader, nameCharactersMax),
        message: readText(reader, textCharactersMax),
      }
    default:
      throw new Malformed('A backup holds no such block.')
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

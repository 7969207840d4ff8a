/**
 * A bounds-checked reader and a writer over lib0's encoding, for everything that crosses the wire or a disk. Reading
 * past the end, or a value over its limit, is a `Malformed` that the decoding function turns into a failure.
 * Lengths are checked against what is left before anything is allocated.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { assert, failure, type Result, success } from './result.ts'

export class Malformed extends Error {}

export type Reader = decoding.Decoder
export type Writer = encoding.Encoder

/** Writers that are used again: a buffer for each small row would cost more than what is written. */
const idle: Writer[] = []
const idleMax = 8
const writerBytes = 1_024

export function createWriter(): Writer {
  const known = idle.pop()
  if (known !== undefined) return known
  const writer = encoding.createEncoder()
  writer.cbuf = new Uint8Array(writerBytes)
  return writer
}

/** What was written; nothing more may be written with it. */
export function finish(writer: Writer): Uint8Array {
  assert(!idle.includes(writer), 'a writer is finished once')
  // Of one that had to grow the buffer is not kept.
  if (writer.bufs.length > 0) return encoding.toUint8Array(writer)
  const bytes = writer.cbuf.slice(0, writer.cpos)
  writer.cpos = 0
  if (idle.length < idleMax) idle.push(writer)
  return bytes
}

/** Runs a reading function over bytes: any bytes give a value or the failure `malformed`, never a throw. */
export function parseBytes<T>(bytes: Uint8Array, read: (reader: Reader) => T): Result<T> {
  try {
    // A copy of the view would be safe too; lib0 bounds its reads by `arr`, and byte ranges are checked below.
    return success(read(decoding.createDecoder(bytes)))
  } catch (error) {
    if (error instanceof Malformed) return failure('malformed', error.message)
    if (error instanceof RangeError || error instanceof URIError || isDecodingError(error)) {
      return failure('malformed', 'The bytes end early or hold a number that is too large.')
    }
    throw error
  }
}

function isDecodingError(error: unknown): boolean {
  // lib0 throws plain errors with these two messages; TextDecoder in fatal mode throws a TypeError.
  return (
    error instanceof TypeError ||
    (error instanceof Error && /^(Unexpected end of array|Integer out of Range)$/i.test(error.message))
  )
}

export function left(reader: Reader): number {
  return reader.arr.length - reader.pos
}

export function readByte(reader: Reader): number {
  if (left(reader) < 1) throw new Malformed('The bytes end early.')
  return decoding.readUint8(reader)
}

export function readUint(reader: Reader, max: number = Number.MAX_SAFE_INTEGER): number {
  const value = decoding.readVarUint(reader)
  if (!Number.isSafeInteger(value) || value > max) throw new Malformed('A number is over its limit.')
  return value
}

export function readInt(reader: Reader, maxMagnitude: number = Number.MAX_SAFE_INTEGER): number {
  if (left(reader) < 1) throw new Malformed('The bytes end early.')
  const value = decoding.readVarInt(reader)
  if (!Number.isSafeInteger(value) || Math.abs(value) > maxMagnitude) throw new Malformed('A number is over its limit.')
  return value === 0 ? 0 : value
}

export function readFixed(reader: Reader, length: number): Uint8Array {
  if (left(reader) < length) throw new Malformed('The bytes end early.')
  if (length > shortBytesMax) return decoding.readUint8Array(reader, length).slice()
  const bytes = new Uint8Array(length)
  const { arr, pos } = reader
  for (let index = 0; index < length; index += 1) bytes[index] = arr[pos + index] ?? 0
  reader.pos = pos + length
  return bytes
}

export function readBytes(reader: Reader, bytesMax: number): Uint8Array {
  const length = readUint(reader, bytesMax)
  return readFixed(reader, length)
}

/** As `readBytes`, without a copy: for bytes that are decoded at once and not kept. */
export function viewBytes(reader: Reader, bytesMax: number): Uint8Array {
  const length = readUint(reader, bytesMax)
  if (left(reader) < length) throw new Malformed('The bytes end early.')
  return decoding.readUint8Array(reader, length)
}

export function skipBytes(reader: Reader, bytesMax: number): void {
  viewBytes(reader, bytesMax)
}

export function readText(reader: Reader, charactersMax: number): string {
  const start = reader.pos
  const length = readUint(reader, charactersMax * 3)
  if (left(reader) < length) throw new Malformed('The bytes end early.')
  if (length <= Math.min(shortTextMax, charactersMax)) {
    const text = asciiText(reader, length)
    if (text !== null) return text
  }
  reader.pos = start
  const text = decoding.readVarString(reader)
  if (text.length > charactersMax) throw new Malformed('A text is over its limit.')
  return text
}

/** Up to here a loop is faster than a view and a call of the platform. */
const shortBytesMax = 64
const shortTextMax = 24

/** null, and nothing is read, where another character is among them. */
function asciiText(reader: Reader, length: number): string | null {
  const { arr, pos } = reader
  let text = ''
  for (let index = pos; index < pos + length; index += 1) {
    const byte = arr[index] ?? 0x80
    if (byte >= 0x80) return null
    text += String.fromCharCode(byte)
  }
  reader.pos = pos + length
  return text
}

export function readList<T>(reader: Reader, countMax: number, read: (reader: Reader) => T): T[] {
  const count = readUint(reader, countMax)
  const items: T[] = []
  for (let index = 0; index < count; index += 1) items.push(read(reader))
  // Without the room that growing leaves: what is read may be held for long.
  return items.slice()
}

export const writeByte: (writer: Writer, value: number) => void = encoding.writeUint8
export const writeFixed: (writer: Writer, bytes: Uint8Array) => void = encoding.writeUint8Array
export const writeBytes: (writer: Writer, bytes: Uint8Array) => void = encoding.writeVarUint8Array
export const writeText: (writer: Writer, text: string) => void = encoding.writeVarString

/** Only whole numbers: what is kept here must be what the others decode. */
export function writeUint(writer: Writer, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, 'a whole number from 0 is written')
  encoding.writeVarUint(writer, value)
}

export function writeInt(writer: Writer, value: number): void {
  assert(Number.isSafeInteger(value), 'a whole number is written')
  encoding.writeVarInt(writer, value)
}

export function writeList<T>(writer: Writer, items: readonly T[], write: (writer: Writer, item: T) => void): void {
  writeUint(writer, items.length)
  for (const item of items) write(writer, item)
}

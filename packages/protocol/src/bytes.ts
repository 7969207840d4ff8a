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

export function createWriter(): Writer {
  return encoding.createEncoder()
}

export function finish(writer: Writer): Uint8Array {
  return encoding.toUint8Array(writer)
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
  return decoding.readUint8Array(reader, length).slice()
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
  reader.pos = start
  const text = decoding.readVarString(reader)
  if (text.length > charactersMax) throw new Malformed('A text is over its limit.')
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

/**
 * Small values of the HTTP interface in the node's database, as JSON under one table byte. A value that does not fit
 * its schema is a damaged row, never a guess.
 */
import type { ZodType } from 'zod'
import { StorageError } from '../storage/storage.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function encodeStored(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value))
}

export function parseStored<T>(schema: ZodType<T>, bytes: Uint8Array): T {
  const parsed = schema.safeParse(JSON.parse(decoder.decode(bytes)))
  if (parsed.success) return parsed.data
  throw new StorageError('database-damaged', 'A row of the admin interface cannot be read. Restore a backup.')
}

/**
 * Deletes whole ranges, in batches of a size that a flush can bear. A row that is damaged goes as well.
 */
import { del, type Range, type Storage } from './storage.ts'

const deletionsPerBatch = 5_000

/** One that is interrupted has deleted some. */
export async function deleteRange(storage: Storage, range: Range): Promise<void> {
  const keys: Uint8Array[] = []
  const note = (key: Uint8Array | null): void => {
    if (key !== null) keys.push(key.slice())
  }
  await storage.walk(range, ([key]) => note(key), note)
  for (let start = 0; start < keys.length; start += deletionsPerBatch) {
    await storage.write(keys.slice(start, start + deletionsPerBatch).map(del))
  }
}

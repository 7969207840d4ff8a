/** A database of a release that signed nothing is refused with what to do, and never read as if it were one of ours. */
import { expect, test } from 'vitest'
import { assertFormat, formatRow } from '../../packages/node/src/storage/format.ts'
import { encodeJson } from '../../packages/node/src/storage/json.ts'
import { MemoryStorage } from '../http/memory-storage.ts'

test('only a database of the present format is opened', async () => {
  const storage = new MemoryStorage()
  const older = { code: 'database-format', message: expect.stringContaining('has format 1') as unknown }
  await expect(assertFormat(storage, '/data')).rejects.toMatchObject(older)
  const row = formatRow()
  await storage.write([row])
  await expect(assertFormat(storage, '/data')).resolves.toBeUndefined()
  await storage.write([{ type: 'put', key: row.key, value: encodeJson(3) }])
  await expect(assertFormat(storage, '/data')).rejects.toMatchObject({ code: 'database-format' })
})

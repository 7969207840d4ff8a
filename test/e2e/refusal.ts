/** What a call was refused with, as `409 leave-first`; one that was not refused fails the test. */
import { ApiRefusal } from '../harness/client.ts'

export async function codeOf(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiRefusal) return `${error.status} ${error.code}`
  throw error
}

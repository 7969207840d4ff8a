/**
 * Waiting for a condition with a deadline: what was awaited and what was seen last stand in the error.
 */
import { setTimeout as pause } from 'node:timers/promises'

export interface Patience {
  readonly deadlineMs?: number
  readonly every?: number
}

/** Answers the first value that is neither false, null nor undefined; a condition that throws is asked again. */
export async function eventually<T>(
  description: string,
  condition: () => T | Promise<T>,
  { deadlineMs = 60_000, every = 50 }: Patience = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    let seen: unknown
    try {
      const value = await condition()
      if (value !== false && value !== null && value !== undefined) {
        return value as Exclude<T, false | null | undefined>
      }
      seen = value
    } catch (error) {
      seen = error
    }
    if (performance.now() >= deadline) {
      throw new Error(`Not seen within ${deadlineMs} ms: ${description}. Last: ${describe(seen)}`, { cause: seen })
    }
    await pause(every)
  }
}

function describe(seen: unknown): string {
  return seen instanceof Error ? seen.message : String(seen)
}

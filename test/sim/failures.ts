import { bundle } from './bundle.ts'
import { runSeeds } from './crew.ts'
import type { WorldKind } from './worker.ts'

/** What went wrong in these worlds, a line for each that failed. */
export async function failuresOf(kind: WorldKind, seeds: readonly number[]): Promise<string[]> {
  const failures: string[] = []
  const done = ({ failure }: { readonly failure: string | null }): boolean => {
    if (failure !== null) failures.push(failure)
    return false
  }
  const work = { file: await bundle(null), seeds, jobs: 1, story: false, kind, done }
  await runSeeds(work, new AbortController().signal)
  return failures
}

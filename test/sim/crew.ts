/**
 * Worker processes that run seeds beside each other. Outcomes come in the order of the seeds, whoever was done first,
 * so that any number of workers gives the same result.
 */
import { fork } from 'node:child_process'
import type { Outcome, WorldKind } from './worker.ts'

export interface Work {
  /** The bundled simulator. */
  readonly file: string
  readonly seeds: readonly number[]
  readonly jobs: number
  /** Whether the outcome of a seed that holds is to come with its story, too. */
  readonly story: boolean
  /** Which kind of worlds; those of all faults if nothing is said. */
  readonly kind?: WorldKind
  /** Hears of each seed in order; true ends the work there. */
  done(outcome: Outcome): boolean
}

/** Resolves when the last seed is done, `done` ended it or `signal` aborts it. No worker is left then. */
export async function runSeeds(work: Work, signal: AbortSignal): Promise<void> {
  const { file, seeds, jobs, story, kind = 'faults' } = work
  const stopping = new AbortController()
  const stop = AbortSignal.any([signal, stopping.signal])
  const early = new Map<number, Outcome>()
  let next = 0
  let awaited = 0

  function take(place: number, outcome: Outcome): void {
    early.set(place, outcome)
    for (let due = early.get(awaited); due !== undefined && !stop.aborted; due = early.get(awaited)) {
      early.delete(awaited)
      awaited += 1
      if (work.done(due)) stopping.abort()
    }
  }

  /** One worker after the other: a seed that ends its process does not end the work. */
  async function lane(): Promise<void> {
    while (next < seeds.length && !stop.aborted) await runWorker()
  }

  /** Runs seeds until there are no more, or one of them has ended the process. */
  function runWorker(): Promise<void> {
    const worker = fork(file, [kind, ...(story ? ['--story'] : [])], {
      execArgv: ['--enable-source-maps'],
    })
    const kill = (): void => void worker.kill('SIGKILL')
    stop.addEventListener('abort', kill, { once: true })
    let place = -1
    let seed: number | undefined
    const hand = (): void => {
      seed = stop.aborted ? undefined : seeds[next]
      if (seed === undefined) return kill()
      place = next
      next += 1
      worker.send(seed)
    }
    worker.on('message', (outcome: Outcome) => {
      const done = place
      hand()
      take(done, outcome)
    })
    return new Promise((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', (code, killedBy) => {
        stop.removeEventListener('abort', kill)
        if (seed !== undefined && !stop.aborted) {
          take(place, { seed, failure: `seed ${seed}: its process ended with ${killedBy ?? code}`, story: '' })
        }
        resolve()
      })
      hand()
    })
  }

  await Promise.all(Array.from({ length: Math.min(jobs, seeds.length) }, lane))
}

/** So many seeds from the first on. */
export function seedsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

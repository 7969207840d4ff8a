/**
 * Worker processes that run seeds beside each other. Outcomes come in the order of the seeds, whoever was done first,
 * so that any number of workers gives the same result.
 */
import { fork } from 'node:child_process'
import type { Outcome } from './worker.ts'

export interface Work {
  /** The bundled simulator. */
  readonly file: string
  readonly from: number
  readonly count: number
  readonly jobs: number
  /** Whether the outcome of a seed that holds is to come with its story, too. */
  readonly story: boolean
  /** Whether the partition guard is on, in worlds that are made for it. */
  readonly parted?: boolean
  /** Hears of each seed in order; true ends the work there. */
  done(outcome: Outcome): boolean
}

/** Resolves when the last seed is done, `done` ended it or `signal` aborts it. No worker is left then. */
export async function runSeeds(work: Work, signal: AbortSignal): Promise<void> {
  const { file, from, count, jobs, story, parted = false } = work
  const end = from + count
  const stopping = new AbortController()
  const stop = AbortSignal.any([signal, stopping.signal])
  const early = new Map<number, Outcome>()
  let next = from
  let awaited = from

  function take(outcome: Outcome): void {
    early.set(outcome.seed, outcome)
    for (let due = early.get(awaited); due !== undefined && !stop.aborted; due = early.get(awaited)) {
      early.delete(awaited)
      awaited += 1
      if (work.done(due)) stopping.abort()
    }
  }

  /** One worker after the other: a seed that ends its process does not end the work. */
  async function lane(): Promise<void> {
    while (next < end && !stop.aborted) {
      const failed = await runWorker()
      if (failed !== null) take(failed)
    }
  }

  /** Runs seeds until there are no more; answers with the one that ended the process, if one did. */
  function runWorker(): Promise<Outcome | null> {
    const worker = fork(file, [...(story ? ['--story'] : []), ...(parted ? ['--parted'] : [])], {
      execArgv: ['--enable-source-maps'],
    })
    const kill = (): void => void worker.kill('SIGKILL')
    stop.addEventListener('abort', kill, { once: true })
    let seed: number | null = null
    const hand = (): void => {
      seed = next < end && !stop.aborted ? next : null
      if (seed === null) return kill()
      next += 1
      worker.send(seed)
    }
    worker.on('message', (outcome: Outcome) => {
      hand()
      take(outcome)
    })
    return new Promise((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', (code, killedBy) => {
        stop.removeEventListener('abort', kill)
        if (seed === null || stop.aborted) return resolve(null)
        resolve({ seed, failure: `seed ${seed}: its process ended with ${killedBy ?? code}`, story: '' })
      })
      hand()
    })
  }

  await Promise.all(Array.from({ length: Math.min(jobs, count) }, lane))
}

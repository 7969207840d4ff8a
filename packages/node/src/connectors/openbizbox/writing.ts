/**
 * How a shop may be written to, by what the trial of its writing found. Without a trial nothing is known, and with a
 * place nothing was tried: then numbers are set, and none below zero.
 */
import type { Settings } from './settings.ts'

export interface WayOfWriting {
  readonly writing: 'relative' | 'absolute'
  readonly stockMin: number | null
  readonly usesBatches: boolean
}

export function wayOfWriting({ place, probe }: Pick<Settings, 'place' | 'probe'>): WayOfWriting {
  if (place !== null || probe === null) return { writing: 'absolute', stockMin: 0, usesBatches: false }
  const stockMin = probe.stopsAtZero ? 0 : null
  // A diff that the shop cuts at zero does not add up, so it is as good as a number that is set.
  const isRelative = probe.reachesVariant && probe.isAtomic && !probe.stopsAtZero
  return { writing: isRelative ? 'relative' : 'absolute', stockMin, usesBatches: isRelative && probe.worksInBatch }
}

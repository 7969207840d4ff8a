/**
 * How long to wait before a dial is made again: full jitter between the shortest pause and a limit that doubles, so
 * that nodes which lost each other at the same time do not come back at the same time.
 */
import { limits } from '@stockmesh/protocol'
import { type Random, randomFraction } from '../ports.ts'

/**
 * `failures` counts dials since the last one that led to a session. In milliseconds. Where nobody has proved who they
 * are, the few dials of a minute are spread over it.
 */
export function redialPause(failures: number, trusted: boolean, random: Random): number {
  const { redialMsMin, redialMsMax, dialsPerMinuteMax } = limits
  if (!trusted && failures > 2) return (60_000 / dialsPerMinuteMax) * (1 + randomFraction(random) / 4)
  const ceiling = Math.min(redialMsMax, redialMsMin * 2 ** Math.min(failures, 20))
  return redialMsMin + randomFraction(random) * (ceiling - redialMsMin)
}

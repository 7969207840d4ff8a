/**
 * The id of a process, made anew for each of its lives: when the process started, and chance. A shop has one node; where
 * two of its processes are alive at once (its folder was copied, or a copy of its machine was started) the one that
 * started later is the node, and the other one stands aside.
 */
import { assert } from './result.ts'

export const processIdBytes = 16
const startBytes = 6

/** `startedAt` in milliseconds since 1970; `chance` has 16 bytes. */
export function processIdOf(startedAt: number, chance: Uint8Array): Uint8Array {
  assert(chance.length === processIdBytes, 'a process id has 16 bytes')
  const id = chance.slice()
  let left = Math.max(0, Math.trunc(startedAt))
  for (let index = startBytes - 1; index >= 0; index -= 1) {
    id[index] = left % 256
    left = Math.floor(left / 256)
  }
  return id
}

/** When the process started, in milliseconds since 1970. */
export function startOf(processId: Uint8Array): number {
  return processId.subarray(0, startBytes).reduce((start, byte) => start * 256 + byte, 0)
}

/** How one process of a shop stands to another one; `same`: it may be another life of it. */
export function comparedStart(one: Uint8Array, other: Uint8Array): 'earlier' | 'same' | 'later' {
  const apart = startOf(one) - startOf(other)
  return apart === 0 ? 'same' : apart < 0 ? 'earlier' : 'later'
}

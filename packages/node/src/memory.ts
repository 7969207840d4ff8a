/**
 * How the process uses memory. Most of what a node holds lives as long as the node, so a large nursery for short-lived
 * objects and a heap that doubles before it is looked through would only stand beside the stock of a shop that has
 * little memory to give. The switches are V8's own; where an engine does not know one, nothing changes.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Percent by which the heap may grow before it is looked through again. */
const heapGrowthPercent = 30

/** At the start of the process, before much is allocated: the nursery stays at its first size. */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** When everything was loaded: what loading left behind is given back, and the heap grows in small steps from here on. */
export function settleMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowthPercent}`)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('typeof gc === "function" ? gc : null') as (() => void) | null
  collect?.()
}

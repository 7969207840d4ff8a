/**
 * The memory of this process, as it is compared between contenders.
 */
/** Bytes in use after everything that can go is gone, those that are not the engine's included. */
export function memory(): number {
  if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

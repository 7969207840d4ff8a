/**
 * Many measurements of one thing.
 */

/** The smallest sample that `share` of all samples do not exceed; there is at least one sample. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('Nothing was measured.')
  return value
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

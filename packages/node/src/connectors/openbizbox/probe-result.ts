/**
 * What the trial of the writing told about a shop, and the text in which it is kept among the settings, as
 * `2026-11-25T12:00:00.000Z variant adds-up batch`.
 */
export interface ProbeResult {
  /** Milliseconds since 1970. */
  readonly at: number
  /** `quantity_diff` with the variant's id changes that variant, and adds none. */
  readonly reachesVariant: boolean
  /** Changes at the same moment all count. */
  readonly isAtomic: boolean
  /** A stock is never less than zero: what goes below is cut off. */
  readonly stopsAtZero: boolean
  /** `quantity_diff` works in a batch too. */
  readonly worksInBatch: boolean
}

const words = {
  reachesVariant: 'variant',
  isAtomic: 'adds-up',
  stopsAtZero: 'stops-at-zero',
  worksInBatch: 'batch',
} as const
type Found = keyof typeof words
const found = Object.keys(words) as Found[]

export function probeText(probe: ProbeResult): string {
  return [new Date(probe.at).toISOString(), ...found.filter((name) => probe[name]).map((name) => words[name])].join(' ')
}

/** Null for what the trial did not write. */
export function parseProbe(text: string): ProbeResult | null {
  const [time = '', ...told] = text.split(' ')
  const at = Date.parse(time)
  const known: readonly string[] = Object.values(words)
  if (Number.isNaN(at) || told.some((word) => !known.includes(word))) return null
  const has = (name: Found): boolean => told.includes(words[name])
  return {
    at,
    reachesVariant: has('reachesVariant'),
    isAtomic: has('isAtomic'),
    stopsAtZero: has('stopsAtZero'),
    worksInBatch: has('worksInBatch'),
  }
}

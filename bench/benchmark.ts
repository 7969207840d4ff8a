/**
 * What a benchmark is: it measures our code, a peer and the limit of the machine in one run, and answers figures. A
 * figure without a peer or a limit says so with null, never with a guess.
 */

type Unit = 'ms' | 's' | 'MB' | 'B' | '/s'

export interface Figure {
  /** What was measured, as a row of the table begins. */
  readonly measure: string
  readonly unit: Unit
  readonly ours: number
  readonly peer: number | null
  readonly limit: number | null
  /** What the product sets itself, as text: "<= 100"; null where it sets nothing. */
  readonly target: string | null
}

export interface Report {
  readonly name: string
  /** What stands in the columns "peer" and "limit", in one sentence each. */
  readonly peer: string
  readonly limit: string
  readonly figures: readonly Figure[]
}

export interface Scale {
  /** A short run proves that the benchmark works; its figures mean nothing. */
  readonly short: boolean
}

export interface Benchmark {
  readonly name: string
  readonly about: string
  run(scale: Scale, say: (line: string) => void): Promise<Report>
}

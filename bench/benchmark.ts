/**
 * What a benchmark is: it measures our code, a peer and the limit of the machine in one run, and answers figures. A
 * figure without a peer or a limit says so with null, never with a guess.
 */

/** `1` is a plain number. */
type Unit = 'ms' | 's' | 'MB' | 'B' | '/s' | '1'

export interface Figure {
  /** What was measured, as a row of the table begins. */
  readonly measure: string
  readonly unit: Unit
  /** null where ours was not measured, because a smaller run than this did not end in its time. */
  readonly ours: number | null
  /** What was measured of each other column of the report, in its order; null for what was not measured. */
  readonly beside: readonly (number | null)[]
  /** What the product sets itself, as text: "<= 100"; null where it sets nothing. */
  readonly target: string | null
}

export interface Column {
  readonly name: string
  /** What stands in it, in one sentence. */
  readonly about: string
}

export interface Report {
  readonly name: string
  /** What ours is compared with: peers, and the limit of the machine. */
  readonly columns: readonly Column[]
  readonly figures: readonly Figure[]
}

/** A figure of a report that compares with one peer and with the limit. */
export interface FigureOfTwo extends Omit<Figure, 'beside'> {
  readonly peer: number | null
  readonly limit: number | null
}

export interface ReportOfTwo {
  readonly name: string
  readonly peer: string
  readonly limit: string
  readonly figures: readonly FigureOfTwo[]
}

export function besidePeerAndLimit({ name, peer, limit, figures }: ReportOfTwo): Report {
  return {
    name,
    columns: [
      { name: 'peer', about: peer },
      { name: 'limit', about: limit },
    ],
    figures: figures.map(({ peer: ofPeer, limit: ofLimit, ...figure }) => ({ ...figure, beside: [ofPeer, ofLimit] })),
  }
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

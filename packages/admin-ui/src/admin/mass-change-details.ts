/** What would become of the stock once a mass change is approved, as the details of a `held` problem tell it. */
import type { ProblemItem } from '@stockmesh/protocol/api'

interface ChangedSku {
  readonly sku: string
  readonly name: string
  readonly from: number
  readonly to: number
}

export interface MassChangeDetails {
  readonly units: number
  /** The other shop that made it; null: this one. */
  readonly by: string | null
  readonly toZero: number
  /** The largest of the changes. */
  readonly examples: readonly ChangedSku[]
}

/** null where the problem is another one. */
export function parseMassChange({ kind, details }: Pick<ProblemItem, 'kind' | 'details'>): MassChangeDetails | null {
  const { reason, units, toZero, examples, name } = details
  const by = reason === 'member-mass-change' && typeof name === 'string' ? name : null
  if (
    kind !== 'held' ||
    (reason !== 'mass-change' && by === null) ||
    typeof units !== 'number' ||
    typeof toZero !== 'number'
  ) {
    return null
  }
  const changed = Array.isArray(examples) ? examples.filter((example: unknown) => isChangedSku(example)) : []
  return { units, by, toZero, examples: changed }
}

function isChangedSku(example: unknown): example is ChangedSku {
  if (typeof example !== 'object' || example === null) {
    return false
  }
  const { sku, name, from, to } = example as Readonly<Record<string, unknown>>
  return typeof sku === 'string' && typeof name === 'string' && typeof from === 'number' && typeof to === 'number'
}

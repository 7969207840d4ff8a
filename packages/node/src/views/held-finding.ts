/**
 * Differences between the shop's number and the network's that wait for a person, as one problem for each reason: how
 * many SKUs, how many units, and what would become of the largest of them.
 */
import type { ProblemKind, SkuKey, StockItem } from '@stockmesh/protocol'
import type { Offset } from '../shop-sync/book.ts'
import { type Finding, plain } from './problem.ts'

export const offsetKinds: Readonly<Record<Offset['reason'], ProblemKind>> = {
  rollback: 'rollback',
  'mass-change': 'held',
}

/** SKUs told with the problem itself; all of them are in its list. */
const examplesMax = 5

const actions: Readonly<Record<Offset['reason'], readonly string[]>> = {
  rollback: ['use-network', 'count-in'],
  'mass-change': ['use-network', 'approve'],
}

export function heldFinding(
  reason: Offset['reason'],
  offsets: readonly (readonly [SkuKey, Offset])[],
  itemOf: (key: SkuKey) => StockItem,
): Finding {
  const units = offsets.reduce((sum, [, offset]) => sum + Math.abs(offset.units), 0)
  return {
    ...plain(offsetKinds[reason]),
    count: offsets.length,
    message: sentences[reason](offsets.length, units),
    details: { reason, units, ...(reason === 'mass-change' ? whatWouldBe(offsets, itemOf) : {}) },
    // Sales go on, and change nothing of what is decided on.
    decidedOn: { reason, units },
    keys: offsets.map(([key]) => key),
    offsets: new Map(offsets),
    actions: actions[reason],
    since: offsets.reduce((since, [, offset]) => Math.min(since, offset.since), Number.POSITIVE_INFINITY),
  }
}

const sentences: Readonly<Record<Offset['reason'], (skus: number, units: number) => string>> = {
  rollback: (skus, units) =>
    `${skus} SKUs differ from the network by ${units} units and no order explains it. ` +
    'Use the network’s numbers, or count this shop’s in.',
  'mass-change': (skus, units) =>
    `${skus} SKUs were changed at once, by ${units} units together, and no order explains it. The other shops were ` +
    'not told, and sales go on counting. Approve the change, or put this shop back to the network’s numbers.',
}

/** What every shop would show of them once the change is approved. */
function whatWouldBe(
  offsets: readonly (readonly [SkuKey, Offset])[],
  itemOf: (key: SkuKey) => StockItem,
): Readonly<Record<string, unknown>> {
  const changes = offsets.map(([key, { units }]) => {
    const { sku, name, level } = itemOf(key)
    return { sku, name, from: level ?? 0, to: (level ?? 0) + units }
  })
  return examplesOf(changes)
}

interface Change {
  readonly sku: string
  readonly name: string
  readonly from: number
  readonly to: number
}

/** The largest of the changes, and how many go to zero. */
export function examplesOf(changes: readonly Change[]): {
  readonly toZero: number
  readonly examples: readonly Change[]
} {
  const toZero = changes.filter(({ from, to }) => from > 0 && to <= 0).length
  const largest = changes.toSorted((one, other) => Math.abs(other.to - other.from) - Math.abs(one.to - one.from))
  return { toZero, examples: largest.slice(0, examplesMax) }
}

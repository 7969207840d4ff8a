/**
 * Which SKU each line of a list is about. A line whose SKU nobody knows, or that an earlier line was about, is refused
 * with its own code.
 */
import {
  type CountAnswer,
  type CountItem,
  type Failure,
  failure,
  limits,
  parseSku,
  type SkuKey,
} from '@stockmesh/protocol'
import type { GivenLine } from '../http/stock-lines.ts'
import { keyFinder } from './stock-detail.ts'
import type { StockNode } from './stock-node.ts'

export interface AcceptedLine<Line> {
  readonly refused: null
  readonly sku: string
  readonly key: SkuKey
  readonly line: Line
}

interface RefusedLine {
  readonly refused: CountItem
}

export type ResolvedLine<Line> = RefusedLine | AcceptedLine<Line>

export function refusedLine(sku: string, { code, message }: Failure): RefusedLine {
  return { refused: { sku, name: null, from: null, to: null, error: { code, message } } }
}

export function resolveLines<Line>(node: StockNode, given: readonly GivenLine<Line>[]): readonly ResolvedLine<Line>[] {
  const find = keyFinder(node)
  const taken = new Set<SkuKey>()
  return given.map(({ sku, line }) => {
    if (!line.ok) return refusedLine(sku, line)
    const parsed = parseSku(sku)
    if (!parsed.ok) return refusedLine(sku, parsed)
    const key = find(sku)
    if (key === null) {
      return refusedLine(sku, failure('sku-unknown', 'No shop of the network has this SKU. Check the spelling.'))
    }
    if (taken.has(key)) {
      return refusedLine(
        sku,
        failure('sku-repeated', 'An earlier line is about the same SKU. Send one line for each SKU.'),
      )
    }
    if (node.ledger.isDoubtful(key)) {
      return refusedLine(
        sku,
        failure(
          'records-damaged',
          'Records of this SKU were damaged on the disk. Try again when they are fetched again.',
        ),
      )
    }
    taken.add(key)
    return { refused: null, sku, key, line: line.value }
  })
}

export function acceptedLines<Line>(resolved: readonly ResolvedLine<Line>[]): readonly AcceptedLine<Line>[] {
  return resolved.filter((line) => line.refused === null)
}

/** The answer to a list, from the answers to its lines. */
export function listAnswer(items: readonly CountItem[], facts: Pick<CountAnswer, 'dryRun' | 'unheard'>): CountAnswer {
  const accepted = items.filter(({ error }) => error === null)
  const unitsChanged = accepted.reduce((sum, { from, to }) => sum + Math.abs((to ?? 0) - (from ?? 0)), 0)
  return { items, counted: accepted.length, refused: items.length - accepted.length, unitsChanged, ...facts }
}

/** Of a long list the part that somebody reads; the sums are of all of it. */
export function largestFirst(answer: CountAnswer): CountAnswer {
  const size = ({ from, to }: CountItem): number => Math.abs((to ?? 0) - (from ?? 0))
  const items = answer.items.toSorted((a, b) => size(b) - size(a) || (a.sku < b.sku ? -1 : 1))
  return { ...answer, items: items.slice(0, limits.resumeItemsMax) }
}

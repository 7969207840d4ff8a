/**
 * Which SKU each line of a list is about. A line whose SKU nobody knows, or that an earlier line was about, is refused
 * with its own code.
 */
import { type CountAnswer, type CountItem, type Failure, failure, parseSku, type SkuKey } from '@stockmesh/protocol'
import type { GivenLine } from '../http/stock-lines.ts'
import { keyFinder } from './stock-detail.ts'
import type { StockNode } from './stock-node.ts'

export interface AcceptedLine<Line> {
  readonly refused: null
  readonly sku: string
  readonly key: SkuKey
  readonly line: Line
}

export type ResolvedLine<Line> = { readonly refused: CountItem } | AcceptedLine<Line>

export function resolveLines<Line>(node: StockNode, given: readonly GivenLine<Line>[]): readonly ResolvedLine<Line>[] {
  const find = keyFinder(node)
  const taken = new Set<SkuKey>()
  return given.map(({ sku, line }) => {
    const refuse = ({ code, message }: Failure): ResolvedLine<Line> => ({
      refused: { sku, name: null, from: null, to: null, error: { code, message } },
    })
    if (!line.ok) return refuse(line)
    const parsed = parseSku(sku)
    if (!parsed.ok) return refuse(parsed)
    const key = find(sku)
    if (key === null) {
      return refuse(failure('sku-unknown', 'No shop of the network has this SKU. Check the spelling.'))
    }
    if (taken.has(key)) {
      return refuse(failure('sku-repeated', 'An earlier line is about the same SKU. Send one line for each SKU.'))
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

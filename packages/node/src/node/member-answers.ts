/**
 * What this shop answers to a member's live questions, as JSON: how it stands with a SKU, a page of its problems, and
 * whether it stays when the other one leaves.
 */
import { limits, type ProblemItem, type Question, type ShopId, type SkuKey, unreachable } from '@stockmesh/protocol'
import { answerGoodbye, goodbyeAnswer } from './goodbye.ts'
import type { StockNode } from './stock-node.ts'

/** Problems in one answer, by their characters: the rest follows when it is asked for. */
const pageCharactersMax = limits.answerCharactersMax / 2

export async function answerMember(node: StockNode, asker: ShopId, about: Question, key: string): Promise<string> {
  switch (about) {
    case 'stock':
      return answerStock(node, key as SkuKey)
    case 'problems':
      return pageOfProblems(
        (await node.problems.all()).map(({ item }) => item),
        Number(key) || 0,
      )
    case 'goodbye':
      return goodbyeAnswer(answerGoodbye(node, asker, key))
    case 'unknown':
      return '{}'
    default:
      return unreachable(about)
  }
}

export function answerStock(node: StockNode, key: SkuKey): string {
  const { shown, shopLevel, state, updatedAt } = node.index.item(key)
  const listed = node.shop.book.rowsOf(key).length > 0
  return JSON.stringify({ listed, shown, shopLevel, state, readAt: updatedAt })
}

/** As many as fit, from the place `from` on; one that fits nowhere is told without its details. */
function pageOfProblems(all: readonly ProblemItem[], from: number): string {
  const items: ProblemItem[] = []
  let characters = 0
  for (const problem of all.slice(from)) {
    const isLarge = JSON.stringify(problem).length > pageCharactersMax
    const item = isLarge ? { ...problem, details: {} } : problem
    characters += JSON.stringify(item).length
    if (characters > pageCharactersMax && items.length > 0) break
    items.push(item)
  }
  const next = from + items.length
  return JSON.stringify({ items, next: next < all.length ? next : null })
}

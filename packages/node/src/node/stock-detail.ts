/**
 * The number explained: where a SKU's level comes from, shop by shop, and how it stands in each shop right now.
 */
import {
  noRecords,
  recordsOf,
  type ShopId,
  shopOfRid,
  sinceBaseline,
  type SkuChoice,
  type SkuKey,
  skuKey,
  type StockDetail,
  type StockState,
  winningBaseline,
} from '@stockmesh/protocol'
import { z } from 'zod'
import { stockState } from '../http/answers.ts'
import { productsOf } from '../shop-sync/book.ts'
import { answerStock } from './member-answers.ts'
import type { StockNode } from './stock-node.ts'

type ShopLine = StockDetail['shops'][number]

const memberAnswer = z.object({
  listed: z.boolean(),
  shown: z.int().nullable(),
  shopLevel: z.int().nullable(),
  state: stockState.nullable(),
  readAt: z.string().max(40).nullable(),
})

/** The key under which a text is known here: its own, or that of the pool it is an alias of; null if unknown. */
export function findKey(node: StockNode, text: string): SkuKey | null {
  return keyFinder(node)(text)
}

/** Finds many keys: the aliases are collected once, when the first text needs them. */
export function keyFinder(node: StockNode): (text: string) => SkuKey | null {
  let aliases: ReadonlyMap<SkuKey, SkuKey> | null = null
  return (text) => {
    const key = skuKey(text)
    if (key === null || node.index.has(key) || node.ledger.holdings.skus.has(key)) return key
    aliases ??= aliasesIn(node)
    return aliases.get(key) ?? null
  }
}

function aliasesIn(node: StockNode): ReadonlyMap<SkuKey, SkuKey> {
  const aliases = new Map<SkuKey, SkuKey>()
  for (const row of node.shop.book.rows.values()) {
    for (const product of row.products ?? []) {
      const alias = product.sku === null ? null : skuKey(product.sku)
      if (row.key !== null && alias !== null && alias !== row.key && !aliases.has(alias)) aliases.set(alias, row.key)
    }
  }
  return aliases
}

export async function stockDetail(node: StockNode, key: SkuKey): Promise<StockDetail> {
  // What is not all there explains nothing.
  const records = node.ledger.isDoubtful(key) ? noRecords : recordsOf(node.ledger.holdings, key)
  const winner = winningBaseline(records.baselines)
  const byShop = [...sinceBaseline(records)].map(([member, { added, removed }]) => ({ member, added, removed }))
  const products = node.shop.book
    .rowsOf(key)
    .flatMap((row) =>
      productsOf(row).map((product) => ({ ...product, stock: row.stock, adminUrl: node.shop.adminUrlOf(product.id) })),
    )
  return {
    ...node.index.item(key),
    ...choiceOf(node, key),
    baseline:
      winner === null
        ? null
        : {
            quantity: winner.record.baseline.quantity,
            by: shopOfRid(winner.rid),
            at: new Date(winner.record.baseline.stamp).toISOString(),
            generation: records.baselines.length,
          },
    byShop,
    products,
    shops: await Promise.all(node.network.members.map(({ shopId }) => askMember(node, shopId, key))),
  }
}

/** Nothing was chosen: both are null. */
export function choiceOf(node: StockNode, key: SkuKey): SkuChoice {
  const { choices } = node.shop.book
  const leftOut = choices.leftOut(key)
  return {
    buffer: choices.bufferOf(key),
    leftOut: leftOut === null ? null : { since: new Date(leftOut.since).toISOString(), difference: leftOut.difference },
  }
}

async function askMember(node: StockNode, member: ShopId, key: SkuKey): Promise<ShopLine> {
  const peer = node.network.link.peers().find(({ shopId }) => shopId === member)
  const body =
    member === node.self ? answerStock(node, key) : peer && (await node.network.questions.ask(peer, 'stock', key))
  const nothing = { listed: null, shown: null, shopLevel: null, state: null as StockState | null, readAt: null }
  if (body === undefined || body === null) return { member, ...nothing }
  try {
    return { member, ...memberAnswer.parse(JSON.parse(body)) }
  } catch {
    // A member that answers nonsense has no answer.
    return { member, ...nothing }
  }
}

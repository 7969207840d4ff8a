/**
 * What the three shops sell: every SKU of the order data under its most frequent name. Services are not tracked. Most
 * opening levels outlast the data; a seeded set of them is sold below zero.
 */
import type { NewProduct } from '../harness/client.ts'
import type { Invoice } from '../harness/orders.ts'
import type { Random } from './random.ts'

export interface Article {
  /** SKU key. */
  readonly key: string
  readonly name: string
  /** As the orders spell it, in the order of their first appearance. */
  readonly spellings: readonly string[]
  /** null: a service, not tracked. */
  readonly stock: { readonly opening: number /** After every order. */; readonly final: number } | null
}

/** Postage, discounts, fees and the like: sold on invoices, but nothing lies on a shelf. */
const services: ReadonlySet<string> = new Set(['post', 'dot', 'm', 'd', 's', 'c2', 'bank charges', 'amazonfee'])
const oversoldMax = 200

export function foldSku(sku: string): string {
  return sku.normalize('NFC').trim().toLowerCase()
}

export function createCatalogue(invoices: readonly Invoice[], random: Random): readonly Article[] {
  const found = collectArticles(invoices)
  const sellers = [...found].filter(([key, { sold }]) => !services.has(key) && sold > 0).map(([key]) => key)
  const oversoldCount = Math.min(oversoldMax, Math.floor(sellers.length / 4))
  const oversold = new Set(random.shuffle(sellers).slice(0, oversoldCount))
  return [...found].map(([key, { names, spellings, sold }]): Article => {
    const name = mostFrequent(names)
    if (services.has(key)) return { key, name, spellings: [...spellings], stock: null }
    const opening = oversold.has(key) ? random.between(0, sold - 1) : Math.max(0, sold) + random.between(50, 5_000)
    return { key, name, spellings: [...spellings], stock: { opening, final: opening - sold } }
  })
}

/**
 * The products of one shop. The first shop has the opening levels; the others begin with numbers of their own, which
 * the network replaces. Where the data spells a SKU in several ways, the shops do not spell it alike.
 */
export function productsOfShop(articles: readonly Article[], shop: number, random: Random): readonly NewProduct[] {
  return articles.map(({ key, name, spellings, stock }) => ({
    sku: spellings[shop % spellings.length] ?? key,
    name,
    stock: stock === null ? null : shop === 0 ? stock.opening : random.between(0, 500),
  }))
}

interface Found {
  readonly names: Map<string, number>
  readonly spellings: Set<string>
  sold: number
}

function collectArticles(invoices: readonly Invoice[]): Map<string, Found> {
  const found = new Map<string, Found>()
  for (const line of invoices.flatMap(({ lines }) => lines)) {
    const key = foldSku(line.sku)
    const article = found.get(key) ?? { names: new Map(), spellings: new Set(), sold: 0 }
    found.set(key, article)
    article.names.set(line.name, (article.names.get(line.name) ?? 0) + 1)
    article.spellings.add(line.sku)
    article.sold += line.quantity
  }
  return found
}

function mostFrequent(names: ReadonlyMap<string, number>): string {
  const named = [...names].filter(([name]) => name !== '').sort(([, one], [, other]) => other - one)
  return named[0]?.[0] ?? ''
}

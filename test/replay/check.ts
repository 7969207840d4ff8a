/**
 * The exact check after a replay. Each answer is a list of differences in plain sentences, empty when the network and
 * every shop hold what the orders leave: for each tracked SKU its opening level minus the sum of its quantities.
 */
import type { Member, Network } from '../harness/network.ts'
import { type Article, foldSku } from './catalogue.ts'
import type { Random } from './random.ts'

const movementSamples = 200
const callsAtOnce = 8

export async function checkNodes(network: Network, articles: readonly Article[]): Promise<readonly string[]> {
  const differences = network.members.map(async ({ name, api }) => {
    const items = byKey(await api.stock())
    const unknown = [...items.keys()].filter((key) => !articles.some((article) => article.key === key))
    return [
      ...unknown.map((key) => `node ${name} has ${key}, which no shop sells`),
      ...articles.flatMap(({ key, stock }) => {
        const level = items.get(key)?.level ?? null
        const expected = stock?.final ?? null
        return level === expected ? [] : [`node ${name}: ${key} is ${level} instead of ${expected}`]
      }),
    ]
  })
  return (await Promise.all(differences)).flat()
}

/** The built-in shop shows nothing below zero. */
export async function checkShops(network: Network, articles: readonly Article[]): Promise<readonly string[]> {
  const differences = network.members.map(async ({ name, shopApi }) => {
    const products = await shopApi.products()
    const items = byKey(products)
    return [
      ...(products.length === articles.length
        ? []
        : [`shop ${name} has ${products.length} products instead of ${articles.length}`]),
      ...articles.flatMap(({ key, stock }) => {
        const shown = items.get(key)?.stock ?? null
        const expected = stock === null ? null : Math.max(0, stock.final)
        return shown === expected ? [] : [`shop ${name}: ${key} shows ${shown} instead of ${expected}`]
      }),
    ]
  })
  return (await Promise.all(differences)).flat()
}

/** Oversold SKUs are as many as the levels say, and nothing else is left for a person to look at. */
export async function checkProblems(network: Network, articles: readonly Article[]): Promise<readonly string[]> {
  const expected = articles.filter(isNegative).length
  const differences = network.members.map(async ({ name, api }) => {
    const { stock } = await api.status()
    const others = (await api.problems()).filter(({ kind }) => kind !== 'oversold')
    return [
      ...(stock.oversold === expected ? [] : [`node ${name} counts ${stock.oversold} oversold instead of ${expected}`]),
      ...others.map(({ kind, sku, message }) => `node ${name} has a problem ${kind} (${sku ?? 'no SKU'}): ${message}`),
    ]
  })
  return (await Promise.all(differences)).flat()
}

/** The articles whose movements are added up: a sample, and everything that is negative or not tracked. */
export function sampleArticles(articles: readonly Article[], random: Random): readonly Article[] {
  const always = articles.filter((article) => article.stock === null || isNegative(article))
  const sampled = random.shuffle(articles.filter((article) => !always.includes(article))).slice(0, movementSamples)
  return [...always, ...sampled]
}

/** Baseline and movements add up to the level at every node; what is not tracked has no movements. */
export async function checkMovements(network: Network, articles: readonly Article[]): Promise<readonly string[]> {
  const differences: string[] = []
  for (const member of network.members) {
    const queue = articles.values()
    const checkFrom = async () => {
      for (const article of queue) differences.push(...(await checkMovementsOf(member, article)))
    }
    await Promise.all(Array.from({ length: callsAtOnce }, checkFrom))
  }
  return differences
}

async function checkMovementsOf({ name, api }: Member, { key, stock }: Article): Promise<readonly string[]> {
  const detail = await api.stockOf(key)
  if (stock === null) {
    const moved = detail === null ? 0 : (await api.movements(key)).length
    return moved === 0 ? [] : [`node ${name}: ${key} is not tracked and has ${moved} movements`]
  }
  const baseline = detail?.baseline?.quantity ?? null
  if (detail === null || baseline === null) return [`node ${name}: ${key} has no baseline`]
  const movements = await api.movements(key)
  const moved = movements.reduce((sum, { delta }) => sum + delta, 0)
  const byShop = detail.byShop.reduce((sum, { added, removed }) => sum + added - removed, 0)
  return [
    ...(baseline === stock.opening ? [] : [`node ${name}: ${key} begins at ${baseline} instead of ${stock.opening}`]),
    ...(baseline + moved === stock.final
      ? []
      : [`node ${name}: ${key} is ${baseline} and moved ${moved}, which is not ${stock.final}`]),
    ...(baseline + byShop === stock.final
      ? []
      : [`node ${name}: ${key} is ${baseline} and ${byShop} by its shops, which is not ${stock.final}`]),
  ]
}

function isNegative({ stock }: Article): boolean {
  return stock !== null && stock.final < 0
}

function byKey<T extends { readonly sku: string | null }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [foldSku(item.sku ?? ''), item]))
}

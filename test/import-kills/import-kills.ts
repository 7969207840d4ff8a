/**
 * A shop with a large catalogue and a slow interface joins a network while both shops sell, and its node is killed at
 * seeded points of the import. Afterwards every number in both nodes and both shops is compared with what was sold.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { NewProduct, ShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { createRandom, type Random } from '../replay/random.ts'

export interface ImportKillsOptions {
  /** In the joining shop; one in ten is known to it alone. */
  readonly skus: number
  readonly kills: number
  readonly seed: number
  readonly say: (line: string) => void
}

interface KillMade {
  readonly state: string
  readonly done: number
  readonly total: number
  /** What the node said first when it was back. */
  readonly resumedAt: string
}

export interface ImportKillsReport {
  readonly skus: number
  readonly orders: number
  readonly units: number
  readonly kills: readonly KillMade[]
  readonly importSeconds: number
  /** From the end of the import and of the sales to agreement. */
  readonly agreementSeconds: number
  /** Plain sentences; empty when every number is right. */
  readonly differences: readonly string[]
}

interface Article {
  readonly sku: string
  /** What each shop begins with; null where it does not have the SKU. */
  readonly stocks: readonly [first: number | null, joining: number | null]
  /** Units sold in either shop. */
  sold: number
}

const rowsPerPage = 50
const answerMs = 100
const orderPauseMs = 10
const importMsMax = 400_000
const isListing = ({ path }: { readonly path: string }) => path.includes('/stock-rows')

export async function importUnderKills(options: ImportKillsOptions): Promise<ImportKillsReport> {
  const { seed, say } = options
  const random = createRandom(seed)
  const articles = createArticles(options.skus, random)
  await using network = await Network.open({ names: ['First', 'Joining'], httpFaults: true })
  try {
    return await run(network, articles, options, random)
  } catch (error) {
    say(network.outputs())
    throw new Error(`Seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function run(
  network: Network,
  articles: readonly Article[],
  { skus, kills, say }: ImportKillsOptions,
  random: Random,
): Promise<ImportKillsReport> {
  const [first, joining] = [network.member('First'), network.member('Joining')]
  await Promise.all([fillShop(first, productsOf(articles, 0)), fillShop(joining, productsOf(articles, 1))])
  say('both shops have their catalogues')
  await first.api.startImport()
  await importDone(first)
  joining.shopAnswers?.limitPages(rowsPerPage, isListing)
  joining.shopAnswers?.delay(answerMs, isListing)
  await requestAndAccept(joining, first)
  // From its first page on the joining shop is attached, and what it sells counts.
  await eventually('the listing has begun', async () => (await progressOf(joining)).at > 0, { every: 10 })
  const from = performance.now()
  const stop = new AbortController()
  const sellers = [first, joining].map((member, shop) =>
    sell(
      member.shopApi,
      articles.filter(({ stocks }) => stocks[shop] !== null),
      random,
      stop.signal,
    ),
  )
  const made: KillMade[] = []
  for (const point of planPoints(kills, random)) made.push(await killAt(joining, point, say))
  await importDone(joining)
  const importSeconds = (performance.now() - from) / 1_000
  stop.abort()
  const orders = (await Promise.all(sellers)).reduce((sum, count) => sum + count, 0)
  say(`the import is done and ${orders} orders are placed`)
  const over = performance.now()
  await network.untilAgreed({ deadlineMs: 120_000 })
  return {
    skus,
    orders,
    units: articles.reduce((sum, { sold }) => sum + sold, 0),
    kills: made,
    importSeconds,
    agreementSeconds: (performance.now() - over) / 1_000,
    differences: await check(network, articles),
  }
}

function createArticles(skus: number, random: Random): readonly Article[] {
  const alone = Math.floor(skus / 10)
  const stock = () => random.between(500, 5_000)
  return Array.from({ length: skus + alone }, (_, index) => ({
    sku: `IMP-${index}`,
    stocks: [index < skus - alone || index >= skus ? stock() : null, index < skus ? stock() : null],
    sold: 0,
  }))
}

function productsOf(articles: readonly Article[], shop: 0 | 1): readonly NewProduct[] {
  return articles.flatMap(({ sku, stocks }) => {
    const stock = stocks[shop]
    return stock === null ? [] : [{ sku: shop === 0 ? sku : sku.toLowerCase(), name: `Article ${sku}`, stock }]
  })
}

/** Points of the import: up to 1 in the listing, from 1 to 2 while numbers are written to the shop. */
function planPoints(kills: number, random: Random): readonly number[] {
  const points = Array.from({ length: kills }, (_, index) => {
    const share = random.between(5, 95) / 100
    return index % 3 === 2 ? 1 + share : share
  })
  return points.sort((one, other) => one - other)
}

async function killAt({ api, node }: Member, point: number, say: (line: string) => void): Promise<KillMade> {
  const reached = await eventually(
    `the import reaches ${point}`,
    async () => {
      const progress = await progressOf({ api })
      return progress.at >= point ? progress : null
    },
    { deadlineMs: importMsMax, every: 5 },
  )
  await node.restart()
  const { said: resumedAt, at } = await progressOf({ api })
  const { state, done, total } = reached
  say(`kill -9 at ${reached.said}; back at ${resumedAt}`)
  // Two pages may have been on their way to the disk.
  if (state === 'listing' && (at - reached.at) * total < -2 * rowsPerPage) {
    throw new Error(`The import was at ${reached.said} and went on at ${resumedAt}.`)
  }
  return { state, done, total, resumedAt }
}

interface Progress {
  readonly at: number
  readonly state: string
  readonly done: number
  readonly total: number
  readonly said: string
}

async function progressOf({ api }: Pick<Member, 'api'>): Promise<Progress> {
  const { state, done, total } = await api.importState()
  const share = total === 0 ? 0 : done / total
  const at = state === 'listing' ? share : state === 'ready' ? 1 : state === 'running' ? 1 + share : 2
  return { at: state === 'idle' ? 0 : at, state, done, total, said: `${state} ${done} of ${total}` }
}

/** Orders of one to three lines until told to stop; answers how many. */
async function sell(
  shop: ShopClient,
  articles: readonly Article[],
  random: Random,
  signal: AbortSignal,
): Promise<number> {
  let orders = 0
  while (!signal.aborted) {
    const picked = new Set(Array.from({ length: random.between(1, 3) }, () => random.pick(articles)))
    const lines = [...picked].map((article) => ({ article, quantity: random.between(1, 3) }))
    await shop.placeOrder({ lines: lines.map(({ article, quantity }) => ({ sku: article.sku, quantity })) })
    for (const { article, quantity } of lines) article.sold += quantity
    orders += 1
    await pause(orderPauseMs)
  }
  return orders
}

async function check(network: Network, articles: readonly Article[]): Promise<readonly string[]> {
  const differences: string[] = []
  for (const [shop, { name, api, shopApi }] of network.members.entries()) {
    const levels = new Map((await api.stock()).map(({ sku, level }) => [sku.toLowerCase(), level]))
    const stocks = new Map((await shopApi.products()).map(({ sku, stock }) => [sku?.toLowerCase(), stock]))
    const problems = await api.problems()
    if (levels.size !== articles.length) differences.push(`node ${name} has ${levels.size} of ${articles.length} SKUs`)
    differences.push(...problems.map(({ message }) => `node ${name} has a problem: ${message}`))
    for (const { sku, stocks: began, sold } of articles) {
      const expected = (began[0] ?? began[1] ?? 0) - sold
      const level = levels.get(sku.toLowerCase())
      const stock = stocks.get(sku.toLowerCase())
      if (level !== expected) differences.push(`node ${name}: ${sku} is ${level} instead of ${expected}`)
      if (began[shop] !== null && stock !== expected) {
        differences.push(`shop ${name}: ${sku} shows ${stock} instead of ${expected}`)
      }
      if (began[shop] === null && stock !== undefined) differences.push(`shop ${name} has ${sku}, which it never had`)
    }
  }
  return differences
}

async function requestAndAccept(joining: Member, accepting: Member): Promise<void> {
  await joining.api.join(accepting.link.url, { importWhenAccepted: true })
  const request = await eventually('the request is seen', async () => {
    const join = await joining.api.joinState()
    return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
  })
  await accepting.api.accept(request.id, request.code)
}

async function importDone({ name, api }: Member): Promise<void> {
  await eventually(`the import of ${name} is done`, async () => (await api.importState()).state === 'done', {
    deadlineMs: importMsMax,
    every: 100,
  })
}

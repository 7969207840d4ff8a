/**
 * The real replay: a fortnight of real orders placed in three shops, each beside its node, all processes of their own,
 * while links are cut and processes are killed. Afterwards every number is compared with what the orders leave.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'
import { type Invoice, readInvoices } from '../harness/orders.ts'
import { type Article, createCatalogue, productsOfShop } from './catalogue.ts'
import { checkMovements, checkNodes, checkProblems, checkShops, sampleArticles } from './check.ts'
import { planFaults, type Segment } from './fault-plan.ts'
import { Faults, type KillMade } from './faults.ts'
import { OrdersInFlight, type PlacedOrder } from './orders-in-flight.ts'
import { createRandom, type Random } from './random.ts'

export interface ReplayOptions {
  /** Order lines; the invoice that holds the last one is placed whole. */
  readonly lines: number
  readonly seed: number
  readonly kills: number
  readonly cuts: number
  /** Orders on their way at once in each shop. */
  readonly ordersPerShop: number
  /** Segments begin at least this far apart, so that cuts outlast some of them. */
  readonly segmentMs: number
  readonly cutMsMax: number
  /** Add up the movements of every SKU instead of a sample. */
  readonly all: boolean
  readonly say: (line: string) => void
}

export interface ReplayReport {
  readonly lines: number
  readonly skus: number
  readonly orders: number
  readonly oversold: number
  readonly retries: number
  readonly cuts: number
  readonly kills: readonly KillMade[]
  /** While orders were being placed. */
  readonly ordersPerSecond: number
  readonly linesPerSecond: number
  /** From the last healing to agreement. */
  readonly agreementSeconds: number
  /** Resident memory of each node at the end; null where the system does not tell. */
  readonly residentBytes: readonly { readonly node: string; readonly bytes: number | null }[]
  /** Plain sentences; empty when every number is right. */
  readonly differences: readonly string[]
}

const shopNames = ['One', 'Two', 'Three'] as const
/** Orders on their way at a kill; fewer in a replay whose segments hardly have as many. */
const ordersInFlightMost = 20
const agreementMsMax = 180_000

export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { seed, say } = options
  const random = createRandom(seed)
  const invoices = readInvoices(options.lines)
  const articles = createCatalogue(invoices, random)
  say(`seed ${seed}: ${countLines(invoices)} lines in ${invoices.length} orders, ${articles.length} SKUs`)
  await using network = await Network.open({ names: shopNames, shopProcesses: true })
  try {
    return await run(network, options, { random, invoices, articles })
  } catch (error) {
    throw new Error(`Seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${network.outputs()}`, {
      cause: error,
    })
  }
}

interface Material {
  readonly random: Random
  readonly invoices: readonly Invoice[]
  readonly articles: readonly Article[]
}

async function run(network: Network, options: ReplayOptions, material: Material): Promise<ReplayReport> {
  const { say } = options
  const { random, invoices, articles } = material
  for (const [index, member] of network.members.entries()) {
    await fillShop(member, productsOfShop(articles, index, random))
    say(`shop ${member.name} offers ${articles.length} products`)
  }
  await network.found({ deadlineMs: agreementMsMax })
  say('the network is founded and all shops agree on the opening levels')

  const segments = planFaults({ ...options, members: network.members.length }, random)
  const ordersInFlightMin = Math.min(ordersInFlightMost, Math.floor(invoices.length / segments.length / 4))
  const faults = new Faults(network, ordersInFlightMin, say)
  const orders = new OrdersInFlight(
    network.members.map(({ shopApi }) => shopApi),
    options.ordersPerShop,
  )
  const placingSeconds = await placeAll(assignShops(invoices), segments, { orders, faults, options })
  await faults.over()
  const agreementSeconds = await untilAgreed(network, say)

  const checked = options.all ? articles : sampleArticles(articles, random)
  const differences = [
    ...(faults.killsDue === 0 ? [] : [`${faults.killsDue} kills met no ${ordersInFlightMin} orders in flight`]),
    ...(await checkNodes(network, articles)),
    ...(await checkShops(network, articles)),
    ...(await checkProblems(network, articles)),
    ...(await checkMovements(network, checked)),
  ]
  say(`movements of ${checked.length} SKUs were added up at every node`)
  return {
    lines: countLines(invoices),
    skus: articles.length,
    orders: invoices.length,
    oversold: articles.filter(({ stock }) => stock !== null && stock.final < 0).length,
    retries: orders.retries,
    cuts: options.cuts,
    kills: faults.killsMade,
    ordersPerSecond: invoices.length / placingSeconds,
    linesPerSecond: countLines(invoices) / placingSeconds,
    agreementSeconds,
    residentBytes: network.members.map(({ name, node }) => ({ node: name, bytes: node.residentBytes() })),
    differences,
  }
}

interface Placing {
  readonly orders: OrdersInFlight
  readonly faults: Faults
  readonly options: ReplayOptions
}

/** Places the orders segment by segment; answers the seconds in which orders were being placed. */
async function placeAll(
  placed: readonly PlacedOrder[],
  segments: readonly Segment[],
  { orders, faults, options }: Placing,
): Promise<number> {
  const started = performance.now()
  let placingMs = 0
  for (const [index, { kill, cut }] of segments.entries()) {
    const early = started + index * options.segmentMs - performance.now()
    if (early > 0) await pause(early)
    if (kill !== null) faults.plan(kill)
    if (cut !== null) await faults.cut(cut)
    const part = placed.slice(
      Math.floor((index * placed.length) / segments.length),
      Math.floor(((index + 1) * placed.length) / segments.length),
    )
    const from = performance.now()
    await orders.place(part, (answered) => faults.strike(answered / part.length, orders.count))
    const partMs = performance.now() - from
    placingMs += partMs
    const rate = ((part.length / partMs) * 1_000).toFixed(0)
    options.say(`part ${index + 1} of ${segments.length}: ${part.length} orders placed, ${rate} a second`)
  }
  return placingMs / 1_000
}

async function untilAgreed(network: Network, say: (line: string) => void): Promise<number> {
  const from = performance.now()
  let said = from
  await eventually(
    'all nodes agree after the faults',
    async () => {
      const reason = await network.disagreement()
      if (reason === null) return true
      if (performance.now() - said > 2_000) {
        said = performance.now()
        say(`waiting: ${reason}`)
      }
      throw new Error(reason)
    },
    { deadlineMs: agreementMsMax, every: 50 },
  )
  return (performance.now() - from) / 1_000
}

/** Orders from the United Kingdom go to the first two shops in turn, all others to the third. */
function assignShops(invoices: readonly Invoice[]): readonly PlacedOrder[] {
  let home = 0
  return invoices.map((invoice) => {
    if (invoice.country !== 'United Kingdom') return { invoice, shop: 2 }
    home += 1
    return { invoice, shop: home % 2 === 1 ? 0 : 1 }
  })
}

function countLines(invoices: readonly Invoice[]): number {
  return invoices.reduce((sum, { lines }) => sum + lines.length, 0)
}

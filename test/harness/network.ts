/**
 * A network of real nodes: each a process, reached by its peers only through a fault proxy, as its built-in shop is by
 * the node. A shop is a process too where a test ends one; else it is a server in the process of the test, which is
 * there in a fraction of the time.
 *
 * Every node has one address for all peers, so one proxy stands in front of each node, and either end of a link may be
 * the dialer. "X is cut off from Y" is therefore two faults: Y's proxy swallows what X dials, and X's proxy what Y
 * dials. A proxy knows the dialer by the name in its request, so other links through it are not touched. Tests speak
 * to nodes and shops directly, past the proxies.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skuKey } from '@stockmesh/protocol'
import { runShop } from '../../packages/node/src/cli/shop-command.ts'
import { disagreementOf, foundNetwork, joinNetwork, type NetworkMember, untilAgreed } from './agreement.ts'
import { createNodeClient, createShopClient, type NewProduct, type NodeClient, type ShopClient } from './client.ts'
import { dialerEnvironment, identifyDialer, unnamedDialer } from './dialer.ts'
import { eventually, type Patience } from './eventually.ts'
import { FaultProxy } from './fault-proxy.ts'
import { HttpFaultProxy } from './http-fault-proxy.ts'
import { Owned } from './owned.ts'
import { pickPort } from './port.ts'
import { adminToken, Program, shopKey } from './process.ts'

export interface NetworkOptions {
  readonly names: readonly string[]
  /** Whether each shop is a process (`Member.shop`), so that it can be killed. */
  readonly shopProcesses?: boolean
  /** Whether the answers of shops can be falsified (`Member.shopAnswers`). */
  readonly httpFaults?: boolean
  /** How far the clock of a member's node is from the real one, in milliseconds. */
  readonly clockShiftsMs?: Readonly<Record<string, number>>
}

export interface Member {
  readonly name: string
  /** The process of the shop; asking for it throws where the network was opened without. */
  readonly shop: Program
  readonly node: Program
  readonly api: NodeClient
  readonly shopApi: ShopClient
  /** In front of the node: what its peers dial. */
  readonly link: FaultProxy
  /** Between the node and its shop. */
  readonly shopLink: FaultProxy
  readonly shopAnswers: HttpFaultProxy | null
}

export class Network implements AsyncDisposable {
  readonly members: readonly Member[]
  readonly #programs: readonly Program[]
  readonly #owned: Owned

  private constructor(members: readonly Member[], programs: readonly Program[], owned: Owned) {
    this.members = members
    this.#programs = programs
    this.#owned = owned
  }

  /** Starts every shop and node beside each other; no member knows of another yet. */
  static async open(options: NetworkOptions): Promise<Network> {
    const owned = new Owned()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'stockmesh-'))
      owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
      const programs: Program[] = []
      const opening = options.names.map((name) => openMember({ name, folder, options, owned, programs }))
      // What came up is owned and ended also where another one did not.
      const settled = await Promise.allSettled(opening)
      const failed = settled.find((one) => one.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      return new Network(await Promise.all(opening), programs, owned)
    } catch (error) {
      await owned[Symbol.asyncDispose]()
      throw error
    }
  }

  member(name: string): Member {
    const found = this.members.find((member) => member.name === name)
    if (found === undefined) throw new Error(`No member is called ${name}.`)
    return found
  }

  /** The first member founds the network, the others join it one after the other and take its numbers. */
  async found(patience: Patience = {}): Promise<void> {
    await foundNetwork(this.members.map(networkMember), patience)
  }

  /** Joins through `via`: both sides show the same code, the request is accepted there, and the import runs through. */
  async join(name: string, via: string): Promise<void> {
    await joinNetwork(networkMember(this.member(name)), networkMember(this.member(via)))
  }

  /** Cuts every link between members of different groups; the members are given by name. */
  partition(...groups: readonly (readonly string[])[]): void {
    for (const [index, group] of groups.entries()) {
      for (const other of groups.slice(index + 1).flat()) {
        for (const name of group) this.cut(name, other)
      }
    }
  }

  /** Cuts the link between two members, whichever of them dials. */
  cut(one: string, other: string): void {
    for (const { name, link } of [this.member(one), this.member(other)]) {
      if (link.dialers.includes(unnamedDialer)) {
        throw new Error(`The proxy of ${name} could not tell who dials, so links cannot be cut one by one.`)
      }
    }
    this.member(other).link.cut({ dialer: one })
    this.member(one).link.cut({ dialer: other })
  }

  mend(one: string, other: string): void {
    this.member(other).link.heal({ dialer: one })
    this.member(one).link.heal({ dialer: other })
  }

  /** Every link passes again: between nodes, and between nodes and shops. */
  heal(): void {
    for (const { link, shopLink, shopAnswers } of this.members) {
      link.heal()
      shopLink.heal()
      shopAnswers?.heal()
    }
  }

  /** The level of a SKU at every node, in the order of the members; null where there is none. */
  async levels(sku: string): Promise<readonly (number | null)[]> {
    return Promise.all(this.members.map(async ({ api }) => (await api.stockOf(sku))?.level ?? null))
  }

  /** The number that every shop shows; null where it has no such product. */
  async shopStocks(sku: string): Promise<readonly (number | null)[]> {
    const key = skuKey(sku)
    return Promise.all(
      this.members.map(async ({ shopApi }) => {
        const products = await shopApi.products()
        return products.find((product) => product.sku !== null && skuKey(product.sku) === key)?.stock ?? null
      }),
    )
  }

  /** Waits until every node and every shop shows this number. */
  async untilEverywhere(sku: string, level: number, patience: Patience = {}): Promise<void> {
    await eventually(
      `${sku} is ${level} in every node and shop`,
      async () => {
        const seen = [...(await this.levels(sku)), ...(await this.shopStocks(sku))]
        if (seen.every((number) => number === level)) return true
        throw new Error(`nodes and shops show ${seen.join(', ')}`)
      },
      patience,
    )
  }

  async agreed(): Promise<boolean> {
    return (await this.disagreement()) === null
  }

  /** Why the members do not agree, in one sentence; null when they do. */
  async disagreement(): Promise<string | null> {
    return await disagreementOf(this.members.map(networkMember))
  }

  async untilAgreed(patience: Patience = {}): Promise<void> {
    await untilAgreed(this.members.map(networkMember), patience)
  }

  /** What every process printed last, for the message of a failure. */
  outputs(): string {
    return this.#programs.map(({ name, output }) => `--- ${name}\n${output.slice(-3_000)}`).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }
}

/** Offers this shop's catalogue; several products at a time, in no promised order. */
export async function fillShop({ shopApi }: Member, products: readonly NewProduct[]): Promise<void> {
  const queue = products.values()
  async function createFromQueue(): Promise<void> {
    for (const product of queue) await shopApi.createProduct(product)
  }
  await Promise.all(Array.from({ length: 8 }, createFromQueue))
}

/** Every shop has these SKUs with this stock. */
export async function fillAlike(network: Network, skus: readonly string[], stock: number): Promise<void> {
  const products = skus.map((sku) => ({ sku, name: `Vare ${sku}`, stock }))
  for (const member of network.members) await fillShop(member, products)
}

/** The proxy that falsifies what a member's shop answers. */
export function shopAnswersOf({ name, shopAnswers }: Member): HttpFaultProxy {
  if (shopAnswers === null) throw new Error(`The network of ${name} was opened without HTTP faults.`)
  return shopAnswers
}

function networkMember({ name, api, link }: Member): NetworkMember {
  return { name, api, address: link.url }
}

interface Opening {
  readonly name: string
  readonly folder: string
  readonly options: NetworkOptions
  readonly owned: Owned
  /** Those of all members, as they come up. */
  readonly programs: Program[]
}

async function openMember({ name, folder, options, owned, programs }: Opening): Promise<Member> {
  const httpFaults = options.httpFaults ?? false
  const [shopPort, nodePort] = [await pickPort(), await pickPort()]
  const place = { folder: join(folder, `shop-${name}`), port: shopPort }
  const shop = options.shopProcesses
    ? owned.use(await Program.start({ name: `shop ${name}`, args: ['shop'], ...place }))
    : null
  if (shop === null) owned.use(await openShopHere(place.folder, shopPort))
  else programs.push(shop)
  const shopAnswers = httpFaults ? owned.use(await HttpFaultProxy.open({ target: shopPort })) : null
  const shopLink = owned.use(await FaultProxy.open({ target: shopAnswers?.port ?? shopPort }))
  const link = owned.use(await FaultProxy.open({ target: nodePort, identify: identifyDialer }))
  const node = owned.use(
    await Program.start({
      name: `node ${name}`,
      args: ['start', ...nodeArguments(name, link, shopLink)],
      folder: join(folder, `node-${name}`),
      port: nodePort,
      env: environmentOf(name, options.clockShiftsMs?.[name] ?? 0),
    }),
  )
  programs.push(node)
  const api = createNodeClient(node.url, adminToken)
  const shopApi = createShopClient(`http://127.0.0.1:${shopPort}`, shopKey)
  return {
    name,
    get shop() {
      if (shop === null) throw new Error(`The network of ${name} was opened without processes for its shops.`)
      return shop
    },
    node,
    api,
    shopApi,
    link,
    shopLink,
    shopAnswers,
  }
}

async function openShopHere(directory: string, port: number): Promise<AsyncDisposable> {
  const host = '127.0.0.1'
  return (await runShop({ directory, port, host, adminToken, shopKey, open: false })).server
}

function nodeArguments(name: string, link: FaultProxy, shopLink: FaultProxy): readonly string[] {
  const shop = ['--connector', 'builtin', '--shop-url', shopLink.url]
  return ['--name', name, '--url', link.url, '--allow-private-peers', ...shop]
}

function environmentOf(name: string, shiftMs: number): Readonly<Record<string, string>> {
  const named = dialerEnvironment(name)
  if (shiftMs === 0) return named
  const preload = new URL('./clock-shift.js', import.meta.url)
  return { ...named, NODE_OPTIONS: `${named.NODE_OPTIONS} --import=${preload.href}`, CLOCK_SHIFT_MS: String(shiftMs) }
}

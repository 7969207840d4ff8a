/**
 * A network of real processes: one built-in shop and one node per member, each node reached by its peers, and each shop
 * by its node, only through a fault proxy.
 *
 * Every node has one address for all peers, so one proxy stands in front of each node, and either end of a link may be
 * the dialer. "X is cut off from Y" is therefore two faults: Y's proxy swallows what X dials, and X's proxy what Y
 * dials. A proxy knows the dialer by the key in its first frame, so other links through it are not touched. Tests speak
 * to nodes and shops directly, past the proxies.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skuKey, type StatusAnswer } from '@stockmesh/protocol'
import { createNodeClient, createShopClient, type NewProduct, type NodeClient, type ShopClient } from './client.ts'
import { identifyDialer, unreadableDialer } from './dialer.ts'
import { eventually, type Patience } from './eventually.ts'
import { FaultProxy } from './fault-proxy.ts'
import { HttpFaultProxy } from './http-fault-proxy.ts'
import { Owned } from './owned.ts'
import { pickPort } from './port.ts'
import { adminToken, Program, shopKey } from './process.ts'

export interface NetworkOptions {
  readonly names: readonly string[]
  /** Whether the answers of shops can be falsified (`Member.shopAnswers`). */
  readonly httpFaults?: boolean
  /** How far the clock of a member's node is from the real one, in milliseconds. */
  readonly clockShiftsMs?: Readonly<Record<string, number>>
}

export interface Member {
  readonly name: string
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

const importPatience: Patience = { deadlineMs: 120_000, every: 100 }

export class Network implements AsyncDisposable {
  readonly members: readonly Member[]
  readonly #owned: Owned
  /** Shop ids by member name, as the proxies see them; kept, so that a member that is down can be cut off. */
  readonly #ids = new Map<string, string>()

  private constructor(members: readonly Member[], owned: Owned) {
    this.members = members
    this.#owned = owned
  }

  /** Starts every shop and node; no member knows of another yet. */
  static async open(options: NetworkOptions): Promise<Network> {
    const owned = new Owned()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'stockmesh-'))
      owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
      const members: Member[] = []
      for (const name of options.names) members.push(await openMember(name, folder, options, owned))
      return new Network(members, owned)
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
    const [first, ...others] = this.members
    if (first === undefined) throw new Error('A network has at least one member.')
    await first.api.startImport()
    await importDone(first)
    for (const { name } of others) await this.join(name, first.name)
    await this.untilAgreed(patience)
    for (const { name } of this.members) await this.#idOf(name)
  }

  /** Joins through `via`: both sides show the same code, the request is accepted there, and the import runs through. */
  async join(name: string, via: string): Promise<void> {
    const [joining, accepting] = [this.member(name), this.member(via)]
    await joining.api.join(accepting.link.url, { importWhenAccepted: true })
    const request = await eventually(`the join request of ${name} is seen`, async () => {
      const join = await joining.api.joinState()
      return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
    })
    const shown = await eventually(`${via} lists the join request of ${name}`, async () =>
      (await accepting.api.joinRequests()).find(({ id }) => id === request.id),
    )
    if (shown.code !== request.code) {
      throw new Error(`${name} shows the code ${request.code} and ${via} shows ${shown.code}.`)
    }
    await accepting.api.accept(request.id, request.code)
    await importDone(joining)
  }

  /** Cuts every link between members of different groups; the members are given by name. */
  async partition(...groups: readonly (readonly string[])[]): Promise<void> {
    for (const [index, group] of groups.entries()) {
      for (const other of groups.slice(index + 1).flat()) {
        for (const name of group) await this.cut(name, other)
      }
    }
  }

  /** Cuts the link between two members, whichever of them dials. */
  async cut(one: string, other: string): Promise<void> {
    for (const { name, link } of [this.member(one), this.member(other)]) {
      if (link.dialers.includes(unreadableDialer)) {
        throw new Error(`The proxy of ${name} could not read who dials, so links cannot be cut one by one.`)
      }
    }
    this.member(other).link.cut({ dialer: await this.#idOf(one) })
    this.member(one).link.cut({ dialer: await this.#idOf(other) })
  }

  async mend(one: string, other: string): Promise<void> {
    this.member(other).link.heal({ dialer: await this.#idOf(one) })
    this.member(one).link.heal({ dialer: await this.#idOf(other) })
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

  /**
   * Why the members do not agree, in one sentence; null when every node is in step with nothing pending and all levels
   * are equal.
   */
  async disagreement(): Promise<string | null> {
    const statuses = await Promise.all(this.members.map(({ api }) => api.status()))
    for (const [index, status] of statuses.entries()) {
      const reason = unsettled(status, this.members.length)
      if (reason !== null) return `${this.members[index]?.name} ${reason}`
    }
    const lists = await Promise.all(this.members.map(async ({ api }) => levelsByKey(await api.stock())))
    const [first, ...others] = lists
    for (const [index, other] of others.entries()) {
      const name = this.members[index + 1]?.name
      for (const key of new Set([...(first?.keys() ?? []), ...other.keys()])) {
        const [here, there] = [first?.get(key) ?? null, other.get(key) ?? null]
        if (here !== there) return `${key} is ${here} at ${this.members[0]?.name} and ${there} at ${name}`
      }
    }
    return null
  }

  async untilAgreed(patience: Patience = {}): Promise<void> {
    await eventually(
      'all members agree',
      async () => {
        const reason = await this.disagreement()
        if (reason !== null) throw new Error(reason)
        return true
      },
      { deadlineMs: 60_000, every: 100, ...patience },
    )
  }

  /** What every process printed last, for the message of a failure. */
  outputs(): string {
    const programs = this.members.flatMap(({ shop, node }) => [shop, node])
    return programs.map(({ name, output }) => `--- ${name}\n${output.slice(-3_000)}`).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }

  async #idOf(name: string): Promise<string> {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const { node } = await this.member(name).api.status()
    this.#ids.set(name, node.id)
    return node.id
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

async function importDone({ name, api }: Member): Promise<void> {
  await eventually(
    `the import of ${name} is done`,
    async () => {
      const state = await api.importState()
      if (state.state === 'done') return true
      throw new Error(`${state.state}, ${state.done} of ${state.total}, ${state.failedCount} failed`)
    },
    importPatience,
  )
}

async function openMember(name: string, folder: string, options: NetworkOptions, owned: Owned): Promise<Member> {
  const httpFaults = options.httpFaults ?? false
  const [shopPort, nodePort] = [await pickPort(), await pickPort()]
  const shop = owned.use(
    await Program.start({ name: `shop ${name}`, args: ['shop'], folder: join(folder, `shop-${name}`), port: shopPort }),
  )
  const shopAnswers = httpFaults ? owned.use(await HttpFaultProxy.open({ target: shopPort })) : null
  const shopLink = owned.use(await FaultProxy.open({ target: shopAnswers?.port ?? shopPort }))
  const link = owned.use(await FaultProxy.open({ target: nodePort, identify: identifyDialer }))
  const node = owned.use(
    await Program.start({
      name: `node ${name}`,
      args: ['start', ...nodeArguments(name, link, shopLink)],
      folder: join(folder, `node-${name}`),
      port: nodePort,
      env: clockEnvironment(options.clockShiftsMs?.[name] ?? 0),
    }),
  )
  const api = createNodeClient(node.url, adminToken)
  return { name, shop, node, api, shopApi: createShopClient(shop.url, shopKey), link, shopLink, shopAnswers }
}

function nodeArguments(name: string, link: FaultProxy, shopLink: FaultProxy): readonly string[] {
  const shop = ['--connector', 'builtin', '--shop-url', shopLink.url]
  return ['--name', name, '--url', link.url, '--allow-private-peers', ...shop]
}

function clockEnvironment(shiftMs: number): Record<string, string> {
  if (shiftMs === 0) return {}
  const preload = new URL('./clock-shift.js', import.meta.url)
  return { NODE_OPTIONS: `--import=${preload.href}`, CLOCK_SHIFT_MS: String(shiftMs) }
}

function unsettled({ network, pending, import: { state } }: StatusAnswer, members: number): string | null {
  if (network === null) return 'is in no network'
  if (network.members.length !== members) return `knows ${network.members.length} of ${members} members`
  const away = network.members.filter(({ self, online }) => !self && !online)
  if (away.length > 0) return `misses ${away.map(({ name }) => name).join(' and ')}`
  if (state !== 'done') return `is at the import (${state})`
  if (pending.in + pending.out + pending.shop > 0) {
    return `has pending in ${pending.in}, out ${pending.out}, shop ${pending.shop}`
  }
  return network.inStep ? null : 'is not in step'
}

function levelsByKey(
  items: readonly { readonly sku: string; readonly level: number | null }[],
): Map<string, number | null> {
  return new Map(items.map(({ sku, level }) => [skuKey(sku) ?? sku, level]))
}

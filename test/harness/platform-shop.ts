/**
 * Shops of several platforms as a network meets them: customers buy there, past every connector, and the line between shop
 * and node can be cut. Each runs for the test alone.
 */
import { join } from 'node:path'
import { skuKey } from '@stockmesh/protocol'
import { Lane } from '../../packages/node/src/lane.ts'
import { probeText } from '../../packages/node/src/connectors/openbizbox/probe-result.ts'
import { productsMapping, SqlShop, type SqlServer } from '../connectors/sql/sql-shop.ts'
import { vendureKey, VendureShop } from '../connectors/vendure-shop.ts'
import { untroubled } from '../openbizbox/opened-shop.ts'
import { clientId, clientSecret, StandIn, webhookSecret } from '../openbizbox/stand-in.ts'
import type { NetworkMember } from './agreement.ts'
import { createNodeClient, createShopClient } from './client.ts'
import { eventually } from './eventually.ts'
import { FaultProxy } from './fault-proxy.ts'
import type { Owned } from './owned.ts'
import { pickPort } from './port.ts'
import { adminToken, Program, shopKey } from './process.ts'

export interface PlatformShop {
  readonly platform: string
  /** What a merchant enters. */
  readonly settings: Readonly<Record<string, string>>
  /** Between the node and its shop. */
  readonly line: FaultProxy
  create(sku: string, stock: number): Promise<void>
  /** Once, whatever happens to the shop meanwhile. */
  sell(sku: string, units: number): Promise<void>
  stockOf(sku: string): Promise<number | null>
  /** By the word of its own orders, units that were bought; absent where it keeps none. */
  boughtOf?(sku: string): Promise<number>
  /** Where its hints go; absent where it sends none. */
  hintTo?(nodeUrl: string): void
  /** Ends it at once and starts it again; absent where it lives in the process of the test. */
  restart?(): Promise<void>
}

export interface PlatformMember extends NetworkMember {
  readonly shop: PlatformShop
  readonly node: Program
}

/** A node that was told nothing, and then the shop by its interface, as a merchant does. */
export async function openMember(
  name: string,
  shop: PlatformShop,
  folder: string,
  owned: Owned,
): Promise<PlatformMember> {
  const args = ['start', '--name', name, '--allow-private-peers']
  const node = owned.use(await Program.start({ name, args, folder: join(folder, name), port: await pickPort() }))
  const api = createNodeClient(node.url, adminToken)
  const { platform, settings } = shop
  await api.call('POST', '/connector', { body: { platform, settings } })
  shop.hintTo?.(node.url)
  return { name, address: node.url, api, shop, node }
}

/** The built-in shop as a process of its own. */
export async function openBuiltin(folder: string, owned: Owned): Promise<PlatformShop> {
  const port = await pickPort()
  const program = owned.use(await Program.start({ name: 'shop', args: ['shop'], folder: join(folder, 'shop'), port }))
  const line = owned.use(await FaultProxy.open({ target: port }))
  const shop = createShopClient(program.url, shopKey)
  let orders = 0
  return {
    platform: 'builtin',
    settings: { url: line.url, key: shopKey },
    line,
    create: async (sku, stock) => void (await shop.createProduct({ sku, name: sku, stock })),
    async sell(sku, quantity) {
      const key = `order-${(orders += 1)}`
      const order = { lines: [{ sku, quantity }], allowBackorder: true }
      await eventually('the shop takes the order', () => shop.placeOrder(order, key), { deadlineMs: 60_000 })
    },
    async stockOf(sku) {
      const found = (await shop.products()).find(
        (product) => product.sku !== null && skuKey(product.sku) === skuKey(sku),
      )
      return found?.stock ?? null
    },
    restart: () => program.restart(),
  }
}

/** The stand-in for OpenBizBox, written as a trial would have found it; a sale is hinted at once it is known where. */
export async function openOpenBizBox(
  owned: Owned,
  { worksInBatch = false }: { readonly worksInBatch?: boolean } = {},
): Promise<PlatformShop & { readonly standIn: StandIn; type(sku: string, stock: number): void }> {
  const standIn = owned.use(await StandIn.open())
  const line = owned.use(await FaultProxy.open({ target: Number(new URL(standIn.url).port) }))
  const products = new Map<string, number>()
  let hooks: string | null = null
  const productOf = (sku: string): number => {
    const id = products.get(sku)
    if (id === undefined) throw new Error(`The stand-in has no ${sku}.`)
    return id
  }
  const hint = async (): Promise<void> => {
    if (hooks === null) return
    const body = '{"event":"order.created"}'
    // A hint that nobody hears changes nothing but the speed.
    await fetch(hooks, { method: 'POST', headers: standIn.hint(body), body }).catch(() => undefined)
  }
  return {
    platform: 'openbizbox',
    standIn,
    settings: {
      url: line.url,
      clientId,
      clientSecret,
      webhookSecret,
      writing: probeText({ ...untroubled, worksInBatch }),
    },
    line,
    create: (sku, stock) => {
      products.set(sku, standIn.addProduct({ title: sku, variants: [{ model: sku, quantity: stock }] }))
      return Promise.resolve()
    },
    /** Somebody types a number in the shop's own admin. */
    type: (sku, stock) => standIn.typeStock(productOf(sku), stock),
    async sell(sku, units) {
      standIn.sell(productOf(sku), units)
      await hint()
    },
    stockOf: (sku) => Promise.resolve(Number(standIn.stock(productOf(sku)))),
    hintTo: (nodeUrl) => void (hooks = `${nodeUrl}/hooks/openbizbox`),
  }
}

/** A shop with a database of its own, reached by its node as the user with the grants where the server has users. */
export async function openSql(server: SqlServer, owned: Owned): Promise<PlatformShop> {
  owned.use(server)
  const shop = owned.use(await SqlShop.open(server))
  const url = new URL(server.nodeUrl ?? server.url)
  const line = owned.use(await FaultProxy.open({ target: Number(url.port) }))
  url.port = String(line.port)
  const ids = new Map<string, string>()
  const idOf = (sku: string): string => {
    const id = ids.get(sku)
    if (id === undefined) throw new Error(`The table has no ${sku}.`)
    return id
  }
  return {
    platform: 'sql',
    settings: { url: url.href, ...productsMapping },
    line,
    create: async (sku, stock) => void ids.set(sku, await shop.create(sku, stock)),
    sell: (sku, units) => shop.sell(idOf(sku), units),
    stockOf: (sku) => shop.stockOf(idOf(sku)),
  }
}

/**
 * A real Vendure in a process of its own; customers wait while it is away. Its node speaks to the companion, or polls it as an
 * administrator. Its database is on this PostgreSQL server, or a SQLite file.
 */
export async function openVendure(
  owned: Owned,
  { way = 'companion', server }: { readonly way?: 'companion' | 'polled'; readonly server?: SqlServer } = {},
): Promise<PlatformShop> {
  const hasCompanion = way === 'companion'
  const shop = owned.use(await VendureShop.open({ hasCompanion, ...(server === undefined ? {} : { server }) }))
  const line = owned.use(await FaultProxy.open({ target: Number(new URL(shop.url).port) }))
  const variants = new Map<string, string>()
  const turns = new Lane()
  const idOf = (sku: string): string => {
    const id = variants.get(sku)
    if (id === undefined) throw new Error(`Vendure has no ${sku}.`)
    return id
  }
  return {
    platform: 'vendure',
    settings: {
      url: line.url,
      ...(hasCompanion ? { key: vendureKey } : { username: 'admin', password: 'admin' }),
    },
    line,
    create: async (sku, stock) => void variants.set(sku, await shop.create(sku, stock)),
    sell: (sku, units) => turns.run(async () => void (await shop.sell(idOf(sku), units))),
    stockOf: (sku) => shop.stockOf(idOf(sku)),
    boughtOf: (sku) => shop.boughtOf(idOf(sku)),
    restart: () =>
      turns.run(async () => {
        await shop.kill()
        await shop.start()
      }),
  }
}

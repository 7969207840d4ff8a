/** Two real Vendure shops on one stock, each with a node of its own, and everything is killed in turn. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { foundNetwork, untilAgreed } from '../harness/agreement.ts'
import { createNodeClient, type NodeClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

interface Side {
  readonly name: string
  readonly shop: VendureShop
  readonly node: Program
  readonly api: NodeClient
  readonly address: string
  /** The product that both sell, here. */
  readonly product: string
}

const sku = 'SHARED-1'

describe.skipIf(withoutVendure !== null)(`two Vendure shops (${withoutVendure ?? 'installed'})`, () => {
  const owned = new Owned()
  let dk: Side
  let se: Side

  async function openSide(name: string, folder: string): Promise<Side> {
    const port = await pickPort()
    const address = `http://127.0.0.1:${port}`
    const shop = owned.use(await VendureShop.open({ nodeUrl: address }))
    const product = await shop.create(sku, 50)
    const node = owned.use(
      await Program.start({
        name: `node ${name}`,
        args: ['start', '--name', name, '--url', address, '--allow-private-peers', '--connector', 'vendure'],
        folder: join(folder, name),
        port,
        env: { STOCKMESH_VENDURE_URL: shop.url, STOCKMESH_VENDURE_KEY: vendureKey },
      }),
    )
    return { name, shop, node, api: createNodeClient(node.url, adminToken), address, product }
  }

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stockmesh-vendure-network-'))
    owned.defer(() => rm(folder, { recursive: true, force: true }))
    dk = await openSide('DK', folder)
    se = await openSide('SE', folder)
    await foundNetwork([dk, se])
  })
  afterAll(async () => {
    await owned[Symbol.asyncDispose]()
  })

  async function untilEverywhere(level: number): Promise<void> {
    await eventually(
      `both shops show ${level}`,
      async () => {
        const seen = await Promise.all([dk, se].map(({ shop, product }) => shop.stockOf(product)))
        if (seen.every((stock) => stock === level)) return true
        throw new Error(`they show ${seen.join(' and ')}`)
      },
      { deadlineMs: 60_000, every: 200 },
    )
    await untilAgreed([dk, se])
  }

  it('a sale in one shop shows in the other, and a cancelled one comes back', async () => {
    const order = await dk.shop.sell(dk.product, 3)
    await untilEverywhere(47)
    await se.shop.sell(se.product, 2)
    await untilEverywhere(45)
    await dk.shop.cancel(order)
    await untilEverywhere(48)
  })

  it('sales while the node of the one and the shop of the other are killed are each counted once', async () => {
    await dk.node.kill()
    await dk.shop.sell(dk.product, 4)
    await se.shop.sell(se.product, 1)
    await dk.node.start()
    await se.shop.kill()
    await dk.shop.sell(dk.product, 5)
    await se.shop.start()
    await se.shop.sell(se.product, 1)
    await untilEverywhere(37)
  })

  it('both sell at once and everything is killed, and not one unit is wrong', async () => {
    const sales = [dk, se].flatMap(({ shop, product }) => Array.from({ length: 5 }, () => [shop, product] as const))
    for (const [shop, product] of sales.slice(0, 4)) await shop.sell(product, 1)
    await Promise.all([se.node.kill(), dk.shop.kill()])
    await Promise.all([se.node.start(), dk.shop.start()])
    for (const [shop, product] of sales.slice(4)) await shop.sell(product, 1)
    await untilEverywhere(27)
  })
})

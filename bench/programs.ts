/**
 * Shops and nodes as processes of their own, as a merchant runs them: nothing stands between them but loopback.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../packages/node/src/ports.ts'
import { openShop } from '../packages/node/src/shop/shop.ts'
import { systemShopClock } from '../packages/node/src/shop/shop-clock.ts'
import { createNodeClient, createShopClient, type NodeClient, type ShopClient } from '../test/harness/client.ts'
import { eventually } from '../test/harness/eventually.ts'
import type { Owned } from '../test/harness/owned.ts'
import { pickPort } from '../test/harness/port.ts'
import { adminToken, Program, shopKey } from '../test/harness/process.ts'
import { catalogue } from './catalogue.ts'

export interface Pair {
  readonly name: string
  readonly shop: Program
  readonly node: Program
  readonly shopApi: ShopClient
  readonly api: NodeClient
}

/** A folder that is gone when the owner is. */
export async function openFolder(owned: Owned): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-bench-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** The folder of a shop with goods that has never run; several shops may begin as copies of it. */
export async function makeShop(folder: string, skus: number): Promise<string> {
  const made = join(folder, 'shop-made')
  const shop = await openShop({ directory: join(made, 'shop'), clock: systemShopClock, random: systemRandom })
  const goods = catalogue(skus)
  async function create(): Promise<void> {
    for (const product of goods) await shop.createProduct(product)
  }
  // Together they share the shop's flushes.
  await Promise.all(Array.from({ length: 500 }, create))
  await shop[Symbol.asyncDispose]()
  return made
}

/** A shop that begins as a copy of a made one, and the node beside it, which has imported nothing yet. */
export async function openPair(name: string, folder: string, made: string, owned: Owned): Promise<Pair> {
  const [shopPort, nodePort] = [await pickPort(), await pickPort()]
  const shopFolder = join(folder, `shop-${name}`)
  await cp(made, shopFolder, { recursive: true })
  const shop = owned.use(
    await Program.start({ name: `shop ${name}`, args: ['shop'], folder: shopFolder, port: shopPort }),
  )
  const args = ['start', '--name', name, '--allow-private-peers', '--shop-url', shop.url]
  const node = owned.use(
    await Program.start({ name: `node ${name}`, args, folder: join(folder, `node-${name}`), port: nodePort }),
  )
  return { name, shop, node, shopApi: createShopClient(shop.url, shopKey), api: createNodeClient(node.url, adminToken) }
}

/** Founds the network of one shop; resolves when its goods are imported. */
export async function found({ api, name }: Pair): Promise<void> {
  await api.startImport()
  await imported(api, name)
}

/** Joins the network of another shop; resolves when it was accepted there, and imports by itself from then on. */
export async function enter({ api, name }: Pair, { api: accepting, node }: Pair): Promise<void> {
  await api.join(node.url, { importWhenAccepted: true })
  const request = await eventually(`the join request of ${name} is seen`, async () => {
    const state = await api.joinState()
    return state.state === 'seen' && state.code !== null ? { id: state.id, code: state.code } : null
  })
  await eventually(`the join request of ${name} can be accepted`, () => accepting.accept(request.id, request.code))
}

export async function imported(api: NodeClient, name: string): Promise<void> {
  await eventually(
    `the import of ${name} is done`,
    async () => {
      const { state, done, total, failedCount } = await api.importState()
      if (state === 'done') return true
      throw new Error(`${state}, ${done} of ${total}, ${failedCount} failed`)
    },
    { deadlineMs: 600_000, every: 20 },
  )
}

/** The process of a program that runs. */
export function pidOf(program: Program): number {
  if (program.pid === null) throw new Error(`${program.name} does not run.`)
  return program.pid
}

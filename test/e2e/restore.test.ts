/**
 * A node that is put back to a backup beside a network that went on: it asks before it does anything, reads again what
 * its shop did, and ends where it would have been. A shop that was put back with its node is compared, not believed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundNetwork, type NetworkMember, untilAgreed } from '../harness/agreement.ts'
import { createNodeClient, createShopClient, type ShopClient } from '../harness/client.ts'
import { runCommand } from '../harness/command.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program, shopKey } from '../harness/process.ts'
import { sell, untilMoved } from './trade.ts'

async function backUp(node: Program, file: string): Promise<void> {
  expect(await runCommand(['backup', file, '--node', node.url, '--data', node.folder])).toMatchObject({ code: 0 })
}

/** The folder is lost, and made anew from the backup; the node is down. */
async function putBack(node: Program, file: string): Promise<void> {
  await rm(node.folder, { recursive: true })
  expect(await runCommand(['restore', file, '--data', node.folder])).toMatchObject({ code: 0, err: '' })
}

/** What the shops and the other nodes show of a SKU, all the while until `until` resolves. */
async function seenUntil(network: Network, sku: string, until: Promise<void>): Promise<ReadonlySet<number | null>> {
  const seen = new Set<number | null>()
  let isOver = false
  const over = until.finally(() => {
    isOver = true
  })
  while (!isOver) {
    for (const stock of await network.shopStocks(sku)) seen.add(stock)
    for (const { name, api } of network.members) {
      if (name !== 'E') seen.add((await api.stockOf(sku))?.level ?? null)
    }
  }
  await over
  return seen
}

async function openTwo(): Promise<{ network: Network; m: Member; e: Member; file: string }> {
  const network = await Network.open({ names: ['M', 'E'] })
  for (const member of network.members) {
    await fillShop(member, [
      { sku: 'BAK-13', name: 'Vare', stock: 100 },
      { sku: 'BAK-14', name: 'En anden', stock: 50 },
    ])
  }
  await network.found()
  const e = network.member('E')
  return { network, m: network.member('M'), e, file: `${e.node.folder}.backup` }
}

test('13: a node restored from a backup counts everything once: 86 everywhere, never 79, 81, 93 or 95', async () => {
  const { network: opened, m, e, file } = await openTwo()
  await using network = opened
  await sell(e, 'BAK-13', 5)
  await network.untilEverywhere('BAK-13', 95)
  await network.untilAgreed()
  await backUp(e.node, file)
  await sell(e, 'BAK-13', 7)
  await network.untilEverywhere('BAK-13', 88)
  await network.untilAgreed()
  await e.node.kill()
  await putBack(e.node, file)
  await sell(e, 'BAK-13', 2)
  await e.node.start()
  const seen = await seenUntil(network, 'BAK-13', network.untilEverywhere('BAK-13', 86))
  expect([...seen].filter((level) => level !== 88 && level !== 86)).toEqual([])
  await untilMoved(network, 'BAK-13', 100, [-5, -7, -2])
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
  expect((await e.api.log()).map(({ cause }) => cause)).toContain('restored')

  // From here on it is a node like any other, also over a restart.
  await e.node.restart()
  await sell(m, 'BAK-13', 1)
  await sell(e, 'BAK-13', 1)
  await untilMoved(network, 'BAK-13', 100, [-5, -7, -2, -1, -1])
})

test('13: what the others did since, and what the node decided itself, is not done twice', async () => {
  const { network: opened, m, e, file } = await openTwo()
  await using network = opened
  await backUp(e.node, file)
  // The adjustment of E's shop is in its feed, and the backup knows nothing of it.
  await sell(m, 'BAK-13', 3)
  await e.api.count('BAK-14', 40)
  await e.shopApi.createProduct({ sku: 'BAK-NY', name: 'Kom efter kopien', stock: 7 })
  await network.untilEverywhere('BAK-13', 97)
  await network.untilEverywhere('BAK-14', 40)
  await eventually('the new product is at M', async () => (await m.api.stockOf('BAK-NY'))?.level === 7)
  await network.untilAgreed()
  await e.node.kill()
  await putBack(e.node, file)
  await sell(m, 'BAK-14', 1)
  await e.node.start()
  const until = Promise.all([
    network.untilEverywhere('BAK-13', 97),
    network.untilEverywhere('BAK-14', 39),
    network.untilAgreed({ deadlineMs: 60_000 }),
  ]).then(() => undefined)
  const seen = await seenUntil(network, 'BAK-13', until)
  expect([...seen]).toEqual([97])
  expect(await network.levels('BAK-NY')).toEqual([7, 7])
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
  expect((await e.api.movements('BAK-13')).map(({ delta }) => delta)).toEqual([-3])
})

test('13: until a member has answered nothing is read from the shop or written to it', async () => {
  const { network: opened, m, e, file } = await openTwo()
  await using network = opened
  await backUp(e.node, file)
  await sell(m, 'BAK-13', 4)
  await network.untilEverywhere('BAK-13', 96)
  await e.node.kill()
  await m.node.kill()
  await putBack(e.node, file)
  await e.node.start()
  await sell(e, 'BAK-13', 1)
  expect((await e.api.stockOf('BAK-13'))?.level).toBe(100)
  expect((await network.shopStocks('BAK-13'))[1]).toBe(95)
  await m.node.start()
  await untilMoved(network, 'BAK-13', 100, [-4, -1])
})

test('a shop that was put back with its node publishes nothing by itself: the difference is listed, and a person decides', async () => {
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-restore-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const members: (NetworkMember & { readonly node: Program; readonly shop: ShopClient })[] = []
  for (const name of ['M', 'E']) {
    const args = ['start', '--name', name, '--allow-private-peers']
    const node = owned.use(await Program.start({ name, args, folder: join(folder, name), port: await pickPort() }))
    const shop = createShopClient(node.url, shopKey)
    await shop.createProduct({ sku: 'BAK-13', name: 'Vare', stock: 100 })
    members.push({ name, address: node.url, node, shop, api: createNodeClient(node.url, adminToken) })
  }
  const [m, e] = members
  if (m === undefined || e === undefined) throw new Error('Both were opened.')
  await foundNetwork(members)
  const levels = async (): Promise<unknown> => {
    const nodes = await Promise.all(members.map(async ({ api }) => (await api.stockOf('BAK-13'))?.level))
    const shops = await Promise.all(members.map(async ({ shop }) => (await shop.products())[0]?.stock))
    return [...nodes, ...shops].join(' ')
  }
  const untilLevels = async (wanted: string): Promise<void> => {
    await eventually(`nodes and shops show ${wanted}`, async () => {
      const seen = await levels()
      if (seen === wanted) return true
      throw new Error(`they show ${String(seen)}`)
    })
  }
  await e.shop.placeOrder({ lines: [{ sku: 'BAK-13', quantity: 5 }] })
  await untilLevels('95 95 95 95')
  await untilAgreed(members)
  const file = join(folder, 'E.backup')
  await backUp(e.node, file)
  await e.shop.placeOrder({ lines: [{ sku: 'BAK-13', quantity: 7 }] })
  await untilLevels('88 88 88 88')
  await untilAgreed(members)
  await e.node.kill()
  await putBack(e.node, file)
  await e.node.start()
  await untilLevels('88 88 88 95')
  const problem = await eventually('the difference is listed', async () =>
    (await e.api.problems()).find(({ kind, count }) => kind === 'rollback' && count === 1),
  )
  await e.shop.placeOrder({ lines: [{ sku: 'BAK-13', quantity: 1 }] })
  await untilLevels('87 87 87 94')
  await e.api.act(problem, 'use-network')
  await untilLevels('87 87 87 87')
  await untilAgreed(members)
  expect(await e.api.problems()).toEqual([])
  expect(await m.api.problems()).toEqual([])
})

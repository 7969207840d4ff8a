/**
 * A node whose folder was copied, so that two of its processes run against one shop: one of them is the node, the other
 * stands aside, and every shop hears of it.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNodeClient, type NodeClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { codeOf } from './refusal.ts'

const sku = 'KLON-14'

async function untilAlarmed(name: string, api: NodeClient, shop: string): Promise<void> {
  await eventually(`${name} says that a shop runs twice`, async () => {
    const problem = (await api.problems()).find(({ kind }) => kind === 'clone')
    if (problem === undefined) return false
    expect(problem.details).toMatchObject({ code: 'runs-twice', shop, name: 'E' })
    expect(problem.message).toContain('"E" runs twice')
    expect(problem.actions.map(({ id }) => id)).toEqual(['dismiss'])
    return true
  })
}

test('14: KLON-14 = 50, a node is cloned and both run: one sale is 49, the older process stands aside, and all are told', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'], shopProcesses: true })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  for (const member of network.members) await fillShop(member, [{ sku, name: 'Vare', stock: 50 }])
  await network.found()
  await network.untilEverywhere(sku, 50)
  const { node } = await e.api.status()

  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-clone-'))
  try {
    await e.node.stop()
    await cp(e.node.folder, join(folder, 'node'), { recursive: true })
    await e.node.start()
    await network.untilAgreed()
    const port = await pickPort()
    const place = ['--name', 'E', '--url', `http://127.0.0.1:${port}`, '--allow-private-peers']
    const shop = ['--connector', 'builtin', '--shop-url', e.shop.url]
    await using clone = await Program.start({
      name: 'clone of E',
      args: ['start', ...place, ...shop],
      folder: join(folder, 'node'),
      port,
    })
    const cloneApi = createNodeClient(clone.url, adminToken)

    await untilAlarmed('the older process', e.api, node.id)
    for (const { name, api } of [m, t]) await untilAlarmed(name, api, node.id)
    await untilAlarmed('the clone', cloneApi, node.id)
    expect((await e.api.status()).shop.state).toBe('idle')
    expect(await codeOf(e.api.call('POST', `/stock/${sku}/count`, { body: { quantity: 7 } }))).toBe('409 superseded')

    await m.shopApi.placeOrder({ lines: [{ sku, quantity: 1 }] })
    await eventually('one sale is one unit in every shop', async () => {
      return (await network.shopStocks(sku)).every((stock) => stock === 49)
    })
    expect((await cloneApi.stockOf(sku))?.level).toBe(49)
    await e.shopApi.placeOrder({ lines: [{ sku, quantity: 2 }] })
    await eventually('a sale in the shop of both counts once', async () => {
      return (await network.shopStocks(sku)).every((stock) => stock === 47)
    })
    expect((await t.api.stockOf(sku))?.level).toBe(47)

    // The older one takes over when the other is gone, and knows what it did.
    await clone.stop()
    await m.shopApi.placeOrder({ lines: [{ sku, quantity: 1 }] })
    await network.untilEverywhere(sku, 46)
    await network.untilAgreed()
  } catch (error) {
    throw new Error(network.outputs(), { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

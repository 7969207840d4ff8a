/**
 * A WooCommerce shop without the plugin, connected as a merchant does it: the trial and the settings through the interface
 * of a running node, then a network with another platform, in which customers of both buy.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundNetwork, untilAgreed } from '../harness/agreement.ts'
import { createNodeClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openMember } from '../harness/platform-shop.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { consumerKey, consumerSecret, RestStandIn } from '../woocommerce/rest-stand-in.ts'

const patience = { deadlineMs: 120_000 }

test('a node is connected to a WooCommerce shop that has no plugin, and keeps it equal with another shop', async () => {
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-woocommerce-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const builtin = await openBuiltin(folder, owned)
  await builtin.create('MUG', 40)
  const dk = await openMember('DK', builtin, folder, owned)
  const shop = owned.use(await RestStandIn.open())
  const mug = shop.stock.create({ sku: 'MUG', quantity: 7 })
  const args = ['start', '--name', 'NO', '--allow-private-peers']
  const node = owned.use(await Program.start({ name: 'NO', args, folder: join(folder, 'NO'), port: await pickPort() }))
  const no = { name: 'NO', address: node.url, api: createNodeClient(node.url, adminToken) }

  const settings = { url: shop.url, consumerKey, consumerSecret }
  const ask = (path: string, given: object) =>
    no.api.call('POST', path, { body: { platform: 'woocommerce', ...given } })
  await expect(
    ask('/connector/test', { settings: { ...settings, consumerSecret: 'cs_00000000' } }),
  ).rejects.toMatchObject({ status: 422, code: 'key-rejected' })
  expect(await ask('/connector/test', { settings })).toMatchObject({
    promise: 'best-effort',
    sample: { sku: 'MUG', stock: 7 },
    learned: { companion: 'no' },
  })
  await ask('/connector', { settings })
  await foundNetwork([dk, no], patience)

  const equal = (units: number) =>
    eventually(
      `both shops have ${units}`,
      async () => shop.stock.stockOf(String(mug)) === units && (await builtin.stockOf('MUG')) === units,
      patience,
    )
  await equal(40)
  shop.stock.sell(mug, 3)
  await builtin.sell('MUG', 2)
  await equal(35)
  await untilAgreed([dk, no], patience)
  expect(await no.api.problems()).toEqual([])
}, 300_000)

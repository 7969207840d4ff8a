/**
 * `stockmesh demo`: several nodes with their shops in one process, on this machine only, so that a newcomer can send
 * a join request, import, accept, buy in one shop and see it in the other.
 */
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { destination, pino } from 'pino'
import { demoProducts } from '../demo/demo-catalogue.ts'
import { NodeServer } from '../node/node-server.ts'
import type { Shop } from '../shop/shop.ts'
import type { DemoSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'

const shopNames = ['Gavebod Danmark', 'Gavebod Sverige', 'Gavebod Norge', 'Gavebod Deutschland', 'Gavebod UK']

/** Resolves when the demo was asked to end and has closed. */
export async function runDemo(settings: DemoSettings, terminal: Terminal): Promise<void> {
  if (settings.fresh) await forget(settings)
  const servers: NodeServer[] = []
  try {
    for (let index = 0; index < settings.shops; index += 1) servers.push(await openShop(settings, index))
    // Who reads that it runs may end it at once.
    const stopped = terminal.stopped()
    terminal.print(welcome(servers, settings))
    await stopped
  } finally {
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
  }
}

/** Only the folders that the demo made: somebody may have pointed `--data` at more than that. */
async function forget(settings: DemoSettings): Promise<void> {
  for (let index = 0; index < 20; index += 1) await rm(folderOf(settings, index), { recursive: true, force: true })
}

function folderOf(settings: DemoSettings, index: number): string {
  return join(settings.data, `shop-${index + 1}`)
}

async function openShop(settings: DemoSettings, index: number): Promise<NodeServer> {
  const server = await NodeServer.open({
    directory: folderOf(settings, index),
    host: '127.0.0.1',
    port: settings.port === 0 ? 0 : settings.port + index,
    url: null,
    name: shopNames[index] ?? `Gavebod ${index + 1}`,
    adminToken: null,
    connector: null,
    shop: null,
    env: {},
    shopKey: null,
    allowPrivatePeers: true,
    openShop: true,
    demo: true,
    logger: pino({ name: 'stockmesh', level: 'warn' }, destination(2)),
  })
  if (server.shop !== null) await fill(server.shop, index)
  return server
}

async function fill(shop: Shop, index: number): Promise<void> {
  const { total } = await shop.products({ after: null, limit: 1, q: null, sku: null, duplicates: false })
  if (total > 0) return
  const products = await demoProducts(index)
  await Promise.all(products.map((product) => shop.createProduct(product)))
}

function welcome(servers: readonly NodeServer[], settings: DemoSettings): string {
  const lines = servers.map(
    (server, index) =>
      `  ${shopNames[index] ?? `Gavebod ${index + 1}`}\n` +
      `    stock synchronisation  ${server.url}/\n` +
      `    shop                   ${server.url}/shop/\n` +
      `    the shop's own admin   ${server.url}/shop/admin\n`,
  )
  const [first, second] = servers
  const walk =
    second === undefined
      ? ''
      : `\nTry it:\n` +
        `  1. Open ${first?.url}/ and press Import: the first shop's numbers start the network.\n` +
        `  2. Open ${second.url}/ and send a join request to ${first?.url.replace('http://', '')}\n` +
        `  3. Accept it at the first shop: both pages show the same code. Then import in the second shop.\n` +
        `  4. Buy in one shop and watch the number in the other.\n` +
        `\nOr from the command line, with --node and --data for each shop:\n` +
        `  stockmesh import --node ${first?.localUrl} --data ${relative('', folderOf(settings, 0))}\n` +
        `  stockmesh join ${first?.url.replace('http://', '')} --node ${second.localUrl} --data ${relative('', folderOf(settings, 1))}\n`
  return `Stockmesh demo: ${servers.length} shops, one stock.\n\n${lines.join('\n')}${walk}\nStop with Ctrl-C. The data stays, until you start with --fresh.\n`
}

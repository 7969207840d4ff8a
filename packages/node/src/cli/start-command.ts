/**
 * `stockmesh start`: the node itself.
 */
import { destination, pino } from 'pino'
import { settleMemory } from '../memory.ts'
import { ConnectorSettingsError } from '../node/chosen-shop.ts'
import { NodeServer, type NodeServerOptions } from '../node/node-server.ts'
import type { StartSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

class SettingError extends Error {
  readonly code = 'shop-key-missing'
}

/** Resolves when the node was asked to end and has closed. */
export async function runNode(settings: StartSettings, terminal: Terminal): Promise<void> {
  const logger = pino({ name: 'stockmesh' }, destination(2))
  await using server = await openServer({
    directory: settings.data,
    host: settings.host,
    port: settings.port,
    url: settings.url,
    name: settings.name,
    adminToken: settings['admin-token'],
    connector: settings.connector,
    shop: shopOf(settings),
    env: terminal.env,
    shopKey: settings['shop-key'],
    allowPrivatePeers: settings['allow-private-peers'],
    openShop: settings['open-shop'],
    tls: tlsOf(settings),
    trustsProxy: settings['trust-proxy'],
    demo: false,
    logger,
  })
  settleMemory()
  // Who reads that it runs may end it at once.
  const stopped = terminal.stopped()
  const here = server.localUrl === server.url ? '' : ` (on this machine ${server.localUrl})`
  terminal.print(`Stockmesh runs at ${server.url}${here}\n`)
  const { setupToken } = server.account
  if (setupToken !== null) {
    terminal.print(`Open that page and set the node up with this token (valid for 30 minutes): ${setupToken}\n`)
  }
  await stopped
}

/** Settings of the shop that do not fit are told in one go, as those of the command line are. */
async function openServer(options: NodeServerOptions): Promise<NodeServer> {
  try {
    return await NodeServer.open(options)
  } catch (error) {
    if (error instanceof ConnectorSettingsError) throw new UsageError(error.faults)
    throw error
  }
}

/** That both or neither are given is checked with the settings. */
function tlsOf({ 'tls-cert': cert, 'tls-key': key }: StartSettings): { cert: string; key: string } | null {
  return cert === null || key === null ? null : { cert, key }
}

function shopOf(settings: StartSettings): { url: string; key: string } | null {
  const url = settings['shop-url']
  if (url === null) return null
  const key = settings['shop-key'] ?? settings['admin-token']
  if (key === null) {
    throw new SettingError(
      'The shop at --shop-url needs its key. Set STOCKMESH_SHOP_KEY, or "shop-key" in the config file.',
    )
  }
  return { url, key }
}

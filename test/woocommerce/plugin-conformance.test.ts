/** The plugin itself, in PHP's own web server over a real MariaDB, as every connector is tried. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'vitest'
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { hookKeyOf, type WooCommerceSettings } from '../../packages/node/src/connectors/woocommerce/settings.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { signedHint } from '../connectors/built-in-hooks.ts'
import { conformance } from '../connectors/conformance.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { openFaultyLine } from '../connectors/faulty-line.ts'
import type { ShopUnderTest } from '../connectors/shop-under-test.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { startMariaDb, withoutPhp } from './mariadb.ts'
import { consumerKey, consumerSecret } from './wordpress-front.ts'

const router = join(import.meta.dirname, '../../integrations/woocommerce-plugin/test/serve.php')

async function open(): Promise<ShopUnderTest> {
  const owned = new Owned()
  const { socket } = owned.use(await startMariaDb())
  const port = await pickPort()
  const php = spawn('php', ['-d', 'display_errors=stderr', '-S', `127.0.0.1:${port}`, router], {
    env: { ...process.env, STOCKMESH_TEST_SOCKET: socket, PHP_CLI_SERVER_WORKERS: '4' },
    // Its workers end with their group.
    detached: true,
    stdio: 'ignore',
  })
  const ended = once(php, 'exit')
  owned.defer(async () => {
    if (php.pid !== undefined) process.kill(-php.pid, 'SIGKILL')
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  await eventually('PHP serves', async () => (await fetch(`${url}/test/begin`, { method: 'POST' })).ok)
  const line = owned.use(
    await openFaultyLine(url, ({ method, url: path }) =>
      path.includes('/adjust') ? 'write' : method === 'GET' ? 'read' : null,
    ),
  )
  const settings: WooCommerceSettings = { url: line.url, consumerKey, consumerSecret, companion: 'yes' }
  const connector = owned.use(
    await wooCommercePlatform.open(
      settings,
      // The waits between two looks pass sooner.
      { directory: '', clock: systemClock, timers: new FastTime(20), random: systemRandom, hookUrl: null },
    ),
  )
  const ask = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/test/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const stockIdOf = ({ id }: Record<string, unknown>): string => String(id).padStart(19, '0')
  const orders = new Map<string, { readonly id: string; readonly units: number }>()
  return {
    connector,
    create: async (product) => stockIdOf(await ask('create', product)),
    createTwin: async (sku, stock) => stockIdOf(await ask('create', { sku, stock })),
    createPool: async (variants, stock) => stockIdOf(await ask('create', { sku: null, stock, variants })),
    stockOf: async (id) => (await ask('stock', { id }))['stock'] as number | null,
    async sell(id, units) {
      const order = String(orders.size + 1)
      orders.set(order, { id, units })
      await ask('sell', { id, delta: -units, order })
      return order
    },
    async cancel(order) {
      const sold = orders.get(order)
      await ask('cancel', { id: sold?.id, delta: sold?.units, order })
    },
    type: async (id, stock) => void (await ask('type', { id, stock })),
    typeFraction: async (id) => void (await ask('type', { id, stock: 0.5 })),
    rename: async (id, sku) => void (await ask('rename', { id, sku })),
    remove: async (id) => void (await ask('remove', { id })),
    hint: () => connector.hint?.(),
    breakNext: (fault, call) => line.breakNext(fault, call),
    signedHint: signedHint(hookKeyOf(settings), (hint) => {
      return wooCommercePlatform.checkHint?.(settings, hint) ?? 'signature-invalid'
    }),
    copy: {
      begin: async () => void (await ask('address', { address: 'https://copy.example' })),
      claim: async () => void (await ask('claim', {})),
    },
    stockMin: null,
    cannot: {
      beforeNextWrite: 'an adjustment is one transaction: nothing comes between its reading and its writing',
      hintSwitch: 'its hints are not switched off',
      stopClock: 'the clock of the shop is that of the machine',
      reopen: 'the connector has nothing on disk',
      'silent-no-op': 'the plugin looks whether the stock moved; its own tests have the case',
    },
    patienceMs: 15_000,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

const why =
  process.env['STOCKMESH_WOOCOMMERCE'] === '1'
    ? withoutPhp('mysqli', 'intl', 'mbstring')
    : 'takes a MariaDB and PHP with intl and mbstring; STOCKMESH_WOOCOMMERCE=1'
if (why === null) conformance('the WooCommerce plugin', open)
else it.skip(`conformance of the WooCommerce plugin (${why})`, () => undefined)

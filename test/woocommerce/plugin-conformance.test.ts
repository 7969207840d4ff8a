/** The plugin itself, in PHP's own web server over a real MariaDB, as every connector is tried. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'vitest'
import { conformance } from '../connectors/conformance.ts'
import type { ShopUnderTest } from '../connectors/shop-under-test.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { openAskedShop } from './asked-shop.ts'
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
  return await openAskedShop(owned, { url, consumerKey, consumerSecret }, (what, body) =>
    fetch(`${url}/test/${what}`, { method: 'POST', body: JSON.stringify(body) }),
  )
}

const why =
  process.env['STOCKMESH_WOOCOMMERCE'] === '1'
    ? withoutPhp('mysqli', 'intl', 'mbstring')
    : 'takes a MariaDB and PHP with intl and mbstring; STOCKMESH_WOOCOMMERCE=1'
if (why === null) conformance('the WooCommerce plugin', open)
else it.skip(`conformance of the WooCommerce plugin (${why})`, () => undefined)

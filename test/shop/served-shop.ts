/** The built-in shop as a server of its own on a free port, with the key `key`; its data goes with it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { type ShopClock, systemShopClock } from '../../packages/node/src/shop/shop-clock.ts'
import { openShopServer, type ShopServer } from '../../packages/node/src/shop/shop-server.ts'

export interface ServedShop extends AsyncDisposable {
  readonly server: ShopServer
}

export async function serveShop(clock: ShopClock = systemShopClock): Promise<ServedShop> {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-served-shop-'))
  const server = await openShopServer({
    directory,
    host: '127.0.0.1',
    port: 0,
    keys: ['key'],
    open: false,
    clock,
    random: systemRandom,
    logger: { error: () => {} },
  })
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

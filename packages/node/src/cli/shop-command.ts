/**
 * `stockmesh shop`: the built-in shop as a process of its own. A shop that was given no key makes one and keeps it in
 * its folder, so that nobody runs a shop that anybody can change.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { destination, pino } from 'pino'
import { makeSecret } from '../http/secret.ts'
import { systemRandom } from '../ports.ts'
import { systemShopClock } from '../shop/shop-clock.ts'
import { openShopServer, type ShopServer } from '../shop/shop-server.ts'

export interface RunShopOptions {
  readonly directory: string
  /** 0 takes a free one. */
  readonly port: number
  readonly host: string
  readonly adminToken: string | null
  readonly shopKey: string | null
  /** Whether visitors without a login may see products and place orders. */
  readonly open: boolean
  /** Whether a proxy in front says who asks, and whether by https; absent: no. */
  readonly trustsProxy?: boolean
}

export interface RunningShop {
  readonly server: ShopServer
  /** Where the key lies that the shop made for itself; null if one was given. */
  readonly keyFile: string | null
}

/**
 * Errors have a `code` and a sentence: `database-locked`, `database-damaged`, `database-format`, `port-in-use`,
 * `port-forbidden`, `host-unknown`. The caller disposes of the server.
 */
export async function runShop(options: RunShopOptions): Promise<RunningShop> {
  const { directory, port, host, adminToken, shopKey, open, trustsProxy = false } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const given = [adminToken, shopKey].filter((key) => key !== null && key !== '')
  const keyFile = given.length === 0 ? join(directory, 'shop-key') : null
  const keys = keyFile === null ? given : [await keyIn(keyFile)]
  const server = await openShopServer({
    directory: join(directory, 'shop'),
    host,
    port,
    keys: keys.filter((key) => key !== null),
    open,
    trustsProxy,
    clock: systemShopClock,
    random: systemRandom,
    logger: pino(destination(2)),
  })
  return { server, keyFile }
}

async function keyIn(file: string): Promise<string> {
  try {
    const kept = (await readFile(file, 'utf8')).trim()
    if (kept !== '') return kept
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const key = makeSecret(32)
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  return key
}

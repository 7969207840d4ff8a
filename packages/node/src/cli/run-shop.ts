/**
 * `stockmesh shop`: runs the built-in shop until the process is asked to end, and says where it is.
 */
import type { Invocation } from './client-command.ts'
import { openDataFolder } from './data-folder.ts'
import { hostWarning } from './settings.ts'
import { runShop } from './shop-command.ts'

export async function shop({ settings, terminal }: Invocation): Promise<number> {
  const warning = hostWarning(settings.host, false)
  if (warning !== null) terminal.warn(`${warning}\n`)
  const stopped = terminal.stopped()
  const { server, keyFile } = await runShop({
    directory: await openDataFolder(settings.data),
    port: settings.port,
    host: settings.host,
    adminToken: settings['admin-token'],
    shopKey: settings['shop-key'],
    open: settings['open-shop'],
    trustsProxy: settings['trust-proxy'],
  })
  terminal.print(`The shop is open at ${server.url}/shop/ and is looked after at ${server.url}/shop/admin\n`)
  if (keyFile !== null) terminal.print(`Its key lies in ${keyFile}\n`)
  await stopped
  await server[Symbol.asyncDispose]()
  return 0
}

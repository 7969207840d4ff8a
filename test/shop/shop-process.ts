/** A shop in a process of its own, for tests that kill it: prints its address, ends on SIGTERM. */
import { once } from 'node:events'
import { runShop } from '../../packages/node/src/cli/shop-command.ts'

const { server } = await runShop({
  directory: process.argv[2] ?? '',
  port: 0,
  host: '127.0.0.1',
  adminToken: null,
  shopKey: 'key',
  open: false,
})
console.log(server.url)
await once(process, 'SIGTERM')
await server[Symbol.asyncDispose]()

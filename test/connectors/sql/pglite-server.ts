/** PostgreSQL in this process, behind a socket: what runs where no server is installed. One transaction at a time. */
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { pickPort } from '../../harness/port.ts'
import type { SqlServer } from './sql-shop.ts'

export async function openPgliteServer(): Promise<SqlServer> {
  const db = await PGlite.create()
  const port = await pickPort()
  const server = new PGLiteSocketServer({ db, port, host: '127.0.0.1', maxConnections: 20 })
  await server.start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    nodeUrl: null,
    async [Symbol.asyncDispose]() {
      await server.stop()
      await db.close()
    },
  }
}

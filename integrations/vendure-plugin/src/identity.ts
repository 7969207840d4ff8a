/** What tells a shop from a copy of it: its address, and where its database is. */
import { createHash } from 'node:crypto'

interface Place {
  readonly database?: unknown
  readonly host?: unknown
  readonly port?: unknown
  readonly url?: unknown
}

/** Of TypeORM: the place stands by itself, in one address, or as the one of several servers that is written to. */
interface ConnectionOptions extends Place {
  readonly type: string
  readonly replication?: { readonly master: object }
}

export function identityOf(shopUrl: string, options: ConnectionOptions): string {
  return hashOf(shopUrl, options.type, placeOf(options.replication?.master ?? options))
}

/** As an earlier release had it, which saw no place in an address. */
export function formerIdentityOf(shopUrl: string, options: ConnectionOptions): string {
  return hashOf(shopUrl, options.type, options)
}

/** As TypeORM reads them: what the address says comes first. */
function placeOf(options: Place): Place {
  if (typeof options.url !== 'string' || !URL.canParse(options.url)) return options
  const { hostname, port, pathname } = new URL(options.url)
  return {
    database: pathname.slice(1) || options.database,
    host: hostname || options.host,
    port: port || options.port,
  }
}

function hashOf(shopUrl: string, type: string, { database, host, port }: Place): string {
  const parts = [shopUrl.replace(/\/+$/, ''), type, database, host, port].map((part) => String(part ?? ''))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** What a merchant's developer enters for a shop with a database of its own. */
import { readFileSync } from 'node:fs'
import { z, type ZodType } from 'zod'
import { columnName, conditions, type Mapping, tableName } from './mapping.ts'

export interface Server {
  readonly family: 'postgres' | 'mariadb'
  readonly host: string
  readonly port: number | null
  /** A socket of this machine instead of a host. */
  readonly socket: string | null
  readonly user: string
  readonly password: string | null
  readonly database: string
  /** Null: without. */
  readonly tls: { readonly rejectUnauthorized: boolean; readonly ca?: string } | null
}

export interface SqlSettings {
  readonly server: Server
  readonly mapping: Mapping
  /** The storefront's address for people. */
  readonly shopUrl: string | null
}

const families: Readonly<Record<string, Server['family']>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mariadb:': 'mariadb',
  'mysql:': 'mariadb',
}

const addressRule =
  'must be such as postgres://user:password@host:5432/database or mariadb://user:password@host/database'

const address = z
  .string()
  .trim()
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null
    const family = url === null ? undefined : families[url.protocol]
    const unknown = url === null ? [] : [...url.searchParams.keys()].filter((name) => name !== 'socket')
    const database = url === null ? '' : decoded(url.pathname.slice(1))
    if (url === null || family === undefined || url.username === '' || database === '' || unknown.length > 0) {
      context.addIssue({ code: 'custom', message: addressRule })
      return z.NEVER
    }
    return {
      family,
      host: url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? null : Number(url.port),
      socket: url.searchParams.get('socket'),
      user: decoded(url.username),
      password: url.password === '' ? null : decoded(url.password),
      database,
    }
  })

const thisMachine = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

const optionalName = z.union([z.null(), z.literal('').transform(() => null), columnName]).default(null)
const optionalText = z.union([z.null(), z.literal('').transform(() => null), z.string().trim().max(500)]).default(null)

export const settings: ZodType<SqlSettings> = z
  .strictObject({
    url: address,
    table: tableName,
    idColumn: columnName,
    skuColumn: columnName,
    stockColumn: columnName,
    nameColumn: optionalName,
    parentColumn: optionalName,
    where: z.union([z.null().transform(() => []), conditions]).default([]),
    tls: z.union([z.null(), z.enum(['on', 'off', 'unverified'], 'must be on, off or unverified')]).default(null),
    caFile: optionalText,
    shopUrl: optionalText,
  })
  .transform(({ url, table, tls, caFile, shopUrl, ...columns }, context): SqlSettings => {
    const [first = '', second] = table.split('.')
    const [schema, name] = second === undefined ? [null, first] : [first, second]
    const wanted = tls ?? (url.socket !== null || thisMachine.test(url.host) ? 'off' : 'on')
    let ca: string | null = null
    try {
      ca = caFile === null ? null : readFileSync(caFile, 'utf8')
    } catch {
      context.addIssue({ code: 'custom', path: ['caFile'], message: 'cannot be read' })
    }
    const options = { rejectUnauthorized: wanted === 'on', ...(ca === null ? {} : { ca }) }
    return {
      server: { ...url, tls: wanted === 'off' ? null : options },
      mapping: { schema, table: name, ...columns },
      shopUrl,
    }
  })

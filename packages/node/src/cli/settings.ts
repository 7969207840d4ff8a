/**
 * Every setting of the command line: its name is the flag, `STOCKMESH_` and the name in capitals the variable, and the
 * name again the key in the config file. Flags beat the environment, the environment beats the file.
 */
import { limits } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { platformNames } from '../connectors/platforms.ts'
import { adminTokenCharactersMin } from '../http/limits.ts'
import { isLoopback } from '../http/origin.ts'

export interface Settings {
  readonly data: string
  readonly port: number
  readonly host: string
  /** The address other shops reach the node at; null: what `host` and `port` give. */
  readonly url: string | null
  readonly name: string | null
  /** null: the one that was chosen before, else the built-in shop. */
  readonly connector: string | null
  readonly 'shop-url': string | null
  readonly 'shop-key': string | null
  readonly 'admin-token': string | null
  readonly 'allow-private-peers': boolean
  readonly 'open-shop': boolean
  readonly 'tls-cert': string | null
  readonly 'tls-key': string | null
  readonly 'trust-proxy': boolean
  readonly shops: number
  readonly fresh: boolean
  readonly node: string
  readonly token: string | null
  readonly json: boolean
  readonly yes: boolean
  readonly force: boolean
  readonly code: string | null
  readonly sku: string | null
  readonly 'import-when-accepted': boolean
  readonly file: string | null
  readonly 'dry-run': boolean
  /** ISO 8601, UTC. */
  readonly 'as-of': string | null
  /** ISO 8601, UTC. */
  readonly 'undo-since': string | null
  readonly unsent: number | null
  readonly note: string | null
  readonly member: string | null
  readonly seen: number | null
  readonly follow: boolean
  readonly differences: 'network' | 'count-in' | null
  readonly default: boolean
  readonly role: 'admin' | 'viewer'
  readonly 'alert-webhook-secret': string | null
  readonly 'alert-smtp-url': string | null
}

export type SettingName = keyof Settings

/** What `stockmesh start` hands to the node. */
export type StartSettings = Pick<
  Settings,
  | 'data'
  | 'port'
  | 'host'
  | 'url'
  | 'name'
  | 'connector'
  | 'shop-url'
  | 'shop-key'
  | 'admin-token'
  | 'allow-private-peers'
  | 'open-shop'
  | 'tls-cert'
  | 'tls-key'
  | 'trust-proxy'
>

/** What `stockmesh demo` hands to the demo. */
export type DemoSettings = Pick<Settings, 'shops' | 'port' | 'data' | 'fresh'>

export interface Definition<T> {
  /** What stands for the value in the help; null for a switch. */
  readonly value: string | null
  readonly help: string
  readonly schema: ZodType<T>
  readonly fallback: T
  /** Secrets have no flag: every user of the machine sees the flags of a running process. */
  readonly isSecret?: boolean
}

const trimmed = z.string().trim().min(1, 'must not be empty')

export function numberFrom(min: number, max: number): ZodType<number> {
  const sentence = `must be a whole number from ${min} to ${max}`
  return z
    .unknown()
    .transform((value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value))
    .pipe(z.int(sentence).min(min, sentence).max(max, sentence))
}

const httpUrl: ZodType<string> = trimmed
  .refine((text) => isHttpUrl(text), 'must be an address such as https://stock.shop.example, without user and password')
  .transform((text) => text.replace(/\/+$/, ''))

const hostName: ZodType<string> = trimmed.regex(/^[A-Za-z0-9.:_-]+$/, 'must be an address or name of this machine')

const switchOn: ZodType<boolean> = z.union(
  [
    z.boolean(),
    z.enum(['1', 'true', 'yes', 'on']).transform(() => true),
    z.enum(['0', 'false', 'no', 'off', '']).transform(() => false),
  ],
  'must be true or false',
)

const token = trimmed.regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')

const longToken = token.min(adminTokenCharactersMin, `must have at least ${adminTokenCharactersMin} characters`)

const shownTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/** A day is its beginning, and without a zone it is this machine's. */
const time: ZodType<string> = trimmed
  .refine(
    (text) => shownTime.test(text) && !Number.isNaN(timeOf(text).getTime()),
    'must be a time such as 2026-03-01T08:00, which is local, or 2026-03-01T07:00Z',
  )
  .transform((text) => timeOf(text).toISOString())

function timeOf(text: string): Date {
  return new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'))
}

function optional<T>(value: string, help: string, schema: ZodType<T>): Definition<T | null> {
  return { value, help, schema, fallback: null }
}

function toggle(help: string): Definition<boolean> {
  return { value: null, help, schema: switchOn, fallback: false }
}

export const definitions: { readonly [Name in SettingName]: Definition<Settings[Name]> } = {
  data: { value: 'DIR', help: 'folder of the data', schema: trimmed, fallback: './stockmesh-data' },
  port: { value: 'N', help: 'port to listen on', schema: numberFrom(0, 65_535), fallback: 7400 },
  host: { value: 'H', help: 'address to listen on', schema: hostName, fallback: '127.0.0.1' },
  url: optional('URL', 'address at which other shops reach this node', httpUrl),
  name: optional('NAME', 'name of the shop', trimmed.max(limits.shopNameCharactersMax)),
  connector: optional(
    'NAME',
    `kind of shop: ${platformNames.join(', ')}; else as "stockmesh connect" chose it`,
    z.enum(platformNames as [string, ...string[]], `must be ${platformNames.map((name) => `"${name}"`).join(' or ')}`),
  ),
  'shop-url': optional('URL', 'address of a built-in shop that runs by itself', httpUrl),
  'shop-key': { ...optional('KEY', 'key of that shop', token), isSecret: true },
  'admin-token': { ...optional('TOKEN', 'bearer token for unattended use', longToken), isSecret: true },
  'allow-private-peers': toggle('other shops may have private addresses though this node has a public one'),
  'open-shop': toggle('visitors of the built-in shop see products and place orders without signing in'),
  'tls-cert': optional(
    'FILE',
    'certificate with its chain (PEM): the port speaks https, and other shops come by wss',
    trimmed,
  ),
  'tls-key': optional('FILE', 'private key of that certificate (PEM), readable by nobody else', trimmed),
  'trust-proxy': toggle(
    'a proxy in front says in X-Forwarded-For and X-Forwarded-Proto who asks, and whether by https',
  ),
  shops: { value: 'N', help: 'number of shops', schema: numberFrom(1, 20), fallback: 2 },
  fresh: toggle('forget the data of the last demo'),
  node: { value: 'URL', help: 'address of the running node', schema: httpUrl, fallback: 'http://127.0.0.1:7400' },
  token: optional('T', 'bearer token of the node; else the one in the data folder', token),
  json: toggle('print JSON'),
  yes: toggle('do not ask'),
  force: toggle('leave though no other shop has heard of all of this shop’s changes'),
  code: optional('C', 'the code that the other shop shows', trimmed),
  sku: optional('S', 'only this SKU', trimmed.max(limits.skuCharactersMax)),
  'import-when-accepted': toggle('begin the import as soon as the other shop has accepted'),
  file: optional('FILE', 'CSV with the columns sku and quantity; - reads what is piped in', trimmed),
  'dry-run': toggle('say what would change, and change nothing'),
  'as-of': optional('T', 'when counting began: what was sold since is still subtracted', time),
  'undo-since': optional('T', 'also undo for all shops what that shop did since then', time),
  unsent: optional('N', 'units sold and not yet sent, which are subtracted', numberFrom(0, limits.stockUnitsMax)),
  note: optional('TEXT', 'a delivery note or the like, shown in the log', trimmed.max(limits.referenceCharactersMax)),
  member: optional('ID', 'of this shop of the network, or of all', trimmed.max(limits.addressCharactersMax)),
  seen: optional(
    'VERSION',
    'act only if the problem still has the version that was seen',
    numberFrom(0, Number.MAX_SAFE_INTEGER),
  ),
  follow: toggle('go on with every new line, until Ctrl-C'),
  differences: optional(
    'WHICH',
    'network: this shop takes the numbers of the network; count-in: its own changes count',
    z.enum(['network', 'count-in'], 'must be "network" or "count-in"'),
  ),
  default: toggle('back to the default'),
  role: {
    value: 'ROLE',
    help: 'viewer: reads everything; admin: also changes it',
    schema: z.enum(['admin', 'viewer'], 'must be "admin" or "viewer"'),
    fallback: 'viewer',
  },
  'alert-webhook-secret': {
    ...optional('KEY', 'key of the signature of alerts (HMAC-SHA256)', trimmed),
    isSecret: true,
  },
  'alert-smtp-url': {
    ...optional('URL', 'mail server for alerts, as in smtps://user:password@mail.example', trimmed),
    isSecret: true,
  },
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(definitions, name)
}

export function variableOf(name: SettingName): string {
  return `STOCKMESH_${name.replaceAll('-', '_').toUpperCase()}`
}

/** Null where the host is this machine alone, or speaks https. */
export function hostWarning(host: string, speaksTls: boolean): string | null {
  if (speaksTls || isLoopback(host)) return null
  return `Warning: ${host} can be reached from other machines, without encryption. Put a proxy with https in front of it, or name a certificate with --tls-cert.`
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && [username, password, search, hash].every((part) => part === '')
}

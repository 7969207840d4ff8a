/**
 * Every setting of the command line: its name is the flag, `STOCKMESH_` and the name in capitals the variable, and the
 * name again the key in the config file. Flags beat the environment, the environment beats the file.
 */
import { limits } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { adminTokenCharactersMin } from '../http/limits.ts'
import { isLoopback } from '../http/origin.ts'

export interface Settings {
  readonly data: string
  readonly port: number
  readonly host: string
  /** The address other shops reach the node at; null: what `host` and `port` give. */
  readonly url: string | null
  readonly name: string | null
  readonly connector: 'builtin'
  readonly 'shop-url': string | null
  readonly 'shop-key': string | null
  readonly 'admin-token': string | null
  readonly 'allow-private-peers': boolean
  readonly 'open-shop': boolean
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

function numberFrom(min: number, max: number): ZodType<number> {
  const sentence = `must be a whole number from ${min} to ${max}`
  return z
    .unknown()
    .transform((value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value))
    .pipe(z.int(sentence).min(min, sentence).max(max, sentence))
}

const httpUrl: ZodType<string> = trimmed
  .refine((text) => isHttpUrl(text), 'must be an address such as https://stock.shop.example')
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

function secret(): ZodType<string> {
  const sentence = `must have at least ${adminTokenCharactersMin} characters`
  return trimmed.min(adminTokenCharactersMin, sentence).regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
}

function optional(value: string, help: string, schema: ZodType<string>): Definition<string | null> {
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
  connector: {
    value: 'NAME',
    help: 'kind of shop: builtin',
    schema: z.enum(['builtin'], 'must be "builtin"'),
    fallback: 'builtin',
  },
  'shop-url': optional('URL', 'address of a built-in shop that runs by itself', httpUrl),
  'shop-key': { ...optional('KEY', 'key of that shop', trimmed), isSecret: true },
  'admin-token': { ...optional('TOKEN', 'bearer token for unattended use', secret()), isSecret: true },
  'allow-private-peers': toggle('other shops may have private or loopback addresses'),
  'open-shop': toggle('visitors of the built-in shop see products and place orders without signing in'),
  shops: { value: 'N', help: 'number of shops', schema: numberFrom(1, 20), fallback: 2 },
  fresh: toggle('forget the data of the last demo'),
  node: { value: 'URL', help: 'address of the running node', schema: httpUrl, fallback: 'http://127.0.0.1:7400' },
  token: optional('T', 'bearer token of the node; else the one in the data folder', trimmed),
  json: toggle('print JSON'),
  yes: toggle('do not ask'),
  force: toggle('leave though no other shop has heard of all of this shop’s changes'),
  code: optional('C', 'the code that the other shop shows', trimmed),
  sku: optional('S', 'only this SKU', trimmed),
  'import-when-accepted': toggle('begin the import as soon as the other shop has accepted'),
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(definitions, name)
}

export function variableOf(name: SettingName): string {
  return `STOCKMESH_${name.replaceAll('-', '_').toUpperCase()}`
}

/** Null where the host is this machine alone. */
export function hostWarning(host: string): string | null {
  if (isLoopback(host)) return null
  return `Warning: ${host} can be reached from other machines, without encryption. Put a proxy with https in front of it.`
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

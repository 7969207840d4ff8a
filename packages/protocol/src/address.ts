/**
 * What a merchant types into "address of the other shop": a domain, host:port, or a URL copied from a browser, as
 * the WebSocket addresses to try. Only the form is judged here; whether an address may be dialed is decided when its
 * name is resolved. Numbers in disguise (`0x7f.1`, `2130706433`) are not addresses.
 */
import { addressCharactersMax } from './limits.ts'
import { failure, type Result, success } from './result.ts'

export const linkPath = '/sync/v1'
export const wellKnownPath = '/.well-known/stockmesh'
export const defaultPort = 7400

export interface ParsedAddress {
  /** Lower case; an IPv6 address without its brackets. May hold letters beyond ASCII. */
  readonly host: string
  /** Pages that may say where the node is, asked in this order before anything is dialed. */
  readonly wellKnown: readonly string[]
  /** WebSocket addresses in the order in which they are tried. */
  readonly dial: readonly string[]
}

const invalid = failure(
  'address-invalid',
  'This is not an address. Type the domain of the other shop, or its address and port as in 192.168.1.20:7400.',
)
const withCredentials = failure(
  'address-has-credentials',
  'The address holds a user name or a password. Type it without them.',
)

const schemes: Readonly<Record<string, readonly ('ws' | 'wss')[]>> = {
  http: ['ws'],
  ws: ['ws'],
  https: ['wss'],
  wss: ['wss'],
}

export function parseAddress(typed: string): Result<ParsedAddress> {
  const text = typed.trim()
  if (text === '' || text.length > addressCharactersMax || hasUnprintable(text)) return invalid
  const [, schemeText, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? []
  const known = schemeText === undefined ? null : schemes[schemeText.toLowerCase()]
  if (known === undefined) return invalid
  const [, authority = '', pathText = ''] = /^([^/?#\\]*)([^?#]*)/s.exec(rest) ?? []
  if (authority.includes('@')) return withCredentials
  if (pathText.includes('\\')) return invalid
  const place = parseAuthority(authority)
  if (place === null) return invalid
  const { host, port } = place
  const path = pathText.replace(/\/+$/, '')
  const paths = path === '' ? [linkPath] : path.endsWith(linkPath) ? [path] : [`${path}${linkPath}`, linkPath]
  const bracketed = host.includes(':') ? `[${host}]` : host
  if (port === null && path === '') return success(searched(host, bracketed, known))
  const wires = known ?? (port === 443 ? ['wss'] : ['ws', 'wss'])
  const at = port === null ? bracketed : `${bracketed}:${port}`
  return success({ host, wellKnown: [], dial: wires.flatMap((wire) => paths.map((each) => `${wire}://${at}${each}`)) })
}

/** Without port and path the node is looked for: the page that names it, then the two ports it is likely at. */
function searched(host: string, bracketed: string, known: readonly ('ws' | 'wss')[] | null): ParsedAddress {
  const plain = known === null || known.includes('ws')
  const secure = known === null || known.includes('wss')
  const ports = [`${secure ? 'wss' : 'ws'}://${bracketed}${linkPath}`]
  for (const wire of [plain ? 'ws' : null, secure ? 'wss' : null]) {
    if (wire !== null) ports.push(`${wire}://${bracketed}:${defaultPort}${linkPath}`)
  }
  return {
    host,
    wellKnown: [secure ? 'https' : null, plain ? 'http' : null]
      .filter((scheme) => scheme !== null)
      .map((scheme) => `${scheme}://${bracketed}${wellKnownPath}`),
    dial: ports,
  }
}

function parseAuthority(authority: string): { readonly host: string; readonly port: number | null } | null {
  // Several colons without brackets are an IPv6 address as other programs print it.
  const bare = /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(authority)
  const match = bare ? [authority, authority] : /^(\[[^\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(authority)
  if (match === null) return null
  const name = (match[1] ?? '').replace(/^\[|\]$/g, '').toLowerCase()
  const port = match[2] === undefined ? null : Number(match[2])
  if (port !== null && (port < 1 || port > 65_535)) return null
  const six = bare || authority.startsWith('[')
  return (six ? isIpv6Shape(name) : isHostName(name)) ? { host: six ? name : name.replace(/\.$/, ''), port } : null
}

function isIpv6Shape(text: string): boolean {
  return text.length <= 45 && text.includes(':') && /^[0-9a-f:.]+$/.test(text)
}

/** A domain name or a plain dotted IPv4 address; a last label that reads as a number makes it an address or nothing. */
function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.')
  if (text.length > 253 || labels.some((label) => !isLabel(label))) return false
  const last = labels.at(-1) ?? ''
  if (!/^(\d+|0x[0-9a-f]*)$/.test(last)) return true
  return labels.length === 4 && labels.every((label) => /^(0|[1-9]\d{0,2})$/.test(label) && Number(label) <= 255)
}

function isLabel(label: string): boolean {
  // Letters of other scripts are allowed here: the resolver's side turns them into their ASCII form.
  return /^[\p{L}\p{N}\p{M}_](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u.test(label) && label.length <= 63
}

function hasUnprintable(text: string): boolean {
  return /[\s\p{C}]/u.test(text)
}

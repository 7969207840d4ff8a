/**
 * Where a request comes from, judged by its headers alone: over https or not, from our own pages or from another
 * site, from this machine or not. Headers that a proxy may add are believed only where a lie harms the liar alone.
 */
import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { cameByTls } from './forwarded.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isSafeMethod(request: IncomingMessage): boolean {
  return safeMethods.has(request.method ?? '')
}

/** By the connection, by the word of a proxy that is trusted, or because the name that was asked for is one of https. */
export function isHttps(request: IncomingMessage, publicUrl: string, trustsProxy: boolean): boolean {
  if (cameByTls(request, trustsProxy)) return true
  const url = parseUrl(publicUrl)
  return url !== null && url.protocol === 'https:' && url.host === request.headers.host
}

/**
 * Whether a browser says that its page came by https: it sends `Origin` with every change. That holds where a proxy does
 * not tell, or is not believed, and who makes it up gets a cookie that he cannot use.
 */
export function hasHttpsOrigin(request: IncomingMessage): boolean {
  return parseUrl(request.headers.origin ?? '')?.protocol === 'https:'
}

/** Whether the `Origin` header names this node, as it was called or as it is known outside. */
export function hasOwnOrigin(request: IncomingMessage, publicUrl: string): boolean {
  const origin = parseUrl(request.headers.origin ?? '')
  if (origin === null || (origin.protocol !== 'http:' && origin.protocol !== 'https:')) return false
  return origin.host === request.headers.host?.toLowerCase() || origin.origin === parseUrl(publicUrl)?.origin
}

/** A page of our own sent it: the browser says so, or, without secure context, the origin does. */
export function isFromOwnPage(request: IncomingMessage, publicUrl: string): boolean {
  if (request.headers['x-stockmesh'] !== '1') return false
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return hasOwnOrigin(request, publicUrl)
}

/**
 * A person at this machine, calling it by a loopback name: another name could be one that an attacker's page was
 * served under, and a proxy in front means that the sender is somewhere else.
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  const { headers } = request
  if (forwardingHeaders.some((name) => headers[name] !== undefined)) return false
  return isLoopback(request.socket.remoteAddress ?? '') && isLoopback(hostName(headers.host ?? ''))
}

/** What proxies add when they pass a request on. */
const forwardingHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const

/** Whether a host name or address is this machine itself. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback'
}

function hostName(host: string): string {
  const name = parseUrl(`http://${host}`)?.hostname ?? ''
  return name.replace(/^\[(.*)\]$/, '$1')
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/**
 * The way a request came, where a proxy stands in front. Whoever connects from this machine or its own network is taken
 * for that proxy, where the settings say that there is one; what it adds is believed, and nothing that came before it.
 * Without the setting every `X-Forwarded-*` is somebody's word about himself.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import proxyAddress from 'proxy-addr'

const isNear = proxyAddress.compile(['loopback', 'linklocal', 'uniquelocal'])

/** The numeric address of whoever asks; that of the proxy where it names none; '' once the connection is gone. */
export function clientAddress(request: IncomingMessage, trustsProxy: boolean): string {
  const neighbour = request.socket.remoteAddress ?? ''
  if (!trustsProxy || !isProxy(neighbour)) return neighbour
  // One proxy: what stands further to the left is what the client itself said.
  const said = proxyAddress(request, (address, hop) => hop === 0 && isProxy(address))
  return isIP(said) === 0 ? neighbour : said
}

/** Whether the client spoke https, to this node itself or to the proxy in front of it. */
export function cameByTls(request: IncomingMessage, trustsProxy: boolean): boolean {
  if ((request.socket as Partial<TLSSocket>).encrypted === true) return true
  if (!trustsProxy || !isProxy(request.socket.remoteAddress ?? '')) return false
  const said = [request.headers['x-forwarded-proto'] ?? []].flat().join(',')
  return said.split(',').at(-1)?.trim() === 'https'
}

function isProxy(address: string): boolean {
  return isIP(address) !== 0 && isNear(address, 0)
}

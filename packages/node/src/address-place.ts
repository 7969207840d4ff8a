/**
 * Where a numeric address lies, for everybody who dials or is dialed: on the internet, on this computer and in its own
 * network, or where nothing of ours has business (cloud metadata, multicast, carrier NAT, forms that wrap another address).
 */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The metadata service of a large cloud, inside the private range of IPv6. */
const metadataAddress = ipaddr.parse('fd00:ec2::254').toString()

const nearRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal'])

/** Where an address as a socket reports it lies; an IPv4 address inside IPv6 is judged as itself. */
export function placeOfAddress(address: string): 'public' | 'private' | 'refused' {
  if (isIP(address) === 0) return 'refused'
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (range === 'unicast') return 'public'
  return nearRanges.has(range) && parsed.toString() !== metadataAddress ? 'private' : 'refused'
}

/**
 * Whose address it is, for whoever counts: of IPv6 the first 64 bits, since one household or server has all that follow
 * (RFC 6177), of IPv4 the whole.
 */
export function neighbourhoodOf(address: string): string {
  if (isIP(address) === 0) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const network = parsed.toByteArray().slice(0, 8)
  return `${ipaddr.fromByteArray([...network, 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`
}

/** Whether the host of a URL is this computer or in its own network, by its numbers or as `localhost`. */
export function isPrivateHost(hostname: string): boolean {
  return hostname === 'localhost' || placeOfAddress(hostname.replace(/^\[|\]$/g, '')) === 'private'
}

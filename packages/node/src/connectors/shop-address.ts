/**
 * The address of a shop as a merchant types it. A shop may stand beside its node, on loopback or in a private network,
 * as well as anywhere on the internet; what no shop is at is refused: link-local addresses (the metadata of a cloud
 * among them), multicast and the like.
 */
import { isIP } from 'node:net'
import { limits } from '@stockmesh/protocol'
import ipaddr from 'ipaddr.js'

export const shopAddressRule = 'Write the address of the shop, as in https://shop.example, without user and password.'

/** The metadata service of a large cloud, inside the private range of IPv6. */
const metadataAddress = ipaddr.parse('fd00:ec2::254').toString()

const allowedRanges: ReadonlySet<string> = new Set(['unicast', 'loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

export function isShopAddress(text: string): boolean {
  if (text.length > limits.addressCharactersMax || !URL.canParse(text)) return false
  const { protocol, username, password, search, hash, hostname } = new URL(text)
  if (!['http:', 'https:'].includes(protocol) || hostname === '') return false
  if ([username, password, search, hash].some((part) => part !== '')) return false
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 || mayDialShop(host)
}

/** Judges a numeric address; an IPv4 address inside IPv6 is judged as itself. */
function mayDialShop(address: string): boolean {
  const parsed = ipaddr.process(address)
  return allowedRanges.has(parsed.range()) && parsed.toString() !== metadataAddress
}

/**
 * The address of a shop as a merchant types it. A shop may stand beside its node, on loopback or in a private network,
 * as well as anywhere on the internet; what no shop is at is refused: link-local addresses (the metadata of a cloud
 * among them), multicast and the like.
 */
import { isIP } from 'node:net'
import { limits } from '@stockmesh/protocol'
import ipaddr from 'ipaddr.js'
import { placeOfAddress } from '../address-place.ts'

export const shopAddressRule = 'Write the address of the shop, as in https://shop.example, without user and password.'

export function isShopAddress(text: string): boolean {
  if (text.length > limits.addressCharactersMax || !URL.canParse(text)) return false
  const { protocol, username, password, search, hash, hostname } = new URL(text)
  if (!['http:', 'https:'].includes(protocol) || hostname === '') return false
  if ([username, password, search, hash].some((part) => part !== '')) return false
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 || mayDialShop(host)
}

/** A shop may also stand in the same carrier's network. */
function mayDialShop(address: string): boolean {
  return placeOfAddress(address) !== 'refused' || ipaddr.process(address).range() === 'carrierGradeNat'
}

/** Whether what is sent to this address leaves the machine unencrypted. */
export function isReadOnTheWay(url: string): boolean {
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
  return url.startsWith('http://') && !isLocal
}

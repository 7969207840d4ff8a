/**
 * What an alert may be sent to. An admin typed the address, so computers of the merchant's own network are allowed;
 * link-local addresses (cloud metadata) and wrapped forms never are, and a public address is reached encrypted only.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Failure, failure, type Result, success } from '@stockmesh/protocol'
import { placeOfAddress } from '../address-place.ts'

const refused = failure('address-refused', 'Alerts cannot be sent to this address.')

export interface Reached {
  /** The one that a socket is opened to: a name that changes its mind afterwards changes nothing. */
  readonly address: string
  /** Beyond this computer and its own network: to be spoken to encrypted only. */
  readonly isPublic: boolean
  /** For a certificate; null where the target is an address and has none. */
  readonly servername: string | null
}

export const notEncrypted: Failure = failure(
  'target-not-encrypted',
  'Alerts go to a public address over https or smtps only.',
)

/** `host` as in a URL. Codes: `address-refused`, `target-unreachable`. */
export async function findTarget(host: string): Promise<Result<Reached>> {
  const name = host.replace(/^\[|\]$/g, '')
  const addresses = isIP(name) === 0 ? await resolve(name) : [name]
  const [first] = addresses
  if (first === undefined) return failure('target-unreachable', 'The address of the alerts cannot be found.')
  const places = addresses.map(placeOfAddress)
  if (places.includes('refused')) return refused
  return success({ address: first, isPublic: places.includes('public'), servername: isIP(name) === 0 ? name : null })
}

async function resolve(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}

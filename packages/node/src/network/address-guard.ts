/**
 * What a dial may reach, and who may knock. Addresses come from people, records and profiles, so the check is made
 * on the address that the socket really connects to, in its own `lookup`: a name cannot change its mind in between.
 *
 * Public addresses are allowed, those of this computer and its network only where the caller says so. Never allowed
 * are link-local ones (cloud metadata), multicast, unspecified, carrier NAT, and forms that wrap another address.
 */
import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { domainToASCII } from 'node:url'
import { failure, limits, type Result, success } from '@stockmesh/protocol'
import ipaddr from 'ipaddr.js'
import { placeOfAddress } from '../address-place.ts'
import type { Clock } from '../ports.ts'

/** Codes: `private-address-refused`, `address-refused`. */
export class AddressRefusedError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'AddressRefusedError'
    this.code = code
  }
}

/** Whether private addresses may be dialed; asked anew for each dial. */
export type AllowsPrivate = () => boolean

/** Codes: `private-address-refused`, `address-refused`. */
export function checkAddress(address: string, allowsPrivate: boolean): Result<string> {
  const place = placeOfAddress(address)
  if (place === 'public' || (place === 'private' && allowsPrivate)) {
    return success(ipaddr.process(address).toString())
  }
  return place === 'private'
    ? failure(
        'private-address-refused',
        'This is an address of a local network. Use the public one, or start the node with --allow-private-peers.',
      )
    : failure('address-refused', 'This address cannot be dialed.')
}

/**
 * The host of a URL as it will be dialed. A numeric address never passes a socket's `lookup`, so it is judged here;
 * the URL parser has turned disguised numbers into plain ones by then.
 */
export function checkUrl(url: string, allowsPrivate: boolean): Result<URL> {
  if (!URL.canParse(url)) return failure('address-invalid', 'This is not an address.')
  const parsed = new URL(url)
  if (parsed.username !== '' || parsed.password !== '') {
    return failure('address-has-credentials', 'The address holds a user name or a password.')
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0) {
    return domainToASCII(host) === '' ? failure('address-invalid', 'This is not an address.') : success(parsed)
  }
  const checked = checkAddress(host, allowsPrivate)
  return checked.ok ? success(parsed) : checked
}

/** For the `lookup` option of a socket: resolves a name and lets it through only if all its addresses are allowed. */
export function guardedLookup(allowsPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true }
    resolve(hostname, all, (error, found) => {
      if (error !== null) return callback(error, '')
      const refused = firstRefusal(found, allowsPrivate)
      const first = found[0]
      if (refused !== null || first === undefined) {
        return callback(refused ?? new AddressRefusedError('address-refused', 'This name has no address.'), '')
      }
      if (options.all === true) return callback(null, found)
      return callback(null, first.address, first.family)
    })
  }
}

function firstRefusal(found: readonly LookupAddress[], allowsPrivate: boolean): AddressRefusedError | null {
  for (const { address } of found) {
    const checked = checkAddress(address, allowsPrivate)
    if (!checked.ok) return new AddressRefusedError(checked.code, checked.message)
  }
  return null
}

/** Where nobody has proved who they are, few dials are made: a typed or recorded address is no tool for scanning. */
export class DialLimiter {
  readonly #clock: Clock
  readonly #dials = new Map<string, number[]>()
  readonly #authenticated: Set<string>
  readonly #onTrust: (place: string) => void

  /** `trusted`: where somebody proved who they are before a restart; `onTrust` hears of each new such place. */
  constructor(clock: Clock, trusted: Iterable<string> = [], onTrust: (place: string) => void = () => undefined) {
    this.#clock = clock
    this.#authenticated = new Set(trusted)
    this.#onTrust = onTrust
  }

  /** Counts a dial to `host:port`. The failure `dial-limit` says that it must wait. */
  admit(place: string): Result<void> {
    if (this.#authenticated.has(place)) return success(undefined)
    const now = this.#clock.now()
    this.#forgetBefore(now)
    const recent = this.#dials.get(place) ?? []
    if (recent.length >= limits.dialsPerMinuteMax) {
      return failure('dial-limit', 'This address was tried too often. Wait a minute and try again.')
    }
    this.#dials.set(place, [...recent, now])
    return success(undefined)
  }

  /** Somebody proved who they are at this address: it may be dialed as often as the schedule wants. */
  trust(place: string): void {
    this.#dials.delete(place)
    if (this.#authenticated.has(place)) return
    this.#authenticated.add(place)
    this.#onTrust(place)
  }

  trusts(place: string): boolean {
    return this.#authenticated.has(place)
  }

  #forgetBefore(now: number): void {
    for (const [place, times] of this.#dials) {
      // A time ahead of the clock is from before the clock was set back.
      const recent = times.filter((time) => time > now - 60_000 && time <= now)
      if (recent.length === 0) this.#dials.delete(place)
      else this.#dials.set(place, recent)
    }
  }
}

/** `host:port` of a URL, for the limiter. */
export function placeOf(url: URL): string {
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  return `${url.hostname}:${url.port === '' ? (secure ? '443' : '80') : url.port}`
}

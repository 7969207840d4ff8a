/**
 * An address at which the shop is not: it leads elsewhere, or its certificate is none to trust. Each ends in one sentence
 * with the address to enter or what to mend; nothing is ever sent on to where a shop leads.
 */
import { ConnectorError } from './connector.ts'
import { isShopAddress } from './shop-address.ts'

interface Asked {
  /** What the merchant entered, without a slash at its end. */
  readonly address: string
  /** What was asked below it, with the query. */
  readonly path: string
}

/** Codes: `address-elsewhere`; `shop-answer-invalid` where the way leads to no other address of a shop. */
export function elsewhere({ address, path }: Asked, status: number, location: unknown): ConnectorError {
  const there = leadsTo({ address, path }, location)
  if (there === null || there === address) {
    const message = `The shop's answer cannot be used: HTTP ${status}, which leads to no other address of a shop.`
    return new ConnectorError('shop-answer-invalid', message)
  }
  if (address.startsWith('https:') && there.startsWith('http:')) {
    const message = `The shop leads from ${address} to ${there}, where keys can be read on the way. Let the shop's host keep its https.`
    return new ConnectorError('address-elsewhere', message)
  }
  const message = `The shop leads from ${address} to ${there}. Enter that address.`
  return new ConnectorError('address-elsewhere', message)
}

/** The address below which what was asked stands there; of a way to another page, its origin alone. */
function leadsTo({ address, path }: Asked, location: unknown): string | null {
  if (typeof location !== 'string' || !URL.canParse(location, address + path)) return null
  const { origin, pathname } = new URL(location, address + path)
  const asked = path.split('?')[0]?.replace(/\/+$/, '') ?? ''
  const led = pathname.replace(/\/+$/, '')
  const isSamePage = asked !== '' && led.endsWith(asked)
  const there = isSamePage ? origin + led.slice(0, -asked.length) : origin
  if (!isShopAddress(there) || (!isSamePage && origin === new URL(address).origin)) return null
  return there
}

/** What Node says of a certificate, and what a person does about it. */
const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has ended. Let the shop's host renew it.",
  CERT_NOT_YET_VALID: 'is not valid yet. Check the clock of this machine.',
  CERT_REVOKED: "was called back by its issuer. Let the shop's host get a new one.",
  ERR_TLS_CERT_ALTNAME_INVALID: 'is made for another address. Enter the address that it is made for.',
  ...Object.fromEntries(
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_UNTRUSTED',
      'INVALID_CA',
    ].map((code) => [
      code,
      "is signed by nobody whom this machine knows. Let the shop's host get one that browsers trust, or name its authority in NODE_EXTRA_CA_CERTS where the node is started.",
    ]),
  ),
}

/** null: it is no fault of the connection's safety. Code: `certificate-untrusted`. */
export function unsafe(address: string, error: unknown): ConnectorError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const fault = certificateFaults[code]
  if (fault !== undefined) {
    const message = `The certificate of ${address} ${fault} It says ${code}.`
    return new ConnectorError('certificate-untrusted', message, { cause: error })
  }
  if (!/^(ERR_SSL_|EPROTO$)/.test(code)) return null
  const message = `There is no https at ${address} (${code}). Correct the address, or let the shop's host switch https on.`
  return new ConnectorError('certificate-untrusted', message, { cause: error })
}

/**
 * How WooCommerce's REST interface knows who asks: Basic over https; over http the request is signed with OAuth 1.0a
 * (RFC 5849, HMAC-SHA256, no token), so that the secret never goes over the line. The signature stands in the query,
 * since many web servers keep the header to themselves.
 */
import { createHmac } from 'node:crypto'

export interface WooCommerceKeys {
  readonly consumerKey: string
  readonly consumerSecret: string
}

export interface SignedCall {
  readonly headers: Readonly<Record<string, string>>
  /** Of the URL, with its `?`; empty where there is none. */
  readonly search: string
}

/** `now` in milliseconds since 1970; the shop takes a time that is within 15 minutes of its own. */
export function signCall(
  keys: WooCommerceKeys,
  method: string,
  url: URL,
  { now, nonce }: { readonly now: number; readonly nonce: string },
): SignedCall {
  if (url.protocol === 'https:') {
    const text = Buffer.from(`${keys.consumerKey}:${keys.consumerSecret}`).toString('base64')
    return { headers: { authorization: `Basic ${text}` }, search: url.search }
  }
  const given = [...url.searchParams].map(([name, value]) => [name, value] as const)
  const parameters = [
    ...given,
    ['oauth_consumer_key', keys.consumerKey] as const,
    ['oauth_nonce', nonce] as const,
    ['oauth_signature_method', 'HMAC-SHA256'] as const,
    ['oauth_timestamp', String(Math.floor(now / 1_000))] as const,
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  const query = parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
  const baseString = [method, url.origin + url.pathname, query].map(encoded).join('&')
  const signature = createHmac('sha256', `${keys.consumerSecret}&`).update(baseString).digest('base64')
  return { headers: {}, search: `?${query}&oauth_signature=${encoded(signature)}` }
}

/** RFC 3986: all but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

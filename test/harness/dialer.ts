/**
 * Who dials. What two nodes say to each other is sealed from the first frame on, so a program of a test names itself in
 * a header of the request that opens a connection (`dialer-name.js`), and a proxy reads it there.
 */

export type Identity =
  /** More bytes are needed; the first `mayPass` of them may go on meanwhile. */
  | { readonly state: 'unknown'; readonly mayPass: number }
  /** null: not a connection between nodes. */
  | { readonly state: 'known'; readonly dialer: string | null }

export type Identify = (bytes: Buffer) => Identity

/** A connection between nodes whose dialer has no name: it cannot be cut by its dialer. */
export const unnamedDialer = 'unnamed'

const headBytesMax = 16 * 1024
const headEnd = '\r\n\r\n'
const known = (dialer: string | null): Identity => ({ state: 'known', dialer })

export function identifyDialer(bytes: Buffer): Identity {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return bytes.length > headBytesMax ? known(null) : { state: 'unknown', mayPass: 0 }
  const head = bytes.subarray(0, end).toString('latin1')
  if (!head.startsWith('GET /sync/')) return known(null)
  return known(/^x-dialer: (.+)$/im.exec(head)?.[1] ?? unnamedDialer)
}

/** The environment of a program that is to name itself. */
export function dialerEnvironment(name: string): Readonly<Record<'NODE_OPTIONS' | 'DIALER_NAME', string>> {
  return { NODE_OPTIONS: `--import=${new URL('./dialer-name.js', import.meta.url).href}`, DIALER_NAME: name }
}

/** The address of a trial, before any key goes to it. */
import { Agent } from 'undici'
import { systemTimers } from '../ports.ts'
import { ConnectorError } from './connector.ts'
import { exchange } from './shop-exchange.ts'

/** How long the answer may take, in milliseconds, and how many bytes of it are read: only its status counts. */
const answerMsMax = 15_000
const answerBytesMax = 1024 * 1024

/**
 * Asks an address that begins with http, without a key, whether it leads elsewhere: most shops lead to their https, and
 * what is sent to the first address can be read on the way. `path` is what will be asked there.
 *
 * Errors: `address-elsewhere`, `shop-unreachable`.
 */
export async function assertLeadsNowhere(address: string, path: string, signal: AbortSignal): Promise<void> {
  if (!address.startsWith('http://')) return
  const connections = new Agent()
  try {
    const asked = { address, method: 'GET', path, headers: {}, body: null, answerMsMax, answerBytesMax } as const
    await exchange(asked, { connections, timers: systemTimers }, signal)
  } catch (error) {
    // What else it answers is the matter of the call that is meant.
    if (!(error instanceof ConnectorError) || error.code !== 'shop-answer-invalid') throw error
  } finally {
    await connections.destroy()
  }
}

/**
 * What a session needs of a WebSocket, how one is dialed, and how the page that names one is read: the real ones are
 * those of `ws` and `node:http`, and a test can hold both ends in its hands.
 */
import type { Result } from '@stockmesh/protocol'
import type { WebSocket } from 'ws'
import type { DialLimiter } from './address-guard.ts'

export type Socket = Pick<
  WebSocket,
  'on' | 'once' | 'send' | 'ping' | 'close' | 'terminate' | 'readyState' | 'bufferedAmount' | 'OPEN' | 'CLOSED'
>

/** Ends in an open socket or in a code, within the time a handshake may take. The signal gives up a dial under way. */
export type Dial = (url: string, limiter: DialLimiter, signal: AbortSignal) => Promise<Result<Socket>>

/** Reads a small page at an address that was checked and admitted; ends in its text or in a code, within a time. */
export type ReadPage = (url: URL) => Promise<Result<string>>

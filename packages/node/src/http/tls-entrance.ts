/**
 * One port for https and for the sentence that a plain request gets: the first byte of a connection tells which it is.
 * What comes from this machine itself may be plain, for the command line, the shop inside and health checks: nobody is in
 * between. All others are told to come by https, and nothing that they sent is looked at.
 */
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import type { ApiError } from '@stockmesh/protocol'
import type { CertificatePair } from './certificates.ts'
import { headMsMax, requestMsMax } from './limits.ts'
import { isLoopback } from './origin.ts'

/** The first byte of a TLS record that carries a handshake (RFC 8446, 5.1). */
const handshakeRecord = 0x16

export interface TlsEntranceOptions {
  readonly pair: CertificatePair
  readonly app: RequestListener
  /** Whether the other end may speak plainly; absent: this machine itself. */
  readonly mayBePlain?: (socket: Socket) => boolean
}

export interface Entrance {
  /** Listens, and is closed. */
  readonly port: NetServer
  /** Where requests and upgrades come out, and connections are counted. */
  readonly servers: readonly Server[]
}

export interface TlsEntrance extends Entrance {
  renew(pair: CertificatePair): void
}

const serverOptions = { requestTimeout: requestMsMax, headersTimeout: headMsMax, requireHostHeader: false } as const

export function plainEntrance(app: RequestListener): Entrance {
  const server = createPlainServer(serverOptions, app)
  return { port: server, servers: [server] }
}

export function tlsEntrance({ pair, app, mayBePlain = isFromHere }: TlsEntranceOptions): TlsEntrance {
  const secure: TlsServer = createTlsServer({ ...serverOptions, ...pair, handshakeTimeout: headMsMax }, app)
  const plain = createPlainServer(serverOptions, app)
  // Somebody who breaks off a handshake, or speaks an old TLS, is no event for anyone.
  secure.on('tlsClientError', (_, socket) => socket.destroy())
  const port = createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (first) => {
      socket.pause()
      socket.unshift(first)
      if (first[0] === handshakeRecord) secure.emit('connection', socket)
      else if (mayBePlain(socket)) plain.emit('connection', socket)
      else socket.end(httpsNeeded)
      process.nextTick(() => socket.resume())
    })
  })
  // They do not listen themselves, and begin to look for what takes too long when told that they do.
  for (const server of [secure, plain]) port.once('listening', () => server.emit('listening'))
  for (const server of [secure, plain]) port.once('close', () => server.close())
  return { port, servers: [secure, plain], renew: (renewed) => secure.setSecureContext(renewed) }
}

/** A connection from an address to itself does not leave the machine. */
function isFromHere({ remoteAddress = '', localAddress }: Socket): boolean {
  return isLoopback(remoteAddress) || remoteAddress === localAddress
}

const httpsNeeded = ((): string => {
  const error: ApiError = {
    error: {
      code: 'https-needed',
      message: 'This port speaks https. Write https:// before the address.',
      details: {},
    },
  }
  const text = JSON.stringify(error)
  const head = [
    'HTTP/1.1 426 Upgrade Required',
    'Upgrade: TLS/1.2',
    'Connection: Upgrade, close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
})()

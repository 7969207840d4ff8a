/**
 * The one port: requests go to the application, WebSocket upgrades to whoever owns their path. Who says nothing is sent
 * away. Closing lets running requests finish for a moment, then cuts what is left.
 */
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from './clock.ts'
import type { Certificates } from './certificates.ts'
import { connectionsMax, idleMsMax, idleOfProxyMsMax } from './limits.ts'
import { refuseMalformed, withHost } from './malformed-request.ts'
import { type Entrance, plainEntrance, tlsEntrance } from './tls-entrance.ts'
import { WaitingRoom } from './waiting-room.ts'

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface ListenerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly app: RequestListener
  /** By path; a path below it belongs to it as well. */
  readonly upgrades: Readonly<Record<string, UpgradeHandler>>
  readonly clock: Clock
  /** The port speaks https with this one, also after it was renewed; absent: plain http. */
  readonly certificates?: Certificates | null
  /** Connections are those of a proxy, which keeps them; absent: no. */
  readonly trustsProxy?: boolean
  /** How many connections may be silent; absent: as the limits say. */
  readonly waiting?: { readonly most: number; readonly mostOfAddress: number }
}

/** How long running requests may take when the node stops, in milliseconds. */
const closeMsMax = 2_000

/** Errors have a `code` and a sentence: `port-in-use`, `port-forbidden`, `host-unknown`. */
class ListenError extends Error {
  readonly code: string
  constructor(code: string, message: string, options: ErrorOptions) {
    super(message, options)
    this.name = 'ListenError'
    this.code = code
  }
}

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const entrance = entranceOf(options)
  entrance.servers.forEach(refuseMalformed)
  const listener = new Listener(entrance, options)
  await new Promise<void>((resolve, reject) => {
    entrance.port.once('error', (error) => reject(listenError(options, error)))
    entrance.port.listen(options.port, options.host, resolve)
  })
  return listener
}

function entranceOf({ app, certificates = null }: ListenerOptions): Entrance {
  if (certificates === null) return plainEntrance(withHost(app))
  const entrance = tlsEntrance({ pair: certificates.pair, app: withHost(app) })
  certificates.follow((pair) => entrance.renew(pair))
  return entrance
}

export class Listener implements AsyncDisposable {
  readonly #entrance: Entrance
  readonly #clock: Clock
  readonly #sockets = new Set<Socket>()
  readonly #upgraded = new Set<Duplex>()

  constructor(entrance: Entrance, options: ListenerOptions) {
    this.#entrance = entrance
    this.#clock = options.clock
    const room = new WaitingRoom({ timers: options.clock, ...options.waiting })
    entrance.port.maxConnections = connectionsMax
    entrance.port.on('connection', (socket) => {
      room.enter(socket)
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      room.leave(request.socket)
      this.#upgraded.add(socket)
      // A page that goes away mid-handshake is no event for anyone.
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.#upgraded.delete(socket))
      const handle = upgradeHandler(options.upgrades, request.url ?? '')
      if (handle !== undefined) handle(request, socket, head)
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    }
    for (const server of entrance.servers) {
      server.keepAliveTimeout = options.trustsProxy === true ? idleOfProxyMsMax : idleMsMax
      server.on('request', (request) => room.leave(request.socket))
      server.on('upgrade', onUpgrade)
    }
  }

  get port(): number {
    return (this.#entrance.port.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { port, servers } = this.#entrance
    const closed = new Promise<void>((resolve) => port.close(() => resolve()))
    for (const server of servers) server.closeIdleConnections()
    for (const socket of this.#upgraded) socket.destroy()
    const cancel = this.#clock.after(closeMsMax, () => {
      for (const socket of this.#sockets) socket.destroy()
    })
    await closed
    cancel()
  }
}

function upgradeHandler(upgrades: Readonly<Record<string, UpgradeHandler>>, url: string): UpgradeHandler | undefined {
  const path = url.split('?', 1)[0] ?? ''
  const own = Object.keys(upgrades).find((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  return own === undefined ? undefined : upgrades[own]
}

function listenError({ host, port }: ListenerOptions, error: NodeJS.ErrnoException): Error {
  const options = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        'port-in-use',
        `Port ${port} on ${host} is taken by another program. Stop it, or choose another with --port.`,
        options,
      )
    case 'EACCES':
      return new ListenError(
        'port-forbidden',
        `Port ${port} needs more rights. Choose one from 1024 with --port.`,
        options,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError('host-unknown', `${host} is not an address of this machine. Correct --host.`, options)
    default:
      return error
  }
}

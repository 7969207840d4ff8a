/**
 * The one port: requests go to the application, WebSocket upgrades to whoever owns their path. Closing lets running
 * requests finish for a moment, then cuts what is left.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from './clock.ts'
import { requestMsMax } from './limits.ts'
import { refuseMalformed, withHost } from './malformed-request.ts'

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface ListenerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly app: RequestListener
  /** By path; a path below it belongs to it as well. */
  readonly upgrades: Readonly<Record<string, UpgradeHandler>>
  readonly clock: Clock
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
  const server = createServer({ requestTimeout: requestMsMax, requireHostHeader: false }, withHost(options.app))
  refuseMalformed(server)
  const listener = new Listener(server, options)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(options, error)))
    server.listen(options.port, options.host, resolve)
  })
  return listener
}

export class Listener implements AsyncDisposable {
  readonly #server: Server
  readonly #clock: Clock
  readonly #upgraded = new Set<Duplex>()

  constructor(server: Server, options: ListenerOptions) {
    this.#server = server
    this.#clock = options.clock
    server.on('upgrade', (request, socket, head) => {
      this.#upgraded.add(socket)
      // A page that goes away mid-handshake is no event for anyone.
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.#upgraded.delete(socket))
      const handle = upgradeHandler(options.upgrades, request.url ?? '')
      if (handle !== undefined) handle(request, socket, head)
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    for (const socket of this.#upgraded) socket.destroy()
    const cancel = this.#clock.after(closeMsMax, () => this.#server.closeAllConnections())
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

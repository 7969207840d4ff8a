/**
 * Where other nodes knock: upgrades on `/sync/v1` of an HTTP server that somebody else owns. Who may come in is
 * judged by the address before anything is read, and few of one address may stand here without a proof. Of all together
 * the oldest goes when there are too many: who means it proves who he is in a moment.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { limits, linkPath } from '@stockmesh/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { neighbourhoodOf } from '../address-place.ts'
import { checkAddress } from './address-guard.ts'

export class Doorway {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.channelFrameBytesMax,
    perMessageDeflate: false,
    clientTracking: false,
  })
  readonly #waiting = new Map<string, number>()
  /** Without a proof, the oldest first. */
  readonly #sockets = new Set<Duplex>()

  /** Answers the upgrade, which came from that address; `onSocket` gets the open socket and what to call once it is proved whose it is. */
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    from: string,
    onSocket: (socket: WebSocket, release: () => void) => void,
  ): void {
    socket.on('error', () => socket.destroy())
    // A proxy in front may make everybody a neighbour, so private addresses may always knock.
    const address = checkAddress(from, true)
    const [path] = (request.url ?? '').split('?')
    if (path !== linkPath) return refuse(socket, '404 Not Found')
    // Nodes send no Origin; a page in somebody's browser must not speak for them.
    if (!address.ok || request.headers.origin !== undefined) return refuse(socket, '403 Forbidden')
    const place = neighbourhoodOf(address.value)
    const count = this.#waiting.get(place) ?? 0
    if (count >= limits.unauthenticatedSocketsMax) return refuse(socket, '503 Service Unavailable')
    this.#waiting.set(place, count + 1)
    const [oldest] = this.#sockets
    if (oldest !== undefined && this.#sockets.size >= limits.unauthenticatedSocketsAllMax) {
      this.#sockets.delete(oldest)
      oldest.destroy()
    }
    this.#sockets.add(socket)
    const release = onlyOnce(() => {
      this.#sockets.delete(socket)
      this.#release(place)
    })
    socket.once('close', release)
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      opened.binaryType = 'nodebuffer'
      onSocket(opened, release)
    })
  }

  #release(place: string): void {
    const count = (this.#waiting.get(place) ?? 0) - 1
    if (count > 0) this.#waiting.set(place, count)
    else this.#waiting.delete(place)
  }
}

function onlyOnce(run: () => void): () => void {
  let done = false
  return () => {
    if (!done) run()
    done = true
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

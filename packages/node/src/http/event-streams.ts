/**
 * The open streams of `/events` (server-sent events, as the HTML standard describes them). A stream reads from the
 * window at the speed of its reader, so nothing piles up for a slow one: it is told `reset` when the window has passed
 * it by, and cut when it takes nothing at all. Either way it resumes by the id of the last event that it got.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SkuKey, StockItem } from '@stockmesh/protocol'
import type { Clock } from './clock.ts'
import type { EventWindow, KeptEvent } from './event-window.ts'
import { eventPingMs, eventsPerWriteMax, eventStreamsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'

export interface EventStreamsParts {
  readonly window: EventWindow
  readonly clock: Clock
  /** Asked at the start and before each sending, so that signing out ends the stream. */
  readonly mayRead: (request: IncomingMessage) => boolean
  /** null while there is nothing to make it from. */
  readonly stockItem: (key: SkuKey) => StockItem | null
}

interface Stream {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The number of the last event that was written. */
  sent: number
  /** The reader's side is full. */
  full: boolean
  /** It was full at the last ping already. */
  stuck: boolean
}

/** How soon a browser comes back by itself, in milliseconds. */
const retryMs = 2_000

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // A proxy that collects the answer before it passes it on would hold back every event.
  'X-Accel-Buffering': 'no',
  // The connection ends with the stream, so that a node that closes waits for nobody.
  Connection: 'close',
}

export class EventStreams {
  readonly #parts: EventStreamsParts
  readonly #streams = new Set<Stream>()
  #cancelPing: (() => void) | null = null
  #leftAt = 0
  #closed = false

  constructor(parts: EventStreamsParts) {
    this.#parts = parts
  }

  get count(): number {
    return this.#streams.size
  }

  /** The number of the newest event when the last reader left: what that reader may ask for begins after it. */
  get leftAt(): number {
    return this.#leftAt
  }

  /** Answers with a stream. Errors: 503 `too-many-streams`, 503 `node-stopping`. */
  open(request: IncomingMessage, response: ServerResponse): void {
    if (this.#closed) throw new ApiFailure(503, 'node-stopping', 'The node is stopping. Try again in a moment.')
    if (this.#streams.size >= eventStreamsMax) {
      const message = `${eventStreamsMax} event streams are open already. Close one, and try again.`
      throw new ApiFailure(503, 'too-many-streams', message, { max: eventStreamsMax })
    }
    response.writeHead(200, headers)
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    const { window } = this.#parts
    const given = request.headers['last-event-id']
    const known = given === undefined ? window.last : window.numberOf(String(given))
    const stream: Stream = { request, response, sent: known ?? window.last, full: false, stuck: false }
    this.#streams.add(stream)
    response.on('drain', () => this.#drain(stream))
    response.on('error', () => response.destroy())
    response.once('close', () => this.#remove(stream))
    this.#cancelPing ??= this.#parts.clock.after(eventPingMs, () => this.#ping())
    // An id without data is kept by the reader, so that it misses nothing even if it is cut before the first event.
    this.#write(stream, `retry: ${retryMs}\nid: ${window.idOf(stream.sent)}\n\n`)
    if (known === null) this.#reset(stream)
    this.#pump(stream)
  }

  /** There are new events. */
  notify(): void {
    for (const stream of this.#streams) this.#pump(stream)
  }

  /** Ends every stream at once. */
  close(): void {
    this.#closed = true
    this.#cancelPing?.()
    for (const stream of this.#streams) this.#end(stream)
  }

  #pump(stream: Stream): void {
    const { window, mayRead } = this.#parts
    if (stream.full || stream.sent === window.last) return
    if (!mayRead(stream.request)) {
      this.#end(stream)
      return
    }
    while (!stream.full && stream.sent < window.last) {
      if (window.hasGap(stream.sent)) {
        this.#reset(stream)
        continue
      }
      const events = window.read(stream.sent, eventsPerWriteMax)
      const text = events.map((event, index) => this.#encode(event, stream.sent + index + 1)).join('')
      stream.sent += events.length
      this.#write(stream, text)
    }
  }

  /** Says that something is missing: whoever reads this reads its lists again, and goes on from here. */
  #reset(stream: Stream): void {
    stream.sent = this.#parts.window.last
    this.#write(stream, encodeEvent('reset', this.#parts.window.idOf(stream.sent), {}))
  }

  #encode(event: KeptEvent, number: number): string {
    const id = this.#parts.window.idOf(number)
    if (event.event !== 'stock') return encodeEvent(event.event, id, event.data)
    const item = this.#parts.stockItem(event.key)
    return item === null ? '' : encodeEvent('stock', id, item)
  }

  #ping(): void {
    for (const stream of this.#streams) {
      if (!this.#parts.mayRead(stream.request)) this.#end(stream)
      else if (!stream.full) this.#write(stream, encodeEvent('ping', this.#parts.window.idOf(stream.sent), {}))
      else if (stream.stuck) stream.response.destroy()
      else stream.stuck = true
    }
    this.#cancelPing = this.#parts.clock.after(eventPingMs, () => this.#ping())
  }

  #drain(stream: Stream): void {
    stream.full = false
    stream.stuck = false
    this.#pump(stream)
  }

  #write(stream: Stream, text: string): void {
    if (!stream.response.write(text)) stream.full = true
  }

  #end({ response }: Stream): void {
    if (response.writableLength > 0) response.destroy()
    else response.end()
  }

  #remove(stream: Stream): void {
    if (!this.#streams.delete(stream) || this.#streams.size > 0) return
    this.#leftAt = this.#parts.window.last
    this.#cancelPing?.()
    this.#cancelPing = null
  }
}

function encodeEvent(event: string, id: string, data: object): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

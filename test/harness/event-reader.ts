/**
 * A reader of `/api/v1/events`: every event that came, with its id, and where the next reader goes on. It can stop
 * reading without closing, and be cut at any moment.
 */
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { eventually, type Patience } from './eventually.ts'

export interface ReadEvent {
  readonly id: string
  readonly event: string
  // Tests read the fields they expect.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any
}

export interface ReaderOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly lastEventId?: string
}

export class EventReader implements Disposable {
  readonly events: ReadEvent[] = []
  readonly response: IncomingMessage
  /** As the standard keeps it: also of a block without data. */
  lastEventId: string
  isClosed = false
  readonly #request: ClientRequest
  #rest = ''

  private constructor(request: ClientRequest, response: IncomingMessage, lastEventId: string) {
    this.#request = request
    this.response = response
    this.lastEventId = lastEventId
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#receive(text))
    response.on('error', () => undefined)
    response.once('close', () => {
      this.isClosed = true
    })
  }

  /** Resolves when the answer has begun, whatever it is. */
  static async open(url: string, { headers, lastEventId }: ReaderOptions): Promise<EventReader> {
    return await new Promise((resolve, reject) => {
      const resumed = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      const request = get(`${url}/api/v1/events`, { headers: { ...headers, ...resumed }, agent: false })
      request.on('error', reject)
      request.once('response', (response) => resolve(new EventReader(request, response, lastEventId ?? '')))
    })
  }

  of(event: string): ReadEvent[] {
    return this.events.filter((one) => one.event === event)
  }

  /** Waits for an event that fits; those that came already count. */
  async until(description: string, fits: (event: ReadEvent) => boolean, patience: Patience = {}): Promise<ReadEvent> {
    return await eventually(description, () => this.events.find(fits), { every: 10, ...patience })
  }

  cut(): void {
    this.#request.destroy()
  }

  [Symbol.dispose](): void {
    this.cut()
  }

  #receive(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) this.#take(block)
  }

  #take(block: string): void {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const [name = '', ...value] = line.split(': ')
      fields.set(name, value.join(': '))
    }
    this.lastEventId = fields.get('id') ?? this.lastEventId
    const data = fields.get('data')
    if (data === undefined) return
    this.events.push({ id: this.lastEventId, event: fields.get('event') ?? 'message', data: JSON.parse(data) })
  }
}

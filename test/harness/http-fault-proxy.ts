/**
 * An HTTP proxy between a node and its shop, with the faults of a shop's own interface: slow, failing, answering with a
 * web page or an empty list, in short pages, or with a request held up before or after the shop saw it. Requests and
 * answers pass whole; everything else about them is the shop's.
 */
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** `error`: 500. `forbidden`: 401, as to a wrong key. `html`: a web page with 200. `empty`: the shop's answer with every list in it emptied. */
type FalseAnswer = 'error' | 'forbidden' | 'html' | 'empty'

interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
}

type Matches = (seen: SeenRequest) => boolean
type Rewrite = (seen: SeenRequest, body: string) => string

interface FalseAnswerOptions {
  readonly matches?: Matches
  /** Whether the shop saw the request first; `empty` implies it. */
  readonly afterPassing?: boolean
}

/** One request that was stopped on its way. */
interface Hold {
  readonly arrived: Promise<SeenRequest>
  /** Lets it go on. */
  release(): void
  /** Ends its connection without an answer. */
  drop(): void
}

interface PendingHold {
  readonly point: 'before' | 'after'
  readonly matches: Matches
  readonly arrive: (seen: SeenRequest) => void
  readonly outcome: Promise<'release' | 'drop'>
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer
}

const everything: Matches = () => true

export class HttpFaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #target: number
  readonly #agent = new Agent({ keepAlive: true })
  #falseAnswer: ({ readonly kind: FalseAnswer } & Required<FalseAnswerOptions>) | null = null
  #slow: { readonly milliseconds: number; readonly matches: Matches } | null = null
  #short: { readonly items: number; readonly matches: Matches } | null = null
  #rewrite: Rewrite | null = null
  #holds: readonly PendingHold[] = []

  private constructor(server: Server, target: number) {
    this.#server = server
    this.#target = target
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy())
    })
  }

  static async open(options: { readonly target: number; readonly port?: number }): Promise<HttpFaultProxy> {
    const server = createServer()
    const proxy = new HttpFaultProxy(server, options.target)
    server.listen(options.port ?? 0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Until healed. */
  answerWith(kind: FalseAnswer, { matches = everything, afterPassing = false }: FalseAnswerOptions = {}): void {
    this.#falseAnswer = { kind, matches, afterPassing }
  }

  /** Each answer comes this much later. */
  delay(milliseconds: number, matches: Matches = everything): void {
    this.#slow = { milliseconds, matches }
  }

  /** The shop is never asked for more than this many rows at once. */
  limitPages(items: number, matches: Matches = everything): void {
    this.#short = { items, matches }
  }

  /** Until healed, every JSON answer with status 200 is what `rewrite` makes of it, as text. */
  rewriteWith(rewrite: Rewrite): void {
    this.#rewrite = rewrite
  }

  /** Stops the next matching request: `before` the shop sees it, or `after`, with the shop's answer still to come. */
  hold(point: 'before' | 'after', matches: Matches = everything): Hold {
    let decide: (outcome: 'release' | 'drop') => void = () => {}
    const outcome = new Promise<'release' | 'drop'>((resolve) => {
      decide = resolve
    })
    const arrived = new Promise<SeenRequest>((arrive) => {
      this.#holds = [...this.#holds, { point, matches, arrive, outcome }]
    })
    return { arrived, release: () => decide('release'), drop: () => decide('drop') }
  }

  /** Takes every fault away except requests that are already held. */
  heal(): void {
    this.#falseAnswer = null
    this.#slow = null
    this.#short = null
    this.#rewrite = null
    this.#holds = []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    this.#agent.destroy()
    await closed
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const seen = { method: incoming.method ?? 'GET', path: incoming.url ?? '/' }
    const body = await readBody(incoming)
    if ((await this.#stop('before', seen)) === 'drop') {
      outgoing.destroy()
      return
    }
    const faulty = this.#falseAnswer !== null && this.#falseAnswer.matches(seen) ? this.#falseAnswer : null
    const passes = faulty === null || faulty.afterPassing || faulty.kind === 'empty'
    const honest = passes ? await this.#ask(incoming, this.#shortened(seen), body, outgoing) : null
    if ((await this.#stop('after', seen)) === 'drop') {
      outgoing.destroy()
      return
    }
    if (this.#slow?.matches(seen) === true) await pause(this.#slow.milliseconds)
    const answer = this.#rewritten(seen, falsify(faulty?.kind ?? null, honest))
    outgoing.writeHead(answer.status, answer.headers)
    outgoing.end(answer.body)
  }

  async #stop(point: 'before' | 'after', seen: SeenRequest): Promise<'release' | 'drop'> {
    const held = this.#holds.find((hold) => hold.point === point && hold.matches(seen))
    if (held === undefined) return 'release'
    this.#holds = this.#holds.filter((hold) => hold !== held)
    held.arrive(seen)
    return held.outcome
  }

  async #ask(incoming: IncomingMessage, path: string, body: Buffer, outgoing: ServerResponse): Promise<Answer> {
    const { 'transfer-encoding': _, connection: __, ...headers } = incoming.headers
    const asked = request({
      host: '127.0.0.1',
      port: this.#target,
      method: incoming.method,
      path,
      agent: this.#agent,
      headers: { ...headers, 'content-length': String(body.length) },
    })
    outgoing.once('close', () => asked.destroy())
    asked.end(body)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await readBody(answer) }
  }

  #rewritten(seen: SeenRequest, answer: Answer): Answer {
    if (this.#rewrite === null || answer.status !== 200) return answer
    return whole({ ...answer, body: Buffer.from(this.#rewrite(seen, answer.body.toString('utf8'))) })
  }

  #shortened(seen: SeenRequest): string {
    const short = this.#short
    if (short?.matches(seen) !== true) return seen.path
    return seen.path.replace(/([?&]limit=)(\d+)/, (_, name: string, limit: string) => {
      return `${name}${Math.min(Number(limit), short.items)}`
    })
  }
}

function falsify(kind: FalseAnswer | null, honest: Answer | null): Answer {
  if (kind === 'error') return text(500, 'text/plain', 'Internal Server Error')
  if (kind === 'forbidden') return text(401, 'application/json', '{"error":{"code":"login-needed"}}')
  if (kind === 'html') return text(200, 'text/html', '<!doctype html><title>Shop</title><h1>Maintenance</h1>')
  if (honest === null) throw new Error('An answer that passes comes from the shop.')
  return kind === 'empty' ? emptied(honest) : whole(honest)
}

function text(status: number, type: string, body: string): Answer {
  return { status, headers: { 'content-type': type }, body: Buffer.from(body) }
}

/** Lists become [], a total 0, and a cursor null; what is not JSON stays as it is. */
function emptied(answer: Answer): Answer {
  let body: unknown
  try {
    body = JSON.parse(answer.body.toString('utf8'))
  } catch {
    return whole(answer)
  }
  if (Array.isArray(body)) return json(answer, [])
  if (typeof body !== 'object' || body === null) return whole(answer)
  const fields = Object.entries(body).map(([name, value]): [string, unknown] => {
    if (Array.isArray(value)) return [name, []]
    if (name === 'next') return [name, null]
    if (name === 'total') return [name, 0]
    return [name, value]
  })
  return json(answer, Object.fromEntries(fields))
}

function json(answer: Answer, body: unknown): Answer {
  return whole({ ...answer, body: Buffer.from(JSON.stringify(body)) })
}

/** The answer with the length of its body instead of how it came in. */
function whole({ status, headers, body }: Answer): Answer {
  const { 'transfer-encoding': _, 'content-length': __, connection: ___, ...rest } = headers
  return { status, headers: { ...rest, 'content-length': String(body.length) }, body }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/**
 * Where alerts arrive in tests: a webhook and a mail server on loopback that keep what they are sent.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

interface ReceivedPost {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export class WebhookSink implements AsyncDisposable {
  readonly received: ReceivedPost[] = []
  /** What it answers with; anything but 2xx is a refusal. */
  status = 204
  location: string | null = null
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
        response.writeHead(this.status, this.location === null ? {} : { location: this.location }).end('thanks')
      })
    })
  }

  static async open(port = 0): Promise<WebhookSink> {
    const server = createServer()
    const sink = new WebhookSink(server)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return sink
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts?shop=1`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the line: headers, then the text. */
  readonly source: string
}

export class MailSink implements AsyncDisposable {
  readonly received: ReceivedMail[] = []
  readonly #server: SMTPServer
  readonly #port: number

  private constructor(server: SMTPServer, port: number, received: ReceivedMail[]) {
    this.#server = server
    this.#port = port
    this.received = received
  }

  /** Takes mail from this user alone. */
  static async open(user: string, password: string): Promise<MailSink> {
    const received: ReceivedMail[] = []
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (given, _session, callback) => {
        const isRight = given.username === user && given.password === password
        callback(isRight ? null : new Error('535 wrong'), isRight ? { user } : undefined)
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          const from = mailFrom === false ? '' : mailFrom.address
          received.push({
            from,
            to: rcptTo.map(({ address }) => address),
            source: Buffer.concat(chunks).toString('utf8'),
          })
          callback()
        })
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new MailSink(server, (server.server.address() as AddressInfo).port, received)
  }

  url(user: string, password: string): string {
    return `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${this.#port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve))
  }
}

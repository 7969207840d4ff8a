/**
 * Calls of one HTTP server, as requests over at most sixteen connections that are kept, and as bytes that need not
 * be any. Whatever else than an answer comes is thrown.
 */
import { Agent, request } from 'node:http'
import { connect } from 'node:net'

export interface HttpCall {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

const connectionsMax = 16
const answerMsMax = 30_000

/** The head as it stands on the line, without what only the connection needs. */
export function headOf({ method, path, headers, body }: HttpCall): string {
  const all = { host: 'node', ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}

export class HttpCaller {
  readonly #host: string
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })

  /** `address`: of a server on this machine, as host:port. */
  constructor(address: string) {
    const { hostname, port } = new URL(`http://${address}`)
    this.#host = hostname
    this.#port = Number(port)
  }

  /** A server may close a connection that was kept in the moment in which a call is sent over it; a new one tells. */
  async call(call: HttpCall): Promise<HttpAnswer> {
    try {
      return await this.#request(call, this.#agent)
    } catch (error) {
      if ((error as { readonly onKept?: boolean }).onKept !== true) throw error
      return await this.#request(call, new Agent({ keepAlive: false }))
    }
  }

  /** Sends the bytes and no more of them, and reads until the connection ends; null when nothing was answered. */
  async send(bytes: Uint8Array): Promise<HttpAnswer | null> {
    const received = await new Promise<string>((resolve, reject) => {
      const socket = connect(this.#port, this.#host)
      let text = ''
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk
      })
      socket.setTimeout(answerMsMax, () => socket.destroy(new Error(`nothing for ${answerMsMax} ms after ${text}`)))
      // The node may close while we still write; what it said before stands.
      socket.on('error', (error: NodeJS.ErrnoException) => error.code === undefined && reject(error))
      socket.once('close', () => resolve(text))
      socket.end(bytes)
    })
    if (received === '') return null
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1])
    if (Number.isNaN(status)) throw new Error(`this is no answer: ${received}`)
    return { status, text: received }
  }

  close(): void {
    this.#agent.destroy()
  }

  #request({ method, path, headers, body }: HttpCall, agent: Agent): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === null ? {} : { 'content-length': String(body.length) }
      const all = { ...headers, ...length }
      const asked = request({ host: this.#host, port: this.#port, method, path, headers: all, agent })
      const fail = (error: Error): void =>
        reject(Object.assign(error, { onKept: isClosed(error) && asked.reusedSocket }))
      asked.setTimeout(answerMsMax, () => asked.destroy(new Error(`no answer for ${answerMsMax} ms`)))
      asked.once('error', fail)
      asked.once('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.once('error', reject)
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      asked.end(body ?? undefined)
    })
  }
}

function isClosed(error: Error): boolean {
  return ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')
}

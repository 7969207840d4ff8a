/**
 * What never becomes a request, because it is not HTTP, names no host, has a head over the limit or takes too long to
 * arrive, is told so like everything else: in JSON, with a code. Then the connection is closed.
 */
import { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiError } from '@stockmesh/protocol'
import { ApiFailure } from './node-api.ts'

/** To be given to a server that does not refuse a request without a host by itself. */
export function refuseMalformed(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => answering.set(request.socket, response))
  // What somebody expects beside an answer (RFC 9110, 10.1.1) changes none; left alone it would be refused without a word.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const begun = answering.get(socket)
    // In the middle of an answer another one would be read as its rest.
    if (error.code === 'ECONNRESET' || !socket.writable || (begun?.headersSent === true && !begun.writableFinished)) {
      socket.destroy()
      return
    }
    const { status, text } = encode(failureOf(error.code))
    const headers = Object.entries({ Connection: 'close', ...headersOf(text) }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', text].join('\r\n'))
  })
}

export function withHost(app: RequestListener): RequestListener {
  return (request, response) => {
    if (request.headers.host !== undefined || request.httpVersion === '1.0') {
      app(request, response)
      return
    }
    const { status, text } = encode(failureOf(undefined))
    response.writeHead(status, { Connection: 'close', ...headersOf(text) }).end(text)
  }
}

function failureOf(code: string | undefined): ApiFailure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ApiFailure(431, 'head-too-large', 'The address and the headers are too long. Send less in them.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ApiFailure(408, 'request-timeout', 'The request did not arrive in time. Send it again.')
  }
  return new ApiFailure(400, 'request-malformed', 'This is not a request in HTTP. Check what is sent to this port.')
}

function headersOf(text: string): Readonly<Record<string, string>> {
  return { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': String(Buffer.byteLength(text)) }
}

function encode({ status, code, message, details }: ApiFailure): { readonly status: number; readonly text: string } {
  return { status, text: JSON.stringify({ error: { code, message, details } } satisfies ApiError) }
}

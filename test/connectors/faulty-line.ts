/**
 * An HTTP line between a connector and its shop on which the next call of a kind goes wrong in one named way, once.
 * Requests and answers pass whole. For shops behind HTTP that have no better way to break.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault, FaultyCall } from './shop-under-test.ts'

interface FaultyLine extends AsyncDisposable {
  readonly url: string
  breakNext(fault: Fault, call: FaultyCall): void
}

type Classify = (call: { readonly method: string; readonly url: string }) => FaultyCall | null

/** `classify` says which requests read stock and which write it; `before` runs before each of them is passed on. */
export async function openFaultyLine(
  target: string,
  classify: Classify,
  before: (call: FaultyCall | null) => Promise<void> = () => Promise.resolve(),
): Promise<FaultyLine> {
  const broken = new Map<FaultyCall, Fault>()
  const server = createServer((incoming, outgoing) => {
    const call = classify({ method: incoming.method ?? '', url: incoming.url ?? '' })
    const fault = call === null ? undefined : broken.get(call)
    if (call !== null) broken.delete(call)
    before(call)
      .then(() => pass(target, incoming, outgoing, fault ?? null))
      .catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakNext: (fault, call) => void broken.set(call, fault),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | null) {
  if (fault === 'lost-question') return void outgoing.destroy()
  if (fault === 'throttled') return void outgoing.writeHead(429, { 'retry-after': '0' }).end('{}')
  if (fault === 'server-error') return void outgoing.writeHead(503).end('<h1>503</h1>')
  if (fault === 'token-expired') return void outgoing.writeHead(401).end('{}')
  if (fault === 'html') return void outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Vedligehold</h1>')
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const stop = new AbortController()
  outgoing.once('close', () => stop.abort())
  const answer = await fetch(new URL(incoming.url ?? '/', target), {
    method: incoming.method ?? 'GET',
    headers: [...headersOf(incoming), ['x-forwarded-host', incoming.headers.host ?? '']],
    body: chunks.length === 0 ? null : Buffer.concat(chunks),
    signal: stop.signal,
  })
  const body = await answer.text()
  if (fault === 'lost-answer') return void outgoing.destroy()
  // What the body's form on the line was is not what it is now.
  const kept = [...answer.headers].filter(
    ([name]) => !['content-length', 'content-encoding', 'transfer-encoding', 'connection'].includes(name),
  )
  outgoing.writeHead(answer.status, Object.fromEntries(kept))
  outgoing.end(fault === 'empty-list' ? body.replace(/"(items|rows)":\[.*\]/s, '"$1":[]') : body)
}

/** All but those that belong to the one connection. */
function headersOf({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value !== 'string' || ['host', 'connection', 'content-length'].includes(name) ? [] : [[name, value]],
  )
}

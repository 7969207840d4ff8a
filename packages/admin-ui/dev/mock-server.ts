/**
 * Serves the built pages with canned answers, for looking at them: `npm run mock -w @stockmesh/admin-ui`.
 * `/mock?scenario=busy&language=da` chooses what the node is to say; loopback only, and nothing here is a node.
 */
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { extname } from 'node:path'
import { WebSocketServer } from 'ws'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { Doc } from 'yjs'
import {
  adminLog,
  catalogueHealth,
  connector,
  connectorTrial,
  pause,
  platforms,
  resumePreview,
  settings,
  tokens,
  viewerPassword,
  stockChange,
} from './mock-answers.ts'
import { type Scenario, detailOf, liveState, movementLog, problems, requests, scenarios, stock } from './mock-data.ts'
import { activity, course, oversold } from './mock-views.ts'
import { answerShop } from './mock-shop.ts'

const port = Number(process.env['PORT'] ?? 7490)
const dist = new URL('../dist/', import.meta.url)
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const pages: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/shop': 'shop.html',
  '/shop/': 'shop.html',
  '/shop/admin': 'shop-admin.html',
}

let scenario: Scenario = 'calm'
let language: string = 'da'
let version = 1

function listOf(items: readonly unknown[], url: URL): unknown {
  const start = Number(url.searchParams.get('after') ?? 0)
  const limit = Number(url.searchParams.get('limit') ?? 100)
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null, total: items.length }
}

function answerGet(url: URL): unknown {
  const live = liveState(scenario, version)
  const path = url.pathname.replace('/api/v1', '')
  const [, , sku = '', movements] = path.split('/')
  const item = stock.find((one) => one.sku === decodeURIComponent(sku))
  if (path.startsWith('/stock/') && movements === 'course') {
    return course()
  }
  if (path.startsWith('/stock/') && item !== undefined) {
    return movements === undefined ? detailOf(item) : listOf(movementLog().slice(0, 45), url)
  }
  const state = scenario === 'setup' || scenario === 'signed-out' ? scenario : 'signed-in'
  const q = url.searchParams.get('q')?.toLowerCase() ?? ''
  const wanted = url.searchParams.get('state')
  const isBusy = scenario === 'busy'
  const answers: Readonly<Record<string, () => unknown>> = {
    '/session': () => ({
      state,
      role: null,
      hasPassword: state !== 'setup',
      name: state === 'setup' ? null : 'Butik Danmark',
      language,
    }),
    '/status': () => live.status,
    '/oversold': () => listOf(isBusy ? oversold() : [], url),
    '/activity': activity,
    '/join': () => live.join,
    '/import': () => live.import,
    '/import/failed': () =>
      listOf([{ sku: 'VN-1', name: 'Vare', productId: '1', code: 'fraction', message: '2.5 is not whole.' }], url),
    '/join-requests': () => listOf(isBusy ? requests : [], url),
    '/log': () => listOf(scenario === 'new' ? [] : movementLog(), url),
    '/problems': () => listOf(isBusy ? problems : [], url),
    '/settings': () => settings,
    '/admin-log': () => adminLog,
    '/tokens': () => tokens,
    '/viewer-password': () => viewerPassword,
    '/platforms': () => platforms,
    '/connector': () => connector,
    '/connector/health': () => catalogueHealth,
    '/pause': () => pause,
    '/resume/preview': () => resumePreview,
    '/stock': () =>
      listOf(
        stock.filter(
          (one) => `${one.sku} ${one.name}`.toLowerCase().includes(q) && (wanted === null || one.state === wanted),
        ),
        url,
      ),
  }
  return path.startsWith('/problems/') ? listOf(stock.slice(0, 20), url) : answers[path]?.()
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
  )
  if (url.pathname === '/mock') {
    scenario = scenarios.find((one) => one === url.searchParams.get('scenario')) ?? scenario
    language = url.searchParams.get('language') ?? language
    sendLive()
    response.end('ok')
    return
  }
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/shop/v1/')) {
    const body = await readBody(request)
    const isShop = url.pathname.startsWith('/shop/')
    const given = isShop ? answerShop(request.method ?? 'GET', url, body) : answerApi(request.method ?? 'GET', url)
    response.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(given.body))
    return
  }
  if (url.pathname === '/shop/session') {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ state: 'at-node', name: 'Butik Danmark' }))
    return
  }
  const file = pages[url.pathname] ?? (/^\/assets\/[\w.-]+$/.test(url.pathname) ? url.pathname.slice(1) : null)
  if (file === null) {
    response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(notFound))
    return
  }
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
  response.end(await readFile(new URL(file, dist)))
}

const notFound = { error: { code: 'not-found', message: 'There is nothing here.', details: {} } }

function answerApi(method: string, url: URL): { status: number; body: unknown } {
  const body = method === 'GET' ? answerGet(url) : answerChange(url)
  return body === undefined ? { status: 404, body: notFound } : { status: 200, body }
}

/** Nothing is changed here; the answers have the shape that the pages read. */
function answerChange(url: URL): unknown {
  if (url.pathname.endsWith('/settings')) {
    return settings
  }
  if (url.pathname.endsWith('/connector/test')) {
    return connectorTrial
  }
  if (url.pathname.endsWith('/connector')) {
    return connector
  }
  return /\/(count|received)$/.test(url.pathname) ? stockChange : {}
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
  }
  const written = Buffer.concat(chunks).toString('utf8')
  return written === '' ? {} : (JSON.parse(written) as Record<string, unknown>)
}

const doc = new Doc()
const awareness = new Awareness(doc)
const sockets = new WebSocketServer({ noServer: true })
const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    response.writeHead(500).end()
  })
})

function liveMessage(): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, 1)
  writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [doc.clientID]))
  return toUint8Array(encoder)
}

function sendLive(): void {
  awareness.setLocalState({ node: liveState(scenario, version) })
  for (const socket of sockets.clients) {
    socket.send(liveMessage())
  }
}

server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (page) => {
    page.send(liveMessage())
    page.on('message', (data: Buffer) => page.send(data))
  })
})

/** A sale now and then, so that something moves. */
setInterval(() => {
  version += 1
  const item = stock[version % 20]
  if (item !== undefined && item.level !== null && item.level > 0) {
    stock[version % 20] = { ...item, level: item.level - 1, shown: item.level - 1, updatedAt: new Date().toISOString() }
  }
  sendLive()
}, 3000)

sendLive()
server.listen(port, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${port}/ and /mock?scenario=${scenarios.join('|')}`),
)

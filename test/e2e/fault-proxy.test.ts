/**
 * The fault proxies themselves: each fault does to a connection what its name says, and a healed proxy carries
 * everything again.
 */
import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { identifyDialer, unnamedDialer } from '../harness/dialer.ts'
import { eventually } from '../harness/eventually.ts'
import { FaultProxy } from '../harness/fault-proxy.ts'
import { HttpFaultProxy } from '../harness/http-fault-proxy.ts'

/** A server that sends back what it gets and counts what came. */
class Echo implements AsyncDisposable {
  readonly #server: Server
  readonly sockets: Socket[] = []
  received = ''

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.sockets.push(socket)
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        this.received += bytes.toString()
        socket.write(bytes)
      })
    })
  }

  static async open(): Promise<Echo> {
    const server = createServer()
    const echo = new Echo(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return echo
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** A dialer that keeps what came back and how its connection ended. */
class Dialer {
  readonly socket: Socket
  received = ''
  end: 'open' | 'ended' | 'reset' = 'open'

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (bytes) => {
      this.received += bytes.toString()
    })
    this.socket.on('error', () => {
      this.end = 'reset'
    })
    this.socket.on('end', () => {
      this.end = 'ended'
    })
  }

  async hears(text: string): Promise<void> {
    await eventually(`"${text}" came back`, () => this.received === text, { deadlineMs: 5_000, every: 5 })
  }

  async isReset(): Promise<void> {
    await eventually('the connection was reset', () => this.end === 'reset', { deadlineMs: 5_000, every: 5 })
  }
}

describe('a fault proxy on TCP', () => {
  let echo: Echo
  let proxy: FaultProxy
  const dialers: Dialer[] = []

  function dial(): Dialer {
    const dialer = new Dialer(proxy.port)
    dialers.push(dialer)
    return dialer
  }

  /** A byte through a second proxy without faults: what was written before it has had its time. */
  async function roundTrip(): Promise<void> {
    await using clear = await FaultProxy.open({ target: echo.port })
    const dialer = new Dialer(clear.port)
    const before = echo.received.length
    dialer.socket.write('.')
    await dialer.hears('.')
    echo.received = echo.received.slice(0, before) + echo.received.slice(before + 1)
    dialer.socket.destroy()
  }

  beforeEach(async () => {
    echo = await Echo.open()
    proxy = await FaultProxy.open({ target: echo.port })
  })

  afterEach(async () => {
    for (const { socket } of dialers.splice(0)) socket.destroy()
    await proxy[Symbol.asyncDispose]()
    await echo[Symbol.asyncDispose]()
  })

  test('without faults bytes pass both ways, and an end stays an end', async () => {
    const dialer = dial()
    dialer.socket.write('hello')
    await dialer.hears('hello')
    echo.sockets[0]!.end()
    await eventually('the end came through', () => dialer.end === 'ended')
  })

  test('ten megabytes pass in order and whole', async () => {
    const dialer = dial()
    const block = 'abcdefghij'.repeat(100_000)
    for (let index = 0; index < 10; index += 1) dialer.socket.write(block)
    await eventually('all of it came back', () => dialer.received.length === 10 * block.length)
    expect(dialer.received).toBe(block.repeat(10))
  })

  test('a cut swallows bytes and closes nothing; healed, the connection that lost some is reset', async () => {
    const dialer = dial()
    dialer.socket.write('one')
    await dialer.hears('one')
    proxy.cut()
    dialer.socket.write('two')
    await roundTrip()
    expect(echo.received).toBe('one')
    expect(dialer.end).toBe('open')
    proxy.heal()
    await dialer.isReset()
    const next = dial()
    next.socket.write('three')
    await next.hears('three')
    expect(echo.received).toBe('onethree')
  })

  test('a connection that lost nothing during a cut goes on after it', async () => {
    const dialer = dial()
    dialer.socket.write('one')
    await dialer.hears('one')
    proxy.cut()
    proxy.heal()
    dialer.socket.write('two')
    await dialer.hears('onetwo')
  })

  test('a connection made during a cut never reaches the target and is reset when healed', async () => {
    proxy.cut()
    const dialer = dial()
    await once(dialer.socket, 'connect')
    dialer.socket.write('lost')
    await roundTrip()
    expect(echo.received).toBe('')
    expect(echo.sockets).toHaveLength(1)
    expect(dialer.end).toBe('open')
    proxy.heal()
    await dialer.isReset()
  })

  test('a target that dies behind a cut is not noticed until the cut is healed', async () => {
    const dialer = dial()
    dialer.socket.write('one')
    await dialer.hears('one')
    proxy.cut()
    echo.sockets[0]!.resetAndDestroy()
    await roundTrip()
    expect(dialer.end).toBe('open')
    proxy.heal()
    await dialer.isReset()
  })

  test('cut one way, requests arrive and answers do not', async () => {
    const dialer = dial()
    dialer.socket.write('one')
    await dialer.hears('one')
    proxy.cut({ direction: 'out' })
    dialer.socket.write('two')
    await eventually('the request arrived', () => echo.received === 'onetwo')
    expect(dialer.received).toBe('one')
    expect(dialer.end).toBe('open')
  })

  test('a delay keeps the order and holds every byte back', async () => {
    proxy.delay(60)
    const dialer = dial()
    const from = performance.now()
    dialer.socket.write('one')
    await eventually('the first arrived', () => echo.received === 'one', { every: 5 })
    dialer.socket.write('two')
    await dialer.hears('onetwo')
    expect(performance.now() - from).toBeGreaterThanOrEqual(115)
  })

  test('a connection is reset after the n-th byte, with the bytes before it delivered', async () => {
    const happened = proxy.resetAfter(4)
    const dialer = dial()
    dialer.socket.write('abcdefgh')
    await happened
    await dialer.isReset()
    await eventually('the first four arrived', () => echo.received === 'abcd')
    const next = dial()
    next.socket.write('again')
    await next.hears('again')
  })

  test('a lost answer: the request arrives once, the dialer sees a reset and no answer', async () => {
    const dialer = dial()
    dialer.socket.write('one')
    await dialer.hears('one')
    const happened = proxy.loseAnswer()
    dialer.socket.write('two')
    await happened
    await dialer.isReset()
    expect(echo.received).toBe('onetwo')
    expect(dialer.received).toBe('one')
  })
})

describe('a fault proxy between two nodes', () => {
  let server: WebSocketServer
  let proxy: FaultProxy
  let heard: string[]
  const sockets: WebSocket[] = []

  beforeEach(async () => {
    heard = []
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/sync/v1' })
    await once(server, 'listening')
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (bytes: Buffer) => {
        heard.push(bytes.toString())
        socket.send(bytes)
      })
    })
    proxy = await FaultProxy.open({ target: (server.address() as AddressInfo).port, identify: identifyDialer })
  })

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate()
    for (const socket of server.clients) socket.terminate()
    await proxy[Symbol.asyncDispose]()
    server.close()
    await once(server, 'close')
  })

  /** Opens a connection of somebody who names himself; `answered` resolves when the server's first message came back. */
  async function dial(name: string): Promise<{ readonly socket: WebSocket; readonly answered: Promise<unknown> }> {
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/sync/v1`, { headers: { 'x-dialer': name } })
    sockets.push(socket)
    socket.on('error', () => {})
    const answered = once(socket, 'message')
    answered.catch(() => {})
    // Behind a cut line nothing opens.
    socket.once('open', () => socket.send('hello'))
    await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => {})
    return { socket, answered }
  }

  test('the dialer is known by the name in its request', async () => {
    await (await dial('A')).answered
    expect(proxy.dialers).toEqual(['A'])
  })

  test('a cut for one dialer leaves the other one alone, on open and on new connections', async () => {
    const a = await dial('A')
    const b = await dial('B')
    await Promise.all([a.answered, b.answered])
    proxy.cut({ dialer: 'A' })
    const echoed = once(b.socket, 'message')
    a.socket.send('from a')
    b.socket.send('from b')
    await echoed
    const late = dial('A')
    await (await dial('B')).answered
    expect(heard).toEqual(['hello', 'hello', 'from b', 'hello'])
    expect(a.socket.readyState).toBe(WebSocket.OPEN)
    const closed = once(a.socket, 'close')
    proxy.heal({ dialer: 'A' })
    await closed
    await late
    await (await dial('A')).answered
    expect(heard).toHaveLength(5)
    expect(b.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('a request that comes byte by byte is known as well, and one without a name is called so', () => {
    const bytes = Buffer.from('GET /sync/v1 HTTP/1.1\r\nx-dialer: A\r\nUpgrade: websocket\r\n\r\n')
    for (let length = 0; length < bytes.length; length += 1) {
      expect(identifyDialer(bytes.subarray(0, length))).toEqual({ state: 'unknown', mayPass: 0 })
    }
    expect(identifyDialer(bytes)).toEqual({ state: 'known', dialer: 'A' })
    const nameless = Buffer.from('GET /sync/v1 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n')
    expect(identifyDialer(nameless)).toEqual({ state: 'known', dialer: unnamedDialer })
    const page = Buffer.from('GET /api/v1/status HTTP/1.1\r\n\r\n')
    expect(identifyDialer(page)).toEqual({ state: 'known', dialer: null })
  })
})

describe('a fault proxy on HTTP', () => {
  let shop: HttpServer
  let proxy: HttpFaultProxy
  let asked: string[]

  beforeEach(async () => {
    asked = []
    shop = createHttpServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url}`)
      outgoing.setHeader('content-type', 'application/json')
      outgoing.end(JSON.stringify({ items: [1, 2, 3], next: 'c', total: 3, epoch: 'e' }))
    })
    shop.listen(0, '127.0.0.1')
    await once(shop, 'listening')
    proxy = await HttpFaultProxy.open({ target: (shop.address() as AddressInfo).port })
  })

  afterEach(async () => {
    await proxy[Symbol.asyncDispose]()
    shop.close()
    shop.closeAllConnections()
    await once(shop, 'close')
  })

  test("without faults the answer is the shop's own", async () => {
    const answer = await fetch(`${proxy.url}/list?limit=500`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ items: [1, 2, 3], next: 'c', total: 3, epoch: 'e' })
    expect(asked).toEqual(['GET /list?limit=500'])
  })

  test('errors and web pages come without the shop being asked, until healed', async () => {
    proxy.answerWith('error')
    expect((await fetch(`${proxy.url}/list`)).status).toBe(500)
    proxy.answerWith('html')
    const page = await fetch(`${proxy.url}/list`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<!doctype html>')
    expect(asked).toEqual([])
    proxy.heal()
    expect((await fetch(`${proxy.url}/list`)).status).toBe(200)
  })

  test('an error after passing: the shop did it and the node hears of a failure', async () => {
    proxy.answerWith('error', { afterPassing: true, matches: ({ method }) => method === 'POST' })
    expect((await fetch(`${proxy.url}/adjust`, { method: 'POST', body: '{}' })).status).toBe(500)
    expect((await fetch(`${proxy.url}/list`)).status).toBe(200)
    expect(asked).toEqual(['POST /adjust', 'GET /list'])
  })

  test("an empty list is the shop's answer with nothing in it", async () => {
    proxy.answerWith('empty')
    expect(await (await fetch(`${proxy.url}/list`)).json()).toEqual({ items: [], next: null, total: 0, epoch: 'e' })
  })

  test('pages are shortened and never made longer', async () => {
    proxy.limitPages(50)
    await fetch(`${proxy.url}/list?after=x&limit=500`)
    await fetch(`${proxy.url}/list?limit=20`)
    expect(asked).toEqual(['GET /list?after=x&limit=50', 'GET /list?limit=20'])
  })

  test('a request held before the shop has not been seen there; released, it goes on', async () => {
    const hold = proxy.hold('before')
    const answer = fetch(`${proxy.url}/adjust`, { method: 'POST', body: '{}' })
    expect(await hold.arrived).toEqual({ method: 'POST', path: '/adjust' })
    expect(asked).toEqual([])
    hold.release()
    expect((await answer).status).toBe(200)
    expect(asked).toEqual(['POST /adjust'])
  })

  test('a request held after the shop was done there; dropped, its answer never comes', async () => {
    const hold = proxy.hold('after', ({ path }) => path === '/adjust')
    expect((await fetch(`${proxy.url}/list`)).status).toBe(200)
    const answer = fetch(`${proxy.url}/adjust`, { method: 'POST', body: '{}' })
    await hold.arrived
    expect(asked).toEqual(['GET /list', 'POST /adjust'])
    hold.drop()
    await expect(answer).rejects.toThrow('fetch failed')
  })

  test('a delay holds each answer back', async () => {
    proxy.delay(80)
    const from = performance.now()
    await fetch(`${proxy.url}/list`)
    expect(performance.now() - from).toBeGreaterThanOrEqual(75)
  })
})

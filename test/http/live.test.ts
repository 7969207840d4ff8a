/**
 * The admin pages' live channel with the real y-websocket client: what a page sees, what it cannot do, and that
 * nothing stays behind when it goes.
 */
import type { LiveState } from '@stockmesh/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import { Doc } from 'yjs'
import { openRunningApp, type RunningApp } from './running-app.ts'

let app: RunningApp
let signedIn: Record<string, string>
const pages: Page[] = []

beforeEach(async () => {
  app = await openRunningApp()
  signedIn = await app.signIn()
})
afterEach(async () => {
  for (const page of pages.splice(0)) page.close()
  await app[Symbol.asyncDispose]()
})

/** A browser page: its own copy of the document, and a socket that sends the given headers. */
class Page {
  readonly document = new Doc()
  readonly provider: WebsocketProvider
  readonly closed: Promise<number>
  /** The time of each state of the node, by the manual clock. */
  readonly heard: LiveState[] = []

  constructor(headers: Record<string, string>) {
    class Socket extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers })
      }
    }
    this.provider = new WebsocketProvider(`${app.url.replace('http', 'ws')}/live`, 'v1/any-room', this.document, {
      WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    })
    this.closed = new Promise((resolve) => this.provider.on('closed', ({ code }) => resolve(code)))
    this.provider.awareness.on('update', () => {
      const state = this.node
      if (state !== undefined && this.heard.at(-1) !== state) this.heard.push(state)
    })
    pages.push(this)
  }

  get node(): LiveState | undefined {
    return [...this.provider.awareness.getStates().values()].find((state) => 'node' in state)?.['node']
  }

  async synced(): Promise<this> {
    await expect.poll(() => this.provider.synced, { timeout: 10_000 }).toBe(true)
    return this
  }

  close(): void {
    this.provider.destroy()
    this.document.destroy()
  }
}

function stateWith(stock: number): LiveState {
  const { node } = app
  const versions = { stock, log: 0, problems: 0, requests: 0 }
  return { status: node.status(), join: node.joinState(), import: node.importState(), versions }
}

test('a signed-in page gets the network document and every change of it', async () => {
  app.document.getMap('records').set('one', 1)
  const page = await new Page(signedIn).synced()
  expect(page.document.getMap('records').toJSON()).toEqual({ one: 1 })
  app.document.getMap('records').set('two', 2)
  await expect.poll(() => page.document.getMap('records').toJSON()).toEqual({ one: 1, two: 2 })
})

test('a page cannot change the document: not the node’s, not another page’s', async () => {
  const [page, other] = [await new Page(signedIn).synced(), await new Page(signedIn).synced()]
  page.document.getMap('records').set('forged', true)
  app.document.getMap('records').set('real', true)
  await expect.poll(() => other.document.getMap('records').toJSON()).toEqual({ real: true })
  expect(app.document.getMap('records').toJSON()).toEqual({ real: true })
})

test('a page sees the newest state also after the document writes under another name', async () => {
  app.live.setState(stateWith(1))
  const page = await new Page(signedIn).synced()
  await expect.poll(() => page.node?.versions.stock).toBe(1)
  // Yjs takes another one when somebody else has written under it.
  app.document.clientID += 1
  app.clock.advance(200)
  app.live.setState(stateWith(2))
  await expect.poll(() => page.node?.versions.stock).toBe(2)
})

test('pages see the node’s state and nothing of each other', async () => {
  app.live.setState(stateWith(1))
  const page = await new Page(signedIn).synced()
  const other = await new Page(signedIn).synced()
  await expect.poll(() => other.node).toEqual(stateWith(1))
  page.provider.awareness.setLocalState({ secret: 'draft' })
  app.live.setState(stateWith(2))
  await expect.poll(() => other.node?.versions.stock).toBe(2)
  expect(JSON.stringify([...other.provider.awareness.getStates().values()])).not.toContain('draft')
})

test('the state is sent at most five times a second, and the last one always', async () => {
  const page = await new Page(signedIn).synced()
  for (let version = 1; version <= 50; version += 1) app.live.setState(stateWith(version))
  await expect.poll(() => page.node?.versions.stock).toBe(1)
  app.clock.advance(199)
  app.document.getMap('marker').set('after', 199)
  await expect.poll(() => page.document.getMap('marker').get('after')).toBe(199)
  expect(page.node?.versions.stock).toBe(1)
  app.clock.advance(1)
  await expect.poll(() => page.node?.versions.stock).toBe(50)
  expect(page.heard.map((state) => state.versions.stock)).toEqual([1, 50])
})

test('the state is renewed every 15 s, and a page hears its own state again: both keep the client content', async () => {
  const page = await new Page(signedIn).synced()
  app.live.setState(stateWith(1))
  await expect.poll(() => page.node?.versions.stock).toBe(1)
  const clockOf = (): number | undefined => page.provider.awareness.meta.get(app.document.clientID)?.clock
  const before = clockOf() ?? 0
  app.clock.advance(15_000)
  await expect.poll(clockOf).toBeGreaterThan(before)
  page.provider.wsLastMessageReceived = 0
  page.provider.awareness.setLocalState({ here: true })
  await expect.poll(() => page.provider.wsLastMessageReceived).toBeGreaterThan(0)
})

test('after a reconnect the page sees the state again', async () => {
  app.live.setState(stateWith(1))
  const page = await new Page(signedIn).synced()
  await expect.poll(() => page.node?.versions.stock).toBe(1)
  page.provider.disconnect()
  expect(page.node).toBeUndefined()
  page.provider.connect()
  await expect.poll(() => page.node?.versions.stock).toBe(1)
})

test.each([
  ['without a session', () => ({ origin: app.url })],
  ['with another origin', () => ({ ...signedIn, origin: 'http://evil.example' })],
  ['without an origin', () => ({ cookie: signedIn['cookie'] ?? '' })],
])('%s the page is told 4401, gets nothing, and does not come back', async (_who, headers) => {
  app.document.getMap('records').set('one', 1)
  app.live.setState(stateWith(1))
  const page = new Page(headers())
  expect(await page.closed).toBe(4401)
  expect(page.document.getMap('records').toJSON()).toEqual({})
  expect(page.node).toBeUndefined()
  expect(page.provider.shouldConnect).toBe(false)
})

test('signing out ends the channel', async () => {
  const page = await new Page(signedIn).synced()
  await app.call('DELETE', '/api/v1/session', undefined, signedIn)
  app.live.setState(stateWith(9))
  expect(await page.closed).toBe(4401)
  expect(page.node).toBeUndefined()
})

test('what is not the protocol closes the socket and nothing else', async () => {
  const page = await new Page(signedIn).synced()
  for (const message of [new Uint8Array([0, 0, 255, 255, 255]), new Uint8Array([1]), 'text', new Uint8Array(300_000)]) {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/live/v1/x`, { headers: signedIn })
    const code = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.once('open', () => socket.send(message))
    expect([4400, 1009]).toContain(await code)
  }
  app.document.getMap('records').set('still', 'here')
  await expect.poll(() => page.document.getMap('records').get('still')).toBe('here')
})

test('a page that stopped answering is dropped, and nothing is left of pages that went', async () => {
  const page = await new Page(signedIn).synced()
  const silent = new WebSocket(`${app.url.replace('http', 'ws')}/live/v1`, { headers: signedIn, autoPong: false })
  const gone = new Promise((resolve) => silent.once('close', resolve))
  await expect.poll(() => app.live.pages).toBe(2)
  app.clock.advance(15_000)
  app.document.getMap('marker').set('first', true)
  await expect.poll(() => page.document.getMap('marker').get('first')).toBe(true)
  page.provider.awareness.setLocalState({ still: 'here' })
  page.provider.wsLastMessageReceived = 0
  await expect.poll(() => page.provider.wsLastMessageReceived).toBeGreaterThan(0)
  app.clock.advance(15_000)
  await gone
  await expect.poll(() => app.live.pages).toBe(1)
  page.close()
  await expect.poll(() => app.live.pages).toBe(0)
  expect(app.clock.timers).toBe(0)
})

test('a WebSocket to an address that nobody owns is refused', async () => {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/other`, { headers: signedIn })
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
  expect(error.message).toContain('404')
})

/**
 * The real HTTP application on a free loopback port, over a fake node, with a clock that the test moves. `restart`
 * opens everything anew on the same storage.
 */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Express } from 'express'
import { Doc } from 'yjs'
import { Access } from '../../packages/node/src/http/access.ts'
import { type Account, openAccount } from '../../packages/node/src/http/account.ts'
import { openAdminLog } from '../../packages/node/src/http/admin-log.ts'
import { openApiTokens } from '../../packages/node/src/http/api-tokens.ts'
import type { Clock } from '../../packages/node/src/http/clock.ts'
import { Idempotency } from '../../packages/node/src/http/idempotency.ts'
import { importPreviewRoutes } from '../../packages/node/src/http/import-routes.ts'
import type { NodeFigures } from '../../packages/node/src/http/figures.ts'
import { type Listener, openListener } from '../../packages/node/src/http/listener.ts'
import { Live } from '../../packages/node/src/http/live.ts'
import type { Route } from '../../packages/node/src/http/route.ts'
import { Metrics } from '../../packages/node/src/http/metrics.ts'
import { type AppOptions, createApp } from '../../packages/node/src/http/server.ts'
import { openSessions } from '../../packages/node/src/http/sessions.ts'
import type { Profile } from '../../packages/node/src/settings/settings.ts'
import { SettingsStore } from '../../packages/node/src/settings/settings-store.ts'
import { type AnswerCheck, answerCheckOf } from '../harness/answer-check.ts'
import { FakeNode, nodeId } from './fake-node.ts'
import { ManualClock } from './manual-clock.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { MemoryStorage } from './memory-storage.ts'

export const adminToken = 'a-token-of-the-environment-0123456789'
export const password = 'rødgrød med fløde'
const table = 0x68

export interface RunningOptions {
  readonly demo?: boolean
  readonly publicUrl?: string
  readonly trustsProxy?: boolean
  readonly shop?: AppOptions['shop']
  /** Calls beside those of the node. */
  readonly features?: (access: Access, clock: Clock) => readonly Route[]
  readonly hooks?: AppOptions['hooks']
}

const emptyFigures: NodeFigures = {
  status: null,
  problems: new Map(),
  batches: 0,
  movements: new Map(),
  adjustments: { made: 0, refused: 0 },
  livePages: 0,
  eventStreams: 0,
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // Tests read the fields they expect.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any
}

interface Parts {
  readonly app: Express
  readonly listener: Listener
  readonly live: Live
  readonly account: Account
}

/** What `/assets/packed-1a2b3c4d.js` holds; it lies there packed as well. */
export const packedCode = `export const answers = [${'42, '.repeat(1_000)}]`

export class RunningApp implements AsyncDisposable {
  readonly node = new FakeNode()
  readonly clock = new ManualClock()
  readonly storage = new MemoryStorage()
  readonly document = new Doc()
  readonly logged: unknown[] = []
  readonly profiles: Profile[] = []
  /** What `/metrics` tells of the node. */
  figures: NodeFigures = emptyFigures
  readonly #options: RunningOptions
  readonly #pages: string
  #parts: Parts | null = null
  #check: AnswerCheck | null = null

  constructor(options: RunningOptions, pages: string) {
    this.#options = options
    this.#pages = pages
  }

  get url(): string {
    return `http://127.0.0.1:${this.#running.listener.port}`
  }

  get express(): Express {
    return this.#running.app
  }

  /** How many rows of a kind are stored: answers that are kept for calls that are repeated, lines of what admins did. */
  async rows(kind: 'answer' | 'act'): Promise<number> {
    let count = 0
    for await (const _ of this.storage.scan(prefixRange(table, kind))) count += 1
    return count
  }

  get account(): Account {
    return this.#running.account
  }

  get live(): Live {
    return this.#running.live
  }

  async start(): Promise<void> {
    const { node, clock, storage, document } = this
    const stored = { storage, table, clock }
    const account = await openAccount({ ...stored, onSetup: (profile) => void this.profiles.push(profile) })
    const settings = await SettingsStore.open({
      ...stored,
      started: { name: null, url: null },
      profile: () => account.profile,
    })
    const sessions = await openSessions(stored)
    const apiTokens = await openApiTokens(stored)
    const publicUrl = (): string => this.#options.publicUrl ?? this.url
    const trustsProxy = this.#options.trustsProxy ?? false
    const access = new Access({
      sessions,
      nodeId,
      publicUrl,
      trustsProxy,
      ownTokens: [{ kind: 'environment', token: adminToken }],
      apiTokens,
    })
    const app = createApp({
      node,
      features: [...importPreviewRoutes(node), ...(this.#options.features?.(access, clock) ?? [])],
      account,
      settings,
      sessions,
      access,
      apiTokens,
      adminLog: await openAdminLog(stored),
      metrics: new Metrics({ access, now: () => clock.now(), release: '0.1.0', figures: () => this.figures }),
      clock,
      publicUrl,
      trustsProxy,
      idempotency: new Idempotency(stored),
      logger: { error: (...given: unknown[]) => void this.logged.push(given) },
      demo: this.#options.demo ?? false,
      pagesDirectory: this.#pages,
      shop: this.#options.shop ?? null,
      release: '0.1.0',
      hooks: this.#options.hooks ?? {
        door: () => ({ connector: 'builtin', check: () => 'signature-invalid' }),
        now: () => this.clock.now(),
        onHint: () => undefined,
      },
    })
    const live = new Live({ document, clock, role: (request) => access.upgradeRole(request) })
    const upgrades = { '/live/v1': live.handleUpgrade.bind(live) }
    const listener = await openListener({ host: '127.0.0.1', port: 0, app, upgrades, clock, trustsProxy })
    this.#parts = { app, listener, live, account }
  }

  async restart(): Promise<void> {
    await this.#stop()
    await this.start()
  }

  /** A call with the bearer token, unless the headers say otherwise. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = bearer): Promise<Answer> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return await this.send(path, { method, headers: { ...type, ...headers }, ...sent })
  }

  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { redirect: 'manual', ...init })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
    const { status, headers } = response
    const json = isJson ? JSON.parse(text) : null
    if (isJson) (await this.#answerCheck()).assert({ method: init.method ?? 'GET', path, status, json })
    return { status, headers, text, json }
  }

  /** Every answer that a test sees is held against the description of the application that gave it. */
  async #answerCheck(): Promise<AnswerCheck> {
    this.#check ??= await answerCheckOf(this.url)
    return this.#check
  }

  /** Sets the node up and answers the headers of the signed-in page. */
  async signIn(): Promise<Record<string, string>> {
    const body = { token: this.account.setupToken, password, name: 'Butik DK', language: 'da' }
    return this.pageHeaders(await this.call('POST', '/api/v1/setup', body, {}))
  }

  pageHeaders(answer: Answer): Record<string, string> {
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return { cookie, 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin', origin: this.url }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
    this.document.destroy()
    await rm(this.#pages, { recursive: true })
  }

  get #running(): Parts {
    if (this.#parts === null) throw new Error('the application is not started')
    return this.#parts
  }

  async #stop(): Promise<void> {
    const { live, listener } = this.#running
    await live[Symbol.asyncDispose]()
    await listener[Symbol.asyncDispose]()
  }
}

export const bearer = { authorization: `Bearer ${adminToken}` }

export async function openRunningApp(options: RunningOptions = {}): Promise<RunningApp> {
  const pages = await mkdtemp(join(tmpdir(), 'stockmesh-pages-'))
  await mkdir(join(pages, 'assets'))
  for (const page of ['index', 'shop', 'shop-admin'])
    await writeFile(join(pages, `${page}.html`), `<title>${page}</title>`)
  await writeFile(join(pages, 'assets', 'main-1a2b3c4d.js'), 'export {}')
  for (const name of ['assets/packed-1a2b3c4d.js', 'shop-admin.html']) {
    const content = name === 'shop-admin.html' ? '<title>shop-admin</title>' : packedCode
    await writeFile(join(pages, name), content)
    await writeFile(join(pages, `${name}.br`), brotliCompressSync(content))
    await writeFile(join(pages, `${name}.gz`), gzipSync(content))
  }
  const running = new RunningApp(options, pages)
  await running.start()
  return running
}

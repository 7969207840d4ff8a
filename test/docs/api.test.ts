/**
 * What docs/API.md shows is what works: every line of it runs in bash as it stands, against two real nodes, and each
 * answer has the status and the shape that the page shows.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeClient, createShopClient, type NodeClient, type ShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { readDocument } from './source.ts'
import { shownCommands } from './shell-block.ts'

interface Shown {
  readonly line: string
  readonly form: string
  readonly answer: string
}

const page = readDocument('docs/API.md')
const [settings = ''] = /(?<=```sh\n)NODE=[^`]*/.exec(page) ?? []
/** A line, and the answer that the page shows right after it. */
const shown: readonly Shown[] = [...page.matchAll(/```sh\n(curl [^`]*)```\n\n```(\w+)\n([^`]*)```/g)].map(
  ([, line = '', form = '', answer = '']) => ({ line: line.trim(), form, answer }),
)
/** `--json` came with 7.82. */
const [, major = 0, minor = 0] = (
  /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? []
).map(Number)
const hasCurl = major * 100 + minor >= 782

const owned = new Owned()
let folder = ''
let url = ''
let api: NodeClient
let shop: ShopClient
/** What the page tells to take from the answer before. */
const taken: Record<string, string> = {}

beforeAll(async () => {
  if (!hasCurl) return
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-api-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  await writeFile(join(folder, '.curlrc'), 'write-out = "\\n%{http_code}"\n')
  const [dk, se] = [await startNode('Butik DK', 'stockmesh-data'), await startNode('Butik SE', 'other-data')]
  url = dk.url
  api = createNodeClient(dk.url, adminToken)
  const other = createNodeClient(se.url, adminToken)
  shop = createShopClient(dk.url, adminToken)
  for (const [sku, stock] of [
    ['CUP-1', 40],
    ['MUG-2', 7],
    ['JUG-9', 1],
  ] as const) {
    await shop.createProduct({ sku, name: sku === 'CUP-1' ? 'Cup' : 'Jug', stock })
    await createShopClient(se.url, adminToken).createProduct({ sku, name: sku, stock })
  }
  await api.startImport()
  await eventually('the first import is done', async () => (await api.importState()).state === 'done')
  await other.join(dk.url, { importWhenAccepted: true })
  const { id, code } = await eventually('the request is seen', async () => {
    const join = await other.joinState()
    return join.state === 'seen' && (await api.joinRequests()).length === 1 ? join : null
  })
  await api.accept(id, code ?? '')
  await eventually('the second import is done', async () => (await other.importState()).state === 'done')
  await shop.placeOrder({ lines: [{ sku: 'JUG-9', quantity: 3 }], allowBackorder: true })
  await eventually('the jug is oversold', async () => (await api.problems()).length > 0)
  await eventually('the cup is in step', async () => (await api.stockOf('CUP-1'))?.state === 'synced')
})

afterAll(async () => {
  await owned[Symbol.asyncDispose]()
})

test('every line of the page is run here', () => {
  const lines = shownCommands(page).map(({ line }) => line)
  expect(lines).toEqual([...settings.trim().split('\n'), ...shown.map(({ line }) => line)])
  expect(shown.length).toBeGreaterThanOrEqual(10)
})

for (const { line, form, answer } of shown) {
  test.skipIf(!hasCurl)(line, async () => {
    const isStream = form === 'text'
    const running = run(line)
    // Something has to happen while the reader listens.
    if (isStream && !('LAST' in taken)) await keepSelling()
    const { status, text } = await running
    expect(status, text).toBe(line.includes('NO-SUCH-CUP') ? 404 : line.includes('/shop/v1/orders') ? 201 : 200)
    if (status === 201) {
      await eventually('the node knows of the order', async () => (await api.stockOf('CUP-1'))?.level === 38)
    }
    if (form === 'json') {
      const json: unknown = JSON.parse(text)
      expectShape(json, JSON.parse(answer), '', fixed)
      const [problem] = (json as { items?: { id?: string; version?: number }[] }).items ?? []
      if (line.endsWith('/problems"')) Object.assign(taken, { PROBLEM: problem?.id, VERSION: String(problem?.version) })
    } else if (isStream) {
      const event = eventOf(text, 'stock')
      // Which of the sales it is, depends on when the reader came.
      expectShape(event.data, eventOf(answer, 'stock').data, '', /\.sku$/)
      expect(event.id).not.toBe(taken['LAST'])
      taken['LAST'] ??= /^id: (\S+)$/m.exec(text)?.[1] ?? ''
    } else {
      expect(text.split('\r\n')[0]).toBe(answer.trim())
      expect(text).toContain('CUP-1,Cup,')
    }
  })
}

async function startNode(name: string, data: string): Promise<Program> {
  const args = ['start', '--name', name, '--allow-private-peers']
  return owned.use(await Program.start({ name, args, folder: join(folder, data), port: await pickPort() }))
}

/** In bash, beside the data folder, with the page's own settings; only the port is another one. */
async function run(line: string): Promise<{ readonly status: number; readonly text: string }> {
  const script = `${settings.replace('http://127.0.0.1:7400', url)}\n${line}\n`
  const env = { PATH: process.env['PATH'], CURL_HOME: folder, HOME: folder, ...taken }
  const child = spawn('bash', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await once(child, 'close')
  const end = output.lastIndexOf('\n')
  return { status: Number(output.slice(end + 1)), text: output.slice(0, end) }
}

/** Sells a cup again and again, so that one of the sales comes while the reader listens. */
async function keepSelling(): Promise<void> {
  let sold = 0
  const sell = async (): Promise<boolean> => {
    await shop.placeOrder({ lines: [{ sku: 'CUP-1', quantity: 1 }] })
    sold += 1
    return sold === 8
  }
  await eventually('cups were sold while the reader listens', sell, { every: 400 })
}

function eventOf(text: string, name: string): { readonly id: string; readonly data: unknown } {
  const block = text.split('\n\n').find((one) => one.includes(`event: ${name}\n`)) ?? ''
  const data = /^data: (.*)$/m.exec(block)?.[1]
  if (data === undefined) throw new Error(`no event ${name} in ${text}`)
  return { id: /^id: (\S+)$/m.exec(block)?.[1] ?? '', data: JSON.parse(data) as unknown }
}

/** What the page shows of these is what comes, not only its like. */
const fixed =
  /\.(code|state|cause|kind|sku|message|dryRun|paused|delta|levelAfter|from|to|level|quantity|refused|counted|destructive)$/

/** Of values that are not fixed only the type counts. The page may leave out fields and items. */
function expectShape(real: unknown, said: unknown, at: string, exact: RegExp): void {
  if (said === null || real === null) {
    if (said !== null && !/At|since|next/.test(at)) expect(real, at).not.toBeNull()
    return
  }
  expect(Array.isArray(real) ? 'list' : typeof real, at).toBe(Array.isArray(said) ? 'list' : typeof said)
  if (Array.isArray(said)) {
    const items = real as readonly unknown[]
    for (const [index, item] of said.entries()) expectShape(items[index], item, `${at}[]`, exact)
  } else if (typeof said === 'object') {
    for (const [name, value] of Object.entries(said)) {
      expect(real, at).toHaveProperty([name])
      expectShape((real as Record<string, unknown>)[name], value, `${at}.${name}`, exact)
    }
  } else if (exact.test(at)) {
    expect(real, at).toEqual(said)
  }
}

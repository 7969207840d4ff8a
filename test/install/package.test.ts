/**
 * The packed package, away from every checkout: it installs from an empty folder, runs, keeps what it knew over a restart,
 * and prints a unit that systemd takes. With it the proxies that docs/INSTALL.md shows, as the real programs.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createNodeClient, createShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program, shopKey } from '../harness/process.ts'
import {
  askedFor,
  installUnder,
  plainEnvironment,
  reason,
  removeFolder,
  scratchFolder,
  shownBlock,
} from './installed.ts'

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

describe.skipIf(!askedFor)(`the packed package (${reason})`, () => {
  let folder: string
  let bin: string
  let node: Program

  beforeAll(async () => {
    folder = scratchFolder()
    installUnder(folder)
    bin = join(folder, 'bin/stockmesh')
    mkdirSync(join(folder, 'empty'))
    node = await Program.start({
      name: 'the installed node',
      script: join(folder, 'lib/node_modules/stockmesh/bin/stockmesh.js'),
      args: ['start', '--name', 'Butik DK'],
      folder: join(folder, 'data'),
      port: await pickPort(),
    })
  }, 300_000)

  afterAll(async () => {
    await node[Symbol.asyncDispose]()
    removeFolder(folder)
  })

  function stockmesh(...args: string[]): string {
    return execFileSync(bin, args, { cwd: join(folder, 'empty'), env: plainEnvironment(), encoding: 'utf8' })
  }

  test('holds the pages beside the command line, and leads to no checkout', () => {
    const scope = join(folder, 'lib/node_modules/stockmesh/node_modules/@stockmesh')
    expect(readdirSync(scope).toSorted()).toEqual(['admin-ui'])
    const links = execFileSync('find', [join(folder, 'lib'), '-type', 'l', '-not', '-path', '*/.bin/*'], {
      encoding: 'utf8',
    })
    expect(links).toBe('')
    expect(stockmesh('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(stockmesh('--help')).toContain('Print the systemd unit')
    expect(readdirSync(join(folder, 'empty'))).toEqual([])
  })

  test('serves every page with what belongs to it', async () => {
    for (const path of ['/', '/shop/', '/shop/admin']) {
      const page = await fetch(node.url + path)
      expect(page.status, path).toBe(200)
      const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"]*assets[^"]*)"/g)].map(
        ([, link = '']) => link,
      )
      expect(assets.length, path).toBeGreaterThan(0)
      for (const link of assets) expect((await fetch(new URL(link, page.url))).status, link).toBe(200)
    }
  })

  test('sells, is stopped and started again, and goes on with the same numbers', async () => {
    const shop = createShopClient(node.url, shopKey)
    const client = createNodeClient(node.url, adminToken)
    await shop.createProduct({ sku: 'ABC-29', name: 'Mug', stock: 10 })
    await client.startImport()
    await eventually('the import is done', async () => (await client.importState()).state === 'done')
    await shop.placeOrder({ lines: [{ sku: 'ABC-29', quantity: 3 }] })
    await eventually('the sale is counted', async () => (await client.stockOf('ABC-29'))?.level === 7)
    const { id } = (await client.status()).node
    await node.stop()
    await node.start()
    await eventually('the shop is read again', async () => (await client.stockOf('ABC-29'))?.level === 7)
    expect((await client.status()).node.id).toBe(id)
    await shop.placeOrder({ lines: [{ sku: 'ABC-29', quantity: 1 }] })
    await eventually('a sale after the restart is counted', async () => (await client.stockOf('ABC-29'))?.level === 6)
    expect(stockmesh('stock', 'ABC-29', '--node', node.url, '--data', node.folder)).toContain('ABC-29')
  })

  test('finds the catalogue of its demo', async () => {
    const port = String(await pickPort())
    const demo = spawn(bin, ['demo', '--shops', '1', '--port', port], {
      cwd: join(folder, 'empty'),
      env: plainEnvironment(),
    })
    let printed = ''
    demo.stdout.on('data', (text: Buffer) => void (printed += text.toString()))
    await eventually('the demo runs', () => printed.includes('Stop with Ctrl-C'))
    const gone = once(demo, 'exit')
    demo.kill('SIGINT')
    expect((await gone)[0]).toBe(0)
  })

  test.skipIf(!has('systemd-analyze'))(
    'prints a unit that systemd takes, and finds safe (needs systemd-analyze)',
    () => {
      const unit = join(folder, 'stockmesh.service')
      writeFileSync(
        unit,
        stockmesh('service', 'print', '--name', 'Butik "DK" 100 %', '--url', 'https://stock.butik.example'),
      )
      const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
      expect([verified.status, verified.stderr, verified.stdout]).toEqual([0, '', ''])
      // From 0, nothing can happen, to 10; what is above 2.5 is not "OK" to systemd.
      const safety = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=25', unit], {
        encoding: 'utf8',
      })
      expect(safety.status, safety.stdout).toBe(0)
    },
  )

  describe.each(['caddy', 'nginx'] as const)('behind %s, set up as docs/INSTALL.md shows', (name) => {
    test.skipIf(!has(name))(`pages, calls, events and both WebSockets pass (needs ${name})`, async () => {
      await using proxy = await startProxy(name, folder, node.url)
      expect((await fetch(`${proxy.url}/readyz`)).status).toBe(200)
      expect((await createNodeClient(proxy.url, adminToken).status()).node.name).toBe('Butik DK')
      const events = await fetch(`${proxy.url}/api/v1/events`, { headers: { authorization: `Bearer ${adminToken}` } })
      expect(events.headers.get('content-type')).toContain('text/event-stream')
      await events.body?.cancel()
      expect(await firstOf(`${proxy.url}/sync/v1`, {})).toBe('open')
      // Signing in and the pages' channel ask for the address that the browser called: the proxy keeps it.
      const cookie = await signIn(proxy.url, node.output)
      expect(await firstOf(`${proxy.url}/live/v1`, { cookie, origin: proxy.url })).toBe('message')
      expect(await firstOf(`${proxy.url}/live/v1`, { origin: proxy.url })).toBe('closed with 4401')
    })
  })
})

/** What a WebSocket sees first. A channel that speaks, or ends, right after it opened has not been seen by opening. */
async function firstOf(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const socket = new WebSocket(url.replace('http:', 'ws:'), { headers })
  const seen = await new Promise<string>((resolve) => {
    if (url.endsWith('/sync/v1')) socket.once('open', () => resolve('open'))
    socket.once('message', () => resolve('message'))
    socket.once('close', (code) => resolve(`closed with ${code}`))
    socket.once('error', (error) => resolve(error.message))
  })
  socket.terminate()
  return seen
}

const password = 'correct horse battery'

/** As the page does it; the first time with the token that the node has printed. */
async function signIn(url: string, printed: string): Promise<string> {
  const session = (await (await fetch(`${url}/api/v1/session`)).json()) as { state: string }
  const token = [...printed.matchAll(/token \(valid for 30 minutes\): (\S+)/g)].at(-1)?.[1]
  const isNew = session.state === 'setup'
  const answer = await fetch(`${url}/api/v1/${isNew ? 'setup' : 'session'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stockmesh': '1', origin: url },
    body: JSON.stringify(isNew ? { token, password, name: 'Butik DK', language: 'da' } : { password }),
  })
  expect(answer.status).toBe(200)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

interface Proxy extends AsyncDisposable {
  readonly url: string
}

/** The program with the very text of the document; only certificate, name and ports are ours. */
async function startProxy(name: 'caddy' | 'nginx', folder: string, nodeUrl: string): Promise<Proxy> {
  const port = await pickPort()
  const place = join(folder, name)
  mkdirSync(place, { recursive: true })
  const shown = shownBlock('docs/INSTALL.md', name === 'caddy' ? 'caddyfile' : 'nginx')
  const here = shown.replace('127.0.0.1:7400', new URL(nodeUrl).host)
  expect(here).not.toBe(shown)
  const file = join(place, 'settings')
  writeFileSync(file, name === 'caddy' ? caddySettings(here, port) : nginxSettings(here, port, place))
  const args = name === 'caddy' ? ['run', '--adapter', 'caddyfile', '--config', file] : ['-c', file, '-p', place]
  const child = spawn(name, args, {
    env: plainEnvironment({ HOME: place, XDG_DATA_HOME: place, XDG_CONFIG_HOME: place }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => void (said += text.toString()))
  const url = `http://127.0.0.1:${port}`
  const close = (): Promise<void> => endOf(child)
  try {
    await eventually(`${name} answers`, async () => {
      if (child.exitCode !== null) throw new Error(said)
      return (await fetch(`${url}/healthz`)).ok
    })
  } catch (error) {
    await close()
    throw error
  }
  return { url, [Symbol.asyncDispose]: close }
}

function caddySettings(block: string, port: number): string {
  return `{\n\tadmin off\n}\n${block.replace('stock.butik.example', `http://127.0.0.1:${port}`)}`
}

function nginxSettings(block: string, port: number, place: string): string {
  const server = block
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^\s*ssl_certificate.*$/gm, '')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(place, kind)};`,
  )
  return `daemon off;\npid ${join(place, 'pid')};\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary.join('\n')}\n${server}}\n`
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

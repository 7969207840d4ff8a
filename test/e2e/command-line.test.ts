/**
 * Two shops are run from the command line alone, by people who type and by scripts that pipe: every command once, each
 * against real nodes, with the token that lies in the node's folder.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  CountAnswer,
  ImportAnswer,
  JoinRequestItem,
  List,
  LogItem,
  MemberStatus,
  ProblemItem,
  SettingsAnswer,
  StatusAnswer,
  StockDetail,
  StockItem,
} from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShopClient } from '../harness/client.ts'
import { type Ended, runCommand, startCommand } from '../harness/command.ts'
import { eventually } from '../harness/eventually.ts'
import { pickPort } from '../harness/port.ts'
import { Program, shopKey } from '../harness/process.ts'

const odd = 'Æ/../__proto__ ?#'
let folder: string
let first: Program
let second: Program

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-command-'))
  const start = async (name: string): Promise<Program> =>
    await Program.start({
      name,
      args: ['start', '--name', name, '--allow-private-peers'],
      folder: join(folder, name),
      port: await pickPort(),
    })
  first = await start('Butik DK')
  second = await start('Butik SE')
  for (const [program, stock] of [
    [first, 100],
    [second, 7],
  ] as const) {
    const shop = createShopClient(program.url, shopKey)
    for (const sku of ['KOP-1', 'KRUS-2', odd]) await shop.createProduct({ sku, name: `Vare ${sku}`, stock })
  }
})

afterAll(async () => {
  await first[Symbol.asyncDispose]()
  await second[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

const at = (program: Program, argv: readonly string[]): readonly string[] => [
  ...argv,
  '--node',
  program.url,
  '--data',
  program.folder,
]
const run = (program: Program, ...argv: string[]): Promise<Ended> => runCommand(at(program, argv))

async function read<T>(program: Program, ...argv: string[]): Promise<T> {
  const { code, out, err } = await run(program, ...argv, '--json')
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out) as T
}

async function told(program: Program, ...argv: string[]): Promise<string> {
  const { code, out, err } = await run(program, ...argv)
  expect([code, err], out).toEqual([0, ''])
  return out
}

const levelOf = async (program: Program, sku: string): Promise<number | null> =>
  (await read<StockDetail>(program, 'stock', sku)).level

test('the network is made: import, join, the code, accept by the beginning of the id, import', async () => {
  expect(await told(first, 'stock')).toContain('Begin with: stockmesh import')
  expect((await read<ImportAnswer>(first, 'import')).done).toBe(3)
  const asked = await told(second, 'join', first.url.replace('http://', ''))
  const code = /the code (\S+)\./.exec(asked)?.[1] ?? ''
  const [request] = (await read<List<JoinRequestItem>>(first, 'requests')).items
  expect(request?.code).toBe(code)
  expect((await run(first, 'accept', request?.id ?? '')).code).toBe(2)
  const wrong = await run(first, 'accept', request?.id ?? '', '--code', 'AAAA-AAAA')
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/^.*\(code-mismatch\)\n$/)])
  expect(await told(first, 'accept', (request?.id ?? '').slice(0, 6), '--code', code)).toBe('Butik SE is accepted.\n')
  await eventually('the second shop may import', async () => (await run(second, 'import')).code === 0)
  expect(await told(second, 'members')).toMatch(/^Butik SE \(this shop\) +yes/m)
  await eventually('both are in step', async () => (await read<StatusAnswer>(first, 'status')).network?.inStep)
})

test('the shelf is counted and goods are taken in, of one SKU and of a file; the log is followed', async () => {
  const following = startCommand(at(second, ['log', '--follow', '--json']))
  await eventually('the log so far', () => following.out.includes('"joined"'))
  expect(await told(first, 'count', odd, '12', '--dry-run')).toContain('Nothing is changed yet.')
  expect(await levelOf(first, odd)).toBe(100)
  expect((await read<CountAnswer>(first, 'count', odd, '12', '--unsent', '2')).items[0]).toMatchObject({ to: 10 })
  const file = join(folder, 'counts.csv')
  await writeFile(file, `varenr;antal\nKOP-1;40\nnone;1\n"${odd}";20\n`)
  const counted = await run(first, 'count', '--file', file)
  expect([counted.code, counted.err]).toEqual([1, expect.stringContaining('(sku-unknown)')])
  const piped = await runCommand(at(first, ['receive', '-', '--note', 'Levering 1042']), 'sku,quantity\nKOP-1,5\n')
  expect([piped.code, piped.err]).toEqual([0, ''])
  await eventually('the other shop has both', async () => (await levelOf(second, 'KOP-1')) === 45)
  expect(await levelOf(second, odd)).toBe(20)
  const lines = (): readonly LogItem[] =>
    following.out
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogItem)
  const delivery = await eventually('the delivery is told', () =>
    lines().find(({ reference }) => reference === 'Levering 1042'),
  )
  expect(delivery).toMatchObject({ sku: 'KOP-1', delta: 5, levelAfter: 45, cause: 'received' })
  expect(new Set(lines().map((line) => JSON.stringify(line))).size).toBe(lines().length)
  following.interrupt()
  expect(await following.ended).toMatchObject({ code: 0, err: '' })
  const log = await read<List<LogItem>>(second, 'log', '--sku', odd.toLowerCase())
  expect(new Set(log.items.map(({ sku }) => sku))).toEqual(new Set([odd]))
})

test('the log is followed over a restart of the node, and nothing of it is lost', async () => {
  const following = startCommand(at(second, ['log', '--follow', '--sku', 'KRUS-2']))
  await eventually('the head', () => following.out.includes('TIME'))
  await second.restart()
  expect((await run(first, 'receive', 'KRUS-2', '3', '--note', 'after')).code).toBe(0)
  await eventually('the line after the restart', () => following.out.includes('after'))
  following.interrupt()
  const { code, err } = await following.ended
  expect(code).toBe(0)
  expect(err).toContain('Trying again until Ctrl-C')
})

test('events, one object a line; and a reader that has seen enough is no error', async () => {
  const watching = startCommand(at(first, ['events']))
  await eventually('the stream', async () => {
    await run(first, 'receive', 'KRUS-2', '1')
    return watching.out.includes('"event":"stock"')
  })
  for (const line of watching.out.trimEnd().split('\n')) expect(Object.keys(JSON.parse(line))).toContain('data')
  watching.interrupt()
  expect((await watching.ended).code).toBe(0)
  const head = startCommand(at(first, ['stock']))
  head.stopReading()
  expect(await head.ended).toMatchObject({ code: 0, err: '' })
})

test('paused, nothing is read; what was done meanwhile comes in with resume', async () => {
  const before = (await levelOf(first, 'KOP-1')) ?? 0
  expect(await told(first, 'pause')).toContain('nothing is read or written in this shop')
  const shop = createShopClient(first.url, shopKey)
  await shop.placeOrder({ lines: [{ sku: 'KOP-1', quantity: 2 }] })
  expect((await read<StatusAnswer>(first, 'status')).shop.state).toBe('paused')
  expect(await told(first, 'resume')).toContain('The shop is synchronised again.')
  await eventually('the sale counts', async () => (await levelOf(first, 'KOP-1')) === before - 2)
})

test('a problem is listed, shown, and acted on with its version', async () => {
  const shop = createShopClient(first.url, shopKey)
  await shop.placeOrder({ lines: [{ sku: 'KRUS-2', quantity: 1_000 }], allowBackorder: true })
  const problem = await eventually('it is oversold', async () =>
    (await read<List<ProblemItem>>(first, 'problems')).items.find(({ kind }) => kind === 'oversold'),
  )
  const shown = await told(first, 'problems', problem.id)
  expect(shown).toContain('KRUS-2')
  const [action] = problem.actions
  if (action !== undefined) {
    const stale = await run(first, 'problems', problem.id, action.id, '--seen', '1')
    expect([stale.code, stale.err]).toEqual([1, expect.stringContaining('(problem-changed)')])
    expect(await told(first, 'problems', problem.id, action.id)).toContain('Done.')
  }
  const gone = await run(first, 'problems', 'nothing', 'retry')
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('(problem-solved)')])
})

test('settings are changed; secrets go in by a pipe and never come out', async () => {
  expect((await run(first, 'settings', 'buffer', '2')).code).toBe(0)
  const secret = 'smtps://bruger:hemmeligt-ord@mail.example'
  const piped = await runCommand(at(first, ['settings', 'alert-smtp-url', '-']), secret)
  expect(piped).toMatchObject({ code: 0, out: '(set)\n', err: '' })
  expect(await read<SettingsAnswer>(first, 'settings')).toMatchObject({ buffer: 2, alertSmtpUrlSet: true })
  expect(await told(first, 'settings', 'name', 'Butik Danmark')).toBe('Butik Danmark\n')
  expect((await run(first, 'settings', 'buffer', '--default')).out).toBe('0\n')
  const refused = await run(first, 'settings', 'language', 'xx')
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^.*\(body-invalid\)\n$/)])
  expect(await told(first, 'settings')).not.toContain('hemmeligt')
})

test('the password is replaced; before set-up there is none', async () => {
  const early = await runCommand(at(first, ['password']), 'et helt nyt kodeord')
  expect([early.code, early.err]).toEqual([1, expect.stringContaining('(setup-first)')])
  const token = /set the node up with this token \(valid for 30 minutes\): (\S+)/.exec(first.output)?.[1]
  const headers = { 'content-type': 'application/json' }
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${first.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const setup = { token, password: 'det gamle kodeord', name: 'Butik DK', language: 'da' }
  expect((await post('/setup', setup)).status).toBe(200)
  expect((await runCommand(at(first, ['password']), 'et helt nyt kodeord\n')).code).toBe(0)
  expect((await post('/session', { password: 'det gamle kodeord' })).status).toBe(401)
  expect((await post('/session', { password: 'et helt nyt kodeord' })).status).toBe(200)
})

test('a wrong token: no command changes anything, and none prints it', async () => {
  const wrong = 'a-wrong-token-0123456789-abcdefghij'
  const before = await read<List<StockItem>>(first, 'stock')
  for (const argv of [
    ['join', 'butik.example'],
    ['requests'],
    ['accept', 'r1', '--code', 'x'],
    ['refuse', 'r1'],
    ['import'],
    ['members'],
    ['evict', 'm1'],
    ['leave'],
    ['stock', odd],
    ['count', odd, '1'],
    ['receive', odd, '1'],
    ['status'],
    ['problems', 'x', 'retry'],
    ['log', '--follow'],
    ['events'],
    ['pause'],
    ['resume'],
    ['settings', 'buffer', '9'],
    ['password'],
  ]) {
    const { code, out, err } = await runCommand(
      [...argv, '--node', first.url, '--token', wrong],
      'et helt andet kodeord',
    )
    expect([code, out, err], argv.join(' ')).toEqual([
      1,
      '',
      expect.stringMatching(/^The node at \S+ refuses the token\. .*\n$/),
    ])
    expect(err).not.toContain(wrong)
  }
  expect(await read<List<StockItem>>(first, 'stock')).toEqual(before)
  expect((await read<StatusAnswer>(first, 'status')).shop.state).toBe('connected')
})

test('the other shop is evicted by the beginning of its id', async () => {
  const other = (await read<List<MemberStatus>>(first, 'members')).items.find(({ self }) => !self)
  expect(await told(first, 'evict', (other?.id ?? '').slice(0, 8))).toContain('is removed from the network')
  await eventually('it is gone', async () => (await read<List<MemberStatus>>(first, 'members')).items.length === 1)
  expect(await told(first, 'leave', '--force')).toContain('has left the network')
})

/**
 * Every command against everything that can be wrong: what is typed, and what answers. Each time one sentence on the
 * error stream and an exit code, no stack trace, no token, and nothing changed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../../packages/node/src/cli/catalogue.ts'
import type { Command } from '../../packages/node/src/cli/client-command.ts'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { definitions, type SettingName, variableOf } from '../../packages/node/src/cli/settings.ts'
import { adminToken } from '../http/running-app.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { ScriptedNode } from './scripted-node.ts'

/** One right use of every command. */
const uses: Readonly<Record<string, readonly string[]>> = {
  start: [],
  shop: [],
  demo: [],
  service: ['print'],
  join: ['butik.example'],
  requests: [],
  accept: ['r1', '--code', 'K7QM-4T2A'],
  refuse: ['r1'],
  import: [],
  members: [],
  evict: ['m1'],
  leave: [],
  'stop-all': [],
  'resume-all': [],
  'partition-guard': ['sales'],
  stock: ['ABC-1'],
  count: ['ABC-1', '5'],
  receive: ['ABC-1', '5'],
  buffer: ['ABC-1', '5'],
  'leave-out': ['ABC-1'],
  'take-in': ['ABC-1'],
  status: [],
  problems: ['held', 'retry'],
  log: ['--follow'],
  events: [],
  pause: [],
  resume: ['--differences', 'network'],
  connect: ['builtin'],
  sql: ['install'],
  settings: ['buffer', '2'],
  verify: [],
  backup: ['nowhere/butik.backup'],
  restore: ['nowhere/butik.backup'],
  password: [],
  'admin-log': [],
  tokens: ['revoke', 'bookkeeping'],
  viewers: ['remove'],
}
const clients = commands.filter(({ settings }) => settings.includes('node'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-cli-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function preparedTerminal(env: Record<string, string> = {}): FakeTerminal {
  const terminal = new FakeTerminal(env)
  terminal.input = 'rødgrød med fløde'
  return terminal
}

const use = (command: Command, terminal: FakeTerminal, ...more: string[]): Promise<number> =>
  runCommand([command.name, ...(uses[command.name] ?? []), ...more], terminal)

function expectSentence(terminal: FakeTerminal, sentence: RegExp): void {
  expect(terminal.err).toMatch(sentence)
  expect(terminal.err.trimEnd().split('\n')).toHaveLength(1)
  expect(terminal.out).toBe('')
  expect(terminal.err).not.toMatch(/\n\s+at /)
  expect(terminal.err).not.toContain(adminToken)
}

function expectFaults(terminal: FakeTerminal, ...faults: string[]): void {
  for (const fault of faults) expect(terminal.err).toContain(`\n  ${fault}`)
  expect(terminal.err).toMatch(/^stockmesh [a-z-]+ cannot run:\n/)
  expect(terminal.err).not.toMatch(/\n\s+at /)
  expect(terminal.out).toBe('')
}

test('every command is tried here', () => {
  expect(Object.keys(uses).toSorted()).toEqual(commands.map(({ name }) => name).toSorted())
  expect(clients.length).toBeGreaterThan(15)
})

describe.each(commands.map((command) => [command.name, command] as const))('%s used wrongly', (name, command) => {
  async function run(...argv: string[]): Promise<{ code: number; terminal: FakeTerminal }> {
    const terminal = preparedTerminal()
    return { code: await runCommand([name, ...argv, '--data', folder], terminal), terminal }
  }

  test('an unknown flag', async () => {
    const { code, terminal } = await run(...(uses[name] ?? []), '--colour', '--__proto__', '-z')
    expect(code).toBe(2)
    expectFaults(terminal, '--colour is not known', '--__proto__ is not known', '-z is not known')
  })

  test('one argument too many', async () => {
    const full = command.arguments.map(({ schema }) => (schema === undefined ? 'x' : '1'))
    const { code, terminal } = await run(...full, 'more')
    expect(code).toBe(2)
    expectFaults(terminal, '"more" is one argument too many.')
  })

  test('every wrong setting of it, in one go, by the names they have in the environment', async () => {
    const checked = command.settings.filter((setting) => wrongValue(setting) !== null)
    const env = Object.fromEntries(checked.map((setting) => [variableOf(setting), wrongValue(setting) ?? '']))
    const terminal = preparedTerminal(env)
    expect(await use(command, terminal)).toBe(2)
    // What the line says is right, and beats the environment.
    const line = (uses[name] ?? []).filter((word) => word.startsWith('--')).map((word) => word.slice(2))
    for (const setting of checked) {
      if (!line.includes(setting)) expect(terminal.err).toContain(`\n  ${variableOf(setting)} `)
    }
  })

  test('a flag without its value, and a switch with one', async () => {
    for (const setting of command.settings.filter((one) => definitions[one].isSecret !== true)) {
      const isSwitch = definitions[setting].value === null
      const terminal = preparedTerminal()
      expect(await use(command, terminal, `--${setting}${isSwitch ? '=1' : ''}`)).toBe(2)
      expectFaults(terminal, `--${setting} ${isSwitch ? 'takes no value' : 'needs a value'}.`)
    }
  })
})

const withArguments = commands.filter(({ arguments: expected }) => expected.length > 0)

test.each(
  withArguments.filter(({ arguments: [first] }) => first?.required).map((command) => [command.name, command] as const),
)('%s without its argument, or with an empty one', async (name, command) => {
  for (const argv of [[], ['']]) {
    const terminal = preparedTerminal()
    expect(await runCommand([name, ...argv], terminal)).toBe(2)
    expectFaults(terminal, `${command.arguments[0]?.name} is missing.`)
  }
})

test.each(['count', 'receive'])('%s with a number that is none', async (name) => {
  for (const text of ['x', '1.5', '1e3', '99999999999', ' ']) {
    const terminal = preparedTerminal()
    expect(await runCommand([name, 'ABC-1', text], terminal), text).toBe(2)
    expectFaults(terminal, 'N must be a whole number from ')
  }
})

/** null where any text is right. */
function wrongValue(setting: SettingName): string | null {
  for (const value of [' ', 'x', 'ftp://x', 'kort']) {
    if (!definitions[setting].schema.safeParse(value).success) return value
  }
  return null
}

// The first call of a process loads what calls are made with, and no patience is measured by that.
beforeAll(() => fetch('http://127.0.0.1:9').catch(() => undefined))

describe.each(clients.map((command) => [command.name, command] as const))(
  '%s when no node answers',
  (_name, command) => {
    test('nothing listens there', async () => {
      const terminal = preparedTerminal()
      expect(await use(command, terminal, '--node', await freeAddress(), '--token', adminToken)).toBe(1)
      expectSentence(terminal, /^No node answers at http:\/\/127\.0\.0\.1:\d+\. Start it with/)
    })

    test('a port that accepts and says nothing: the wait has an end', async () => {
      await using node = await ScriptedNode.open()
      node.fallback = () => undefined
      const terminal = preparedTerminal()
      terminal.patienceMsMax = 200
      expect(await use(command, terminal, '--node', node.url, '--token', adminToken)).toBe(1)
      expectSentence(terminal, /^The node at \S+ has not answered for \d+ s\./)
      expect(node.requests).toHaveLength(1)
    })

    test.each([
      ['a page', 200, '<!doctype html><title>Shop</title>', /is not a node of this release/],
      ['a page that was not found', 404, '<h1>Not found</h1>', /is not a node of this release/],
      ['JSON that is a list', 200, '[{"hello":"world"}]', /is not a node of this release/],
      ['JSON that is no object', 200, 'null', /is not a node of this release/],
      ['an error of something else', 400, '{"error":"no"}', /is not a node of this release/],
      ['half an answer', 200, '{"items":[', /is not a node of this release/],
      ['a proxy without its node', 502, '<h1>Bad gateway</h1>', /failed with 502 and gave no reason/],
      [
        'a node that fails',
        500,
        error('internal', 'Something failed inside the node.'),
        /^Something failed .* \(internal\)/,
      ],
      ['letters that steer a terminal', 409, error('x', 'bad\u001b[2J\r\nname'), /^bad\?\[2J\?\?name \(x\)/],
      ['a wrong token', 401, error('token-refused', 'No.'), /refuses the token\. Name its folder/],
    ])('what answers is %s', async (_what, status, text, sentence) => {
      await using node = await ScriptedNode.open()
      node.fallback = (_request, response) => void response.writeHead(status).end(text)
      const terminal = preparedTerminal()
      expect(await use(command, terminal, '--node', node.url, '--token', adminToken)).toBe(1)
      expectSentence(terminal, sentence)
    })

    test('an answer that is cut: looked at twice, and a change says that it is in doubt', async () => {
      await using node = await ScriptedNode.open()
      node.fallback = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        response.write('{"ite', () => response.destroy())
      }
      const terminal = preparedTerminal()
      expect(await use(command, terminal, '--node', node.url, '--token', adminToken)).toBe(1)
      expectSentence(terminal, /broke off its answer|is not a node/)
      expect(node.requests.length).toBeLessThanOrEqual(2)
      if (node.changes.length > 0) expect(terminal.err).toContain('look before you repeat it')
    })

    test('a port that speaks no HTTP, and one that leads elsewhere', async () => {
      const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const mail = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const terminal = preparedTerminal()
      expect(await use(command, terminal, '--node', mail, '--token', adminToken)).toBe(1)
      expectSentence(terminal, /is not a node|broke off/)
      server.close()
      await using elsewhere = await ScriptedNode.open()
      await using node = await ScriptedNode.open()
      node.fallback = (_request, response) => void response.writeHead(307, { location: elsewhere.url }).end()
      const second = preparedTerminal()
      expect(await use(command, second, '--node', node.url, '--token', adminToken)).toBe(1)
      expectSentence(second, /is not a node/)
      expect(elsewhere.requests).toEqual([])
    })

    test('no token, or one that no header can carry: nobody is asked', async () => {
      await using node = await ScriptedNode.open()
      const without = preparedTerminal()
      expect(await use(command, without, '--node', node.url, '--data', folder)).toBe(1)
      expectSentence(without, /^There is no token in /)
      const odd = preparedTerminal()
      expect(await use(command, odd, '--node', node.url, '--token', 'hemmelig-Æ\n')).toBe(2)
      expectFaults(odd, '--token must be visible ASCII characters.')
      expect(odd.err).not.toContain('hemmelig')
      expect(node.requests).toEqual([])
    })

    test('a token file that cannot be read', async () => {
      const file = join(folder, 'file')
      await writeFile(file, '')
      await mkdir(join(folder, 'cli-token'))
      for (const data of [file, folder]) {
        const terminal = preparedTerminal()
        expect(await use(command, terminal, '--data', data)).toBe(1)
        expectSentence(terminal, /^The token in .* cannot be read \(E[A-Z]+\)\. Name the node's folder/)
      }
    })
  },
)

/** These two read nothing from the answer. */
const readers = clients.filter(({ name }) => !['leave', 'password'].includes(name))

test.each(readers.map((command) => [command.name, command] as const))(
  '%s when JSON of something else answers',
  async (_name, command) => {
    await using node = await ScriptedNode.open()
    node.fallback = { hello: 'world', items: [{}], next: 7, state: 7 }
    const terminal = preparedTerminal()
    expect(await use(command, terminal, '--node', node.url, '--token', adminToken)).toBe(1)
    expectSentence(terminal, /is not a node/)
  },
)

describe('an SKU with odd characters travels unharmed', () => {
  const skus = [
    'a/b',
    '../x',
    '..%2Fx',
    'with  space',
    'Æ',
    '__proto__',
    'a?b#c',
    '=1+1',
    'x'.repeat(500),
    'Ø'.repeat(500),
  ]

  test.each(skus)('%s', async (sku) => {
    await using node = await ScriptedNode.open()
    node.fallback = (_request, response) => void response.writeHead(404).end(error('sku-unknown', 'No.'))
    for (const argv of [
      ['stock', sku],
      ['count', sku, '5'],
      ['log', '--sku', sku],
      ['receive', sku, '5'],
    ]) {
      expect(await runCommand([...argv, '--node', node.url, '--token', adminToken], preparedTerminal())).toBe(1)
    }
    const [stock, count, log, receive] = node.requests
    expect(decodeURIComponent(stock?.path.split('/')[2] ?? '')).toBe(sku)
    expect(decodeURIComponent(count?.path.split('/')[2] ?? '')).toBe(sku)
    expect(new URL(log?.path ?? '', node.url).searchParams.get('sku')).toBe(sku)
    expect(receive?.body).toEqual({ items: [{ sku, quantity: 5 }] })
  })

  test('two texts cannot stand in an address, and are sent nowhere', async () => {
    for (const sku of ['.', '..']) {
      const terminal = preparedTerminal()
      expect(await runCommand(['stock', sku, '--token', adminToken], terminal)).toBe(2)
      expectFaults(terminal, `"${sku}" cannot stand in an address.`)
    }
  })
})

function error(code: string, message: string): string {
  return JSON.stringify({ error: { code, message, details: {} } })
}

async function freeAddress(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

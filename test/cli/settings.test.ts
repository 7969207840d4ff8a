/**
 * Settings: where they come from, which wins, and that every wrong one is told in one go.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseArguments } from '../../packages/node/src/cli/arguments.ts'
import { commands } from '../../packages/node/src/cli/catalogue.ts'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { definitions, type SettingName, type Settings, variableOf } from '../../packages/node/src/cli/settings.ts'
import { splitWords } from '../docs/shell-block.ts'
import { FakeTerminal } from './fake-terminal.ts'

let folder: string
let config: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-cli-'))
  config = join(folder, 'config.json')
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function parse(
  name: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): ReturnType<typeof parseArguments> {
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return parseArguments(command, argv, env)
}

function settingsOf(name: string, argv: readonly string[], env: Record<string, string> = {}): Settings {
  const parsed = parse(name, argv, env)
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed))
  return parsed.settings
}

describe('where a setting comes from', () => {
  test('the defaults that stand in the help', () => {
    expect(settingsOf('start', [])).toMatchObject({
      data: './stockmesh-data',
      port: 7400,
      host: '127.0.0.1',
      url: null,
      connector: null,
      'allow-private-peers': false,
      'admin-token': null,
    })
    expect(settingsOf('shop', []).port).toBe(7500)
    expect(settingsOf('demo', [])).toMatchObject({ shops: 2, data: './stockmesh-demo', port: 7400 })
    expect(settingsOf('status', []).node).toBe('http://127.0.0.1:7400')
  })

  test('flags beat the environment, the environment beats the file', async () => {
    const content = { port: 1, name: 'file', host: '127.0.0.3', 'open-shop': true, 'shop-key': 'k', shops: 3 }
    await writeFile(config, JSON.stringify(content))
    const env = { STOCKMESH_PORT: '2', STOCKMESH_NAME: 'environment', STOCKMESH_ALLOW_PRIVATE_PEERS: 'true' }
    expect(settingsOf('start', ['--port', '3', '--config', config], env)).toMatchObject({
      port: 3,
      name: 'environment',
      host: '127.0.0.3',
      'open-shop': true,
      'shop-key': 'k',
      'allow-private-peers': true,
    })
    expect(settingsOf('start', [], { STOCKMESH_CONFIG: config }).port).toBe(1)
  })

  test.each(commands.map(({ name }) => name))('%s: every setting of it, from each of the three', async (name) => {
    const rules = commands.find((candidate) => candidate.name === name)
    for (const setting of rules?.settings ?? []) {
      const [low, middle, high] = threeOf(setting)
      const fallback = rules?.fallbacks[setting] ?? definitions[setting].fallback
      await writeFile(config, JSON.stringify({ [setting]: low }))
      const read = (flags: string[], env: Record<string, string>): unknown => {
        const parsed = parseArguments({ ...rules!, arguments: [], check: () => [] }, flags, env)
        return parsed.kind === 'run' ? parsed.settings[setting] : parsed
      }
      const file = ['--config', config]
      const env = { [variableOf(setting)]: String(middle) }
      expect(read([], {}), setting).toEqual(fallback)
      expect(read(file, {}), setting).toEqual(low)
      expect(read([], { STOCKMESH_CONFIG: config }), setting).toEqual(low)
      expect(read(file, env), setting).toEqual(middle)
      if (definitions[setting].isSecret === true) continue
      const flag = high === true ? [`--${setting}`] : [`--${setting}`, String(high)]
      expect(read([...file, ...flag], env), setting).toEqual(high)
    }
  })

  test('an empty variable is one that is not set; = works as a space does', () => {
    expect(settingsOf('start', ['--port=0'], { STOCKMESH_PORT: '', STOCKMESH_NAME: '' })).toMatchObject({
      port: 0,
      name: null,
    })
  })
})

/** Three right values; of a switch, what is not its default comes last. */
function threeOf(setting: SettingName): readonly [unknown, unknown, unknown] {
  const { fallback, schema, value } = definitions[setting]
  if (value === null) return [true, false, true]
  if (setting === 'connector') return ['builtin', 'builtin', 'builtin']
  if (setting === 'differences') return ['network', 'count-in', 'network']
  if (setting === 'role') return ['admin', 'viewer', 'admin']
  const texts = ['1', '2', '3'].map((digit) => [
    Number(digit),
    `https://shop-${digit}.example`,
    `2026-03-0${digit}T00:00:00.000Z`,
    digit.repeat(40),
  ])
  const index = [0, 1, 2, 3].find((kind) => {
    const parsed = schema.safeParse(texts[0]?.[kind])
    return parsed.success && parsed.data === texts[0]?.[kind] && parsed.data !== fallback
  })
  if (index === undefined) throw new Error(`no value fits ${setting}`)
  return [texts[0]?.[index], texts[1]?.[index], texts[2]?.[index]]
}

describe('every fault at once, with the setting’s name, exit code 2', () => {
  test('of flags, environment and file together', async () => {
    await writeFile(config, JSON.stringify({ host: 'a b', colour: 'red', port: 'x', 'open-shop': 'maybe' }))
    const terminal = new FakeTerminal({
      STOCKMESH_ADMIN_TOKEN: 'too-short',
      STOCKMESH_URL: 'ftp://x',
      STOCKMESH_PORT: '70000',
    })
    const argv = [
      'start',
      '--config',
      config,
      '--connector',
      'woo',
      '--verbose',
      '--shop-key',
      'secret',
      '--name',
      '',
      'x',
    ]
    expect(await runCommand(argv, terminal)).toBe(2)
    const faults = terminal.err.split('\n').filter((line) => line.startsWith('  '))
    for (const name of [
      'STOCKMESH_ADMIN_TOKEN must have at least 32',
      'STOCKMESH_URL must be an address',
      'STOCKMESH_PORT must be a whole number from 0 to 65535',
      '--connector must be "builtin"',
      '--verbose is not known',
      '--shop-key is not taken here',
      'Set STOCKMESH_SHOP_KEY',
      '--name must not be empty',
      '"host" in ',
      '"colour" in ',
      '"open-shop" in ',
    ]) {
      expect(
        faults.filter((fault) => fault.includes(name)),
        name,
      ).toHaveLength(1)
    }
    expect(terminal.err).toContain('stockmesh start --help')
    expect(terminal.err).not.toMatch(/too-short|"port" in/)
    expect(terminal.out).toBe('')
  })

  test.each([
    [['start', '--port'], '--port needs a value'],
    [['start', '--port', '--json'], '--port needs a value'],
    [['start', '--port', '7.5'], '--port must be a whole number'],
    [['start', '--port', '-1'], '--port needs a value'],
    [['start', '--port=-1'], '--port must be a whole number'],
    [['start', '--open-shop=yes'], '--open-shop takes no value'],
    [['start', '-x'], '-x is not known'],
    [['start', '--admin-token', 'x'.repeat(40)], '--admin-token is not taken here'],
    [['demo', '--shops', '0'], '--shops must be a whole number from 1'],
    [['join'], 'ADDRESS is missing'],
    [['join', 'a', 'b'], '"b" is one argument too many'],
    [['stock', 'a', 'b'], '"b" is one argument too many'],
    [['status', '--node', 'butik'], '--node must be an address'],
    [['start', '--config', '/nothing/here.json'], 'cannot be read'],
    [['strat'], '"strat" is not a command'],
  ])('%j', async (argv, sentence) => {
    const terminal = new FakeTerminal()
    expect(await runCommand(argv, terminal)).toBe(2)
    expect(terminal.err).toContain(sentence)
    expect(terminal.out).toBe('')
  })

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'must hold one JSON object'],
  ])('the config %s', async (text, sentence) => {
    await writeFile(config, text)
    const terminal = new FakeTerminal()
    expect(await runCommand(['start', '--config', config], terminal)).toBe(2)
    expect(terminal.err).toContain(sentence)
  })

  test('a wrong setting starts nothing and makes no folder', async () => {
    const data = join(folder, 'data')
    await runCommand(['start', '--data', data, '--port', 'x'], new FakeTerminal())
    expect(await readdir(folder)).toEqual([])
  })
})

describe('help', () => {
  test.each(commands.map(({ name }) => name))('%s says what it does, with an example', async (name) => {
    const terminal = new FakeTerminal()
    expect(await runCommand([name, '--help'], terminal)).toBe(0)
    expect(terminal.out).toContain(`stockmesh ${name}`)
    expect(terminal.out).toMatch(/\nExample: stockmesh /)
    expect(terminal.out).not.toMatch(/--shop-key|--admin-token/)
    expect(terminal.err).toBe('')
    const short = new FakeTerminal()
    await runCommand([name, '-h', '--port'], short)
    expect(short.out).toBe(terminal.out)
  })

  test('without a command: the list, exit code 2; when asked for: 0', async () => {
    const terminal = new FakeTerminal()
    expect(await runCommand([], terminal)).toBe(2)
    const first = terminal.out
    terminal.out = ''
    expect(await runCommand(['--help'], terminal)).toBe(0)
    expect(terminal.out).toBe(first)
    for (const { name } of commands) expect(terminal.out).toContain(`  ${name}`)
    const headings = terminal.out.split('\n').filter((line) => /^\w.*:$/.test(line))
    expect(headings).toEqual(['Run:', 'Network:', 'Stock:', 'Look:', 'This node:'])
    expect(Math.max(...terminal.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
  })

  test('the release', async () => {
    const terminal = new FakeTerminal()
    expect(await runCommand(['--version'], terminal)).toBe(0)
    expect(terminal.out).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
  })

  test('the example of every command is a right use of it', () => {
    for (const command of commands) {
      for (const example of command.example.split(', or: ')) {
        const [program, name, ...argv] = splitWords(example)
        expect([program, name]).toEqual(['stockmesh', command.name])
        expect(parseArguments(command, argv, {}), example).toMatchObject({ kind: 'run' })
      }
    }
  })
})

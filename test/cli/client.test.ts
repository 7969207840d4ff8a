/**
 * The commands that talk to a running node, against the real HTTP interface over a fake node.
 */
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { openCliToken, readCliToken } from '../../packages/node/src/http/cli-token.ts'
import { type PauseApi, pauseRoutes } from '../../packages/node/src/http/pause-routes.ts'
import { importAnswer, item } from '../http/fake-node.ts'
import { adminToken, openRunningApp, type RunningApp } from '../http/running-app.ts'
import { FakeTerminal } from './fake-terminal.ts'

const notAsked = (): never => {
  throw new Error('Nothing here pauses the shop.')
}
const atWork: PauseApi = {
  pauseState: () => ({ paused: false, since: null, exact: true }),
  pause: notAsked,
  resumePreview: notAsked,
  resume: notAsked,
}

let app: RunningApp
let terminal: FakeTerminal
beforeEach(async () => {
  app = await openRunningApp({ features: () => pauseRoutes(atWork) })
  terminal = new FakeTerminal()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const run = (...argv: string[]): Promise<number> =>
  runCommand([...argv, '--node', app.url, '--token', adminToken], terminal)

describe('looking', () => {
  test('status in sentences, and for machines as the node answers it', async () => {
    expect(await run('status')).toBe(0)
    expect(terminal.out).toContain('Network   in step, 1 of 1 shops online')
    terminal = new FakeTerminal()
    await run('status', '--json')
    expect(JSON.parse(terminal.out)).toEqual(app.node.status())
  })

  test('stock as a table, numbers to the right, all pages', async () => {
    await run('stock')
    expect(terminal.out.split('\n').slice(0, 3)).toEqual([
      'SKU      LEVEL  SHOWN  SHOP  STATE     NAME',
      'ABC-1      100    100   100  synced    Kop',
      'a/b ?#%     -1      0     0  oversold  =HYPERLINK("x")',
    ])
    app.node.items = Array.from({ length: 2_345 }, (_, index) => item(`S-${index}`, 'n', index))
    terminal = new FakeTerminal()
    await run('stock', '--json')
    expect(JSON.parse(terminal.out)).toMatchObject({ total: 2_345, next: null })
  })

  test('one SKU is explained: the sum and the movements', async () => {
    expect(await run('stock', 'ABC-1')).toBe(0)
    expect(terminal.out).toContain('Baseline 90, ')
    expect(terminal.out).toContain(' +12 -2 = 100')
    expect(terminal.out).toContain('@1001')
    await run('stock', 'a/b ?#%')
    expect(app.node.calls).toContain('stockDetail("a/b ?#%")')
  })

  test('the log, of one SKU', async () => {
    expect(await run('log', '--sku', 'ABC-1')).toBe(0)
    expect(terminal.out).toContain('sale')
    expect(app.node.calls[0]).toContain('"sku":"ABC-1"')
  })

  test('members', async () => {
    expect(await run('members')).toBe(0)
    expect(terminal.out).toContain('Butik DK (this shop)')
  })

  test('a name from a shop cannot steer the terminal; colours only where they are wanted', async () => {
    app.node.items = [item('X', 'bad\u001b[2J\u202e\nname', 1)]
    await run('stock')
    expect(terminal.out).toContain('bad?[2J??name')
    expect(terminal.out).not.toContain('\u001b')
    terminal.hasColor = true
    await run('stock')
    expect(terminal.out).toContain('\u001b[1mSKU')
  })
})

describe('the network', () => {
  test('join says the code to compare', async () => {
    expect(await run('join', 'butik.example', '--import-when-accepted')).toBe(0)
    expect(terminal.out).toBe('butik.example has the request r1. Accept it there if it shows the code K7QM-4T2A.\n')
    expect(app.node.calls).toEqual(['join({"address":"butik.example","importWhenAccepted":true})'])
  })

  test('requests', async () => {
    expect(await run('requests')).toBe(0)
    expect(terminal.out).toContain('Butik SE')
    app.node.requests = []
    terminal = new FakeTerminal()
    await run('requests')
    expect(terminal.out).toBe('There are no open join requests.\n')
  })

  test('accept with a code; a wrong one says so', async () => {
    expect(await run('accept', 'r1', '--code', 'K7QM-4T2A')).toBe(0)
    expect(terminal.out).toBe('Butik SE is accepted.\n')
    expect(await run('accept', 'r1', '--code', 'AAAA-AAAA')).toBe(1)
    expect(terminal.err).toBe('The codes are not equal. Do not accept. (code-mismatch)\n')
  })

  test('the beginning of an id is enough where only one begins so', async () => {
    const [request] = app.node.requests
    if (request === undefined) throw new Error('the fake node has a request')
    app.node.requests = ['abcd1', 'abce2', 'abce3'].map((id) => ({ ...request, id }))
    expect(await run('refuse', 'abcd')).toBe(0)
    expect(await run('refuse', 'abce')).toBe(1)
    expect(await run('refuse', 'abc')).toBe(1)
    expect(app.node.calls.filter((call) => call.startsWith('refuse'))).toEqual([
      'refuseJoinRequest("abcd1")',
      'refuseJoinRequest("abce")',
      'refuseJoinRequest("abc")',
    ])
  })

  test('accept without a code asks a person who has compared it, and nobody else', async () => {
    expect(await run('accept', 'r1')).toBe(2)
    expect(terminal.err).toContain('--code')
    expect(app.node.calls).toEqual([])
    terminal.canAsk = true
    terminal.answers.push('n', 'y')
    expect(await run('accept', 'r1')).toBe(1)
    expect(app.node.calls.filter((call) => call.startsWith('accept'))).toEqual([])
    expect(await run('accept', 'r1')).toBe(0)
    expect(terminal.questions[1]).toContain('K7QM-4T2A')
    expect(app.node.calls).toContain('acceptJoinRequest("r1", "K7QM-4T2A")')
    expect(await run('accept', 'unknown')).toBe(1)
  })

  test('refuse', async () => {
    expect(await run('refuse', 'r1')).toBe(0)
    expect(app.node.calls.filter((call) => call.startsWith('refuse'))).toEqual(['refuseJoinRequest("r1")'])
  })

  test('leave asks on a terminal, and does it without one', async () => {
    terminal.canAsk = true
    terminal.answers.push('')
    expect(await run('leave')).toBe(1)
    expect(app.node.calls).toEqual([])
    expect(await run('leave', '--yes')).toBe(0)
    terminal.canAsk = false
    expect(await run('leave')).toBe(0)
    expect(app.node.calls).toEqual(['leave(false)', 'leave(false)'])
    expect(terminal.questions).toHaveLength(1)
  })
})

describe('import', () => {
  const steps = (): void => {
    const running = Array.from({ length: 101 }, (_, done) => importAnswer('running', done * 10, 1_000))
    app.node.importAnswers = [importAnswer('listing', 0, 0), ...running, importAnswer('done', 1_000, 1_000)]
  }

  test('a line for every tenth where nobody looks', async () => {
    steps()
    expect(await run('import')).toBe(0)
    const lines = terminal.out.trimEnd().split('\n')
    expect(lines).toHaveLength(12)
    expect(lines[0]).toBe('Reading the shop: 0 of 0, 250 a second')
    expect(lines[1]).toBe('Importing: 100 of 1000, 250 a second')
    expect(lines.at(-1)).toBe('The import is done: 1000 of 1000.')
    expect(terminal.out).not.toContain('\r')
  })

  test('one line that overwrites itself on a terminal', async () => {
    steps()
    terminal.isTerminal = true
    expect(await run('import')).toBe(0)
    expect(terminal.out.split('\n')).toHaveLength(3)
    expect(terminal.out).toContain('\r\u001b[KImporting: 10 of 1000')
  })

  const joining = (): void => {
    app.node.importAnswers = ['listing', 'ready', 'running', 'done'].map((state) => importAnswer(state as 'done', 1, 1))
  }

  test('the first shop: it begins where nothing was imported yet', async () => {
    app.node.importAnswers = ['idle', 'running', 'done'].map((state) => importAnswer(state as 'done', 1, 1))
    expect(await run('import', '--json')).toBe(0)
    expect(app.node.calls).toEqual(['importState()', 'startImport(null)', 'importState()'])
  })

  test('a joining shop: what will happen is shown, and nothing is written before the person says so', async () => {
    joining()
    terminal.isTerminal = true
    terminal.canAsk = true
    terminal.answers.push('no')
    expect(await run('import')).toBe(1)
    expect(terminal.out).toContain('SKU-7')
    expect(terminal.out).toContain('2 SKUs are in the network too; of them 1 change, by 7 units in all, and 1 go to 0.')
    expect(terminal.questions).toEqual([expect.stringContaining('Start the import?')])
    expect(terminal.err).toContain('Nothing was changed.')
    expect(app.node.calls.some((call) => call.startsWith('startImport'))).toBe(false)
  })

  test('a joining shop: with --yes, and where nobody can be asked, the preview that was read is started', async () => {
    joining()
    terminal.canAsk = true
    expect(await run('import', '--yes', '--json')).toBe(0)
    expect(app.node.calls).toEqual([
      'importState()',
      'importState()',
      'importPreview()',
      'startImport("seen-1")',
      'importState()',
    ])
    expect(JSON.parse(terminal.out).state).toBe('done')
    expect(terminal.questions).toEqual([])
  })

  test('a joining shop: a preview that is stale is shown and asked about again', async () => {
    joining()
    app.node.stalePreviews = 1
    terminal.isTerminal = true
    terminal.canAsk = true
    terminal.answers.push('yes', 'yes')
    expect(await run('import')).toBe(0)
    expect(app.node.calls.filter((call) => call.startsWith('startImport'))).toEqual([
      'startImport("seen-1")',
      'startImport("seen-2")',
    ])
    expect(terminal.questions).toHaveLength(2)
    expect(terminal.err).toContain('More has changed meanwhile')
  })

  test('rows that were left out are named; a failed import fails', async () => {
    app.node.importAnswers = [importAnswer('done', 3, 3, 1)]
    expect(await run('import')).toBe(0)
    expect(terminal.err).toContain('1 rows were left out')
    expect(terminal.err).toContain('Half a unit.')
    app.node.importAnswers = [importAnswer('failed', 1, 3)]
    expect(await run('import')).toBe(1)
    expect(terminal.err).toContain('The import is failed at 1 of 3.')
  })
})

describe('when it does not work', () => {
  const call = (...argv: string[]): Promise<number> => runCommand(argv, terminal)

  test('no node, a wrong token, no token, not a node: one sentence, exit code 1', async () => {
    expect(await call('status', '--node', 'http://127.0.0.1:9', '--token', 'x')).toBe(1)
    expect(await call('status', '--node', app.url, '--token', 'wrong')).toBe(1)
    expect(await call('status', '--node', app.url, '--data', join(tmpdir(), 'stockmesh-none'))).toBe(1)
    expect(await call('status', '--node', `${app.url}/elsewhere`, '--token', adminToken)).toBe(1)
    const sentences = terminal.err.trimEnd().split('\n')
    expect(sentences[0]).toMatch(/^No node answers at http:\/\/127\.0\.0\.1:9\. Start it with/)
    expect(sentences[1]).toMatch(/^The node at .* refuses the token\./)
    expect(sentences[2]).toMatch(/^There is no token in .*stockmesh-none\./)
    expect(sentences).toHaveLength(4)
    expect(terminal.out).toBe('')
  })

  test('what the node refuses is told with its code', async () => {
    expect(await run('stock', 'NONE')).toBe(1)
    expect(terminal.err).toBe('No product has the SKU NONE. (sku-unknown)\n')
  })

  test('the token comes from the folder or the environment; the folder’s is for its owner alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stockmesh-cli-'))
    try {
      const token = await openCliToken(folder)
      expect(token.length).toBeGreaterThanOrEqual(43)
      await chmod(join(folder, 'cli-token'), 0o644)
      expect(await openCliToken(folder)).toBe(token)
      expect((await stat(join(folder, 'cli-token'))).mode & 0o777).toBe(0o600)
      expect(await readCliToken(folder)).toBe(token)
      expect(await call('status', '--node', app.url, '--data', folder)).toBe(1)
      expect(terminal.err).toContain('refuses the token')
      terminal = new FakeTerminal({ STOCKMESH_ADMIN_TOKEN: adminToken })
      expect(await call('status', '--node', app.url, '--data', folder)).toBe(0)
      terminal = new FakeTerminal({ STOCKMESH_TOKEN: adminToken, STOCKMESH_NODE: app.url })
      expect(await call('status')).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

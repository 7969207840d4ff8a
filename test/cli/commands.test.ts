/**
 * The commands that change this node and its stock, against a port that answers by a script: what they ask, in which
 * order, what they send, and what a person reads.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { nothingStopped } from '../harness/status.ts'
import { adminToken } from '../http/running-app.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { fail, listOf, ScriptedNode } from './scripted-node.ts'

let node: ScriptedNode
let terminal: FakeTerminal
beforeEach(async () => {
  node = await ScriptedNode.open()
  terminal = new FakeTerminal()
})
afterEach(async () => {
  await node[Symbol.asyncDispose]()
})

const run = (...argv: string[]): Promise<number> =>
  runCommand([...argv, '--node', node.url, '--token', adminToken], terminal)

const member = {
  id: 'm2',
  name: 'Butik SE',
  url: 'https://se.example',
  self: false,
  online: false,
  lastContactAt: null,
  behind: null,
  release: null,
  clockAheadMs: null,
  import: null,
  shopState: null,
}

describe('evict', () => {
  beforeEach(() => {
    node.replies['GET /members'] = listOf(member)
    node.replies['DELETE /members/m2'] = {}
  })

  test('asks with the name on a terminal; no removes nobody', async () => {
    terminal.canAsk = true
    terminal.answers.push('', 'yes')
    expect(await run('evict', 'm2')).toBe(1)
    expect(node.changes).toEqual([])
    expect(terminal.questions[0]).toContain('Butik SE is removed for good')
    expect(await run('evict', 'm2')).toBe(0)
    expect(terminal.out).toBe('Butik SE is removed from the network. What it has sold still counts.\n')
  })

  test('with --yes, and where nobody can be asked, it does it', async () => {
    expect(await run('evict', 'm2', '--json')).toBe(0)
    expect(JSON.parse(terminal.out)).toEqual({})
    terminal.canAsk = true
    expect(await run('evict', 'm2', '--yes')).toBe(0)
    expect(node.changes).toHaveLength(2)
    expect(terminal.questions).toEqual([])
  })

  test('what it did since a time is undone with it, before and after', async () => {
    const undone = { items: [], counted: 3, refused: 0, unitsChanged: 30, dryRun: false, unheard: [] }
    node.replies['POST /members/m2/undo'] = undone
    expect(await run('evict', 'm2', '--yes', '--undo-since', '2026-03-01T08:00:00Z')).toBe(0)
    expect(terminal.out).toBe('Butik SE is removed from the network. Undone: 6 SKUs.\n')
    expect(node.changes).toHaveLength(3)
    node.replies['POST /members/m2/undo'] = { ...undone, refused: 2 }
    expect(await run('evict', 'm2', '--yes', '--undo-since', '2026-03-01T08:00:00Z')).toBe(1)
    expect(terminal.out).toContain('Of 2 it is not known yet; undo them once more.')
    expect(await run('evict', 'm2', '--yes', '--undo-since', 'yesterday')).toBe(2)
  })

  test('a member that is none is refused by the node', async () => {
    node.fallback = (_request, response) => fail(response, 404, 'member-unknown', 'No member has this id.')
    expect(await run('evict', 'nobody')).toBe(1)
    expect(terminal.err).toBe('No member has this id. (member-unknown)\n')
  })
})

describe('leave', () => {
  test('says what it waits for, to a person', async () => {
    node.replies['POST /leave'] = {}
    await run('leave')
    expect(terminal.err).toBe('')
    terminal.isTerminal = true
    await run('leave')
    expect(terminal.err).toContain('Waiting up to 60 s until another shop has everything that was sold here')
  })
})

const done = { counted: 1, refused: 0, unitsChanged: 7, dryRun: false, unheard: [] as string[] }
const counted = { sku: 'ABC-1', name: 'Kop', from: 19, to: 12, error: null }
const refused = {
  sku: 'X',
  name: null,
  from: null,
  to: null,
  error: { code: 'sku-unknown', message: 'No shop has this SKU.' },
}

describe('count', () => {
  test('one SKU: what lies on the shelf, when counting began, and what is still to be sent', async () => {
    node.replies['POST /stock/ABC-1/count'] = { ...done, items: [counted] }
    expect(await run('count', 'ABC-1', '12', '--as-of', '2026-03-01T08:00:00+01:00', '--unsent', '2')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ quantity: 12, asOf: '2026-03-01T07:00:00.000Z', unsent: 2 })
    expect(terminal.out.split('\n')).toEqual([
      'SKU    FROM  TO  CHANGE  NAME',
      'ABC-1    19  12      -7  Kop',
      '',
      'Done: 1 SKUs, 1 of them changed, by 7 units in all.',
      '',
    ])
  })

  test('a dry run changes nothing and says so', async () => {
    node.replies['POST /stock/ABC-1/count'] = { ...done, dryRun: true, items: [counted] }
    expect(await run('count', 'ABC-1', '12', '--dry-run')).toBe(0)
    expect(node.calls).toEqual(['POST /stock/ABC-1/count?dryRun=true'])
    expect(terminal.out).toContain('Nothing is changed yet. It would be 1 SKUs')
  })

  test('shops that were not heard of are named', async () => {
    node.replies['POST /stock/ABC-1/count'] = { ...done, unheard: ['Butik SE'], items: [counted] }
    await run('count', 'ABC-1', '12')
    expect(terminal.out).toContain('Not heard of lately: Butik SE.')
  })

  test('a file: the largest changes first, refused lines by themselves, exit code 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stockmesh-count-'))
    try {
      const file = join(folder, 'counts.csv')
      await writeFile(file, 'varenr;antal;unsent\r\nABC-1;12;\r\nBIG;100;3\r\nX;1;\r\n')
      const big = { sku: 'BIG', name: 'Kasse', from: 0, to: 97, error: null }
      node.replies['POST /counts'] = { ...done, items: [counted, big, refused], counted: 2, refused: 1 }
      expect(await run('count', '--file', file, '--as-of', '2026-03-01T07:00Z')).toBe(1)
      const asOf = '2026-03-01T07:00:00.000Z'
      expect(node.changes[0]?.body).toEqual({
        items: [
          { sku: 'ABC-1', quantity: 12, asOf },
          { sku: 'BIG', quantity: 100, unsent: 3, asOf },
          { sku: 'X', quantity: 1, asOf },
        ],
      })
      expect(terminal.out.split('\n')[1]).toMatch(/^BIG .*\+97 {2}Kasse$/)
      expect(terminal.err).toContain('1 lines are refused')
      expect(terminal.err).toContain('X    No shop has this SKU. (sku-unknown)')
      expect(await run('count', '--file', join(folder, 'none.csv'))).toBe(2)
      expect(terminal.err).toContain('none.csv cannot be read (ENOENT).')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a file with faults is not sent: all faults in one go, exit code 2', async () => {
    terminal.input = 'sku,quantity\nA,1\nB,1.5\n,3\nA,2\n'
    expect(await run('count', '--file', '-')).toBe(2)
    expect(terminal.err).toContain('Line 3: "1.5" is not a whole number of units.')
    expect(terminal.err).toContain('Line 4: the SKU is missing.')
    expect(terminal.err).toContain('Line 5: A stands in line 2 already.')
    expect(node.calls).toEqual([])
  })

  test.each([
    [[], 'SKU and N are missing, or --file.'],
    [['ABC-1'], 'SKU and N are missing, or --file.'],
    [['ABC-1', 'many'], 'N must be a whole number from 0 to'],
    [['ABC-1', '1', '--file', 'x'], 'SKU and --file do not go together.'],
    [['--file', 'x', '--unsent', '1'], 'in a file it is a column'],
    [['ABC-1', '1', '--as-of', 'today'], '--as-of must be a time such as'],
    [['ABC-1', '1', '--as-of', '2026-13-01'], '--as-of must be a time such as'],
  ])('%j is used wrongly', async (argv, sentence) => {
    expect(await run('count', ...argv)).toBe(2)
    expect(terminal.err).toContain(sentence)
    expect(node.calls).toEqual([])
  })
})

describe('receive', () => {
  test('one SKU, with a note; each call has a key of its own', async () => {
    node.replies['POST /received'] = { ...done, items: [{ ...counted, to: 43 }] }
    expect(await run('receive', 'ABC-1', '24', '--note', 'Delivery 1042')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ items: [{ sku: 'ABC-1', quantity: 24 }], note: 'Delivery 1042' })
    await run('receive', 'ABC-1', '24')
    const keys = node.changes.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
  })

  test('what is piped in', async () => {
    node.replies['POST /received'] = { ...done, items: [] }
    terminal.input = 'A;1\nB;2\n'
    expect(await run('receive', '-')).toBe(0)
    expect(node.changes[0]?.body).toEqual({
      items: [
        { sku: 'A', quantity: 1 },
        { sku: 'B', quantity: 2 },
      ],
    })
  })

  test('when the answer breaks off it is sent once more under the same key, so that goods are added once', async () => {
    let isFirst = true
    node.replies['POST /received'] = (_request, response) => {
      if (isFirst) response.destroy()
      else response.end(JSON.stringify({ ...done, items: [] }))
      isFirst = false
    }
    expect(await run('receive', 'ABC-1', '24')).toBe(0)
    const keys = node.changes.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(2)
    expect(keys[0]).toMatch(/^[\w-]{22}$/)
    expect(keys[1]).toBe(keys[0])
  })
})

describe('problems', () => {
  const problem = {
    id: 'held',
    version: 17,
    kind: 'held',
    member: 'm1',
    sku: null,
    count: 2,
    message: '2 SKUs differ from the network by 9 units.',
    details: { reason: 'rollback', units: 9 },
    since: '2026-03-01T10:00:00Z',
    actions: [
      { id: 'use-network', destructive: true },
      { id: 'retry', destructive: false },
    ],
  }
  beforeEach(() => {
    node.replies['GET /problems'] = listOf(problem)
    node.replies['GET /problems/held/items'] = listOf()
    node.replies['POST /problems/held/use-network'] = {}
    node.replies['POST /problems/held/retry'] = {}
  })

  test('the list, of this shop or of all', async () => {
    expect(await run('problems', '--member', 'all')).toBe(0)
    expect(node.calls[0]).toContain('GET /problems?member=all&')
    expect(terminal.out).toContain('held  held  -        2  2026-03-01T10:00:00Z  use-network retry')
    node.replies['GET /problems'] = listOf()
    terminal = new FakeTerminal()
    await run('problems')
    expect(terminal.out).toBe('There are no problems.\n')
  })

  test('one of them, with what can be done', async () => {
    expect(await run('problems', 'held')).toBe(0)
    expect(terminal.out).toContain('  units: 9\n')
    expect(terminal.out).toContain('  stockmesh problems held use-network\n')
    expect(await run('problems', 'gone')).toBe(1)
    expect(terminal.err).toContain('There is no problem gone')
  })

  test('an action goes with the version that was seen', async () => {
    expect(await run('problems', 'held', 'retry')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ version: 17 })
    await run('problems', 'held', 'retry', '--seen', '16')
    expect(node.changes[1]?.body).toEqual({ version: 16 })
  })

  test('what cannot be taken back is asked for on a terminal', async () => {
    terminal.canAsk = true
    terminal.answers.push('n')
    expect(await run('problems', 'held', 'use-network')).toBe(1)
    expect(node.changes).toEqual([])
    expect(await run('problems', 'held', 'use-network', '--yes')).toBe(0)
    expect(await run('problems', 'held', 'retry')).toBe(0)
    expect(terminal.questions).toHaveLength(1)
  })
})

describe('pause and resume', () => {
  const item = { sku: 'ABC-1', name: 'Kop', shopLevel: 7, shown: 10, difference: -3 }
  const preview = { paused: true, exact: false, differ: 1, unitsChanged: 3, items: [item] }
  beforeEach(() => {
    node.replies['POST /pause'] = { paused: true, since: '2026-03-01T10:00:00Z', exact: true }
    node.replies['GET /resume/preview'] = preview
    node.replies['POST /resume'] = { paused: false, since: null, exact: true }
  })

  test('pause says what it means', async () => {
    expect(await run('pause')).toBe(0)
    expect(terminal.out).toContain('Paused since 2026-03-01T10:00:00Z: nothing is read or written in this shop.')
  })

  test('resume shows the preview on a terminal, and asks whose numbers hold', async () => {
    terminal.canAsk = true
    terminal.isTerminal = true
    terminal.answers.push('c')
    expect(await run('resume')).toBe(0)
    expect(terminal.out).toContain('ABC-1     7     10          -3  Kop')
    expect(terminal.questions[0]).toContain('Whose numbers hold')
    expect(node.changes[0]?.body).toEqual({ differences: 'count-in' })
  })

  test('an answer that is none changes nothing', async () => {
    terminal.canAsk = true
    expect(await run('resume')).toBe(1)
    terminal.answers.push('n')
    expect(await run('resume', '--differences', 'count-in')).toBe(1)
    expect(node.changes).toEqual([])
    expect(terminal.err).toBe('Nothing was changed.\nNothing was changed.\n')
  })

  test('without a person the choice must stand on the line; exit code 2', async () => {
    expect(await run('resume')).toBe(2)
    expect(terminal.err).toContain('--differences network')
    expect(node.changes).toEqual([])
    expect(await run('resume', '--differences', 'network')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ differences: 'network' })
  })

  test('where nothing has to be decided, nothing is asked', async () => {
    terminal.canAsk = true
    node.replies['GET /resume/preview'] = { ...preview, exact: true }
    expect(await run('resume')).toBe(0)
    node.replies['GET /resume/preview'] = { ...preview, differ: 0, items: [] }
    expect(await run('resume')).toBe(0)
    expect(terminal.questions).toEqual([])
  })
})

describe('settings', () => {
  const answer = {
    name: 'Butik DK',
    language: 'da',
    buffer: 0,
    holdOwnChanges: true,
    holdMemberChanges: true,
    holdFromSkus: 50,
    alertWebhookUrl: null,
    alertWebhookSecretSet: false,
    alertEmailTo: null,
    alertEmailFrom: null,
    alertSmtpUrlSet: true,
    alertUnreachableMinutes: 15,
    alertQuietFrom: null,
    alertQuietTo: null,
    alertQuietZone: null,
    alertQuietExempt: 'none',
  }
  const self = { id: 'm1', name: 'Butik DK', url: 'http://127.0.0.1:7400', release: '0.1.0' }
  beforeEach(() => {
    node.replies['GET /settings'] = answer
    node.replies['PATCH /settings'] = answer
    node.replies['PATCH /node'] = self
    node.replies['GET /status'] = {
      node: self,
      shop: {
        connector: 'builtin',
        promise: 'exact',
        state: 'connected',
        lastContactAt: null,
        url: null,
        location: null,
      },
      network: null,
      import: { state: 'idle', done: 0, total: 0 },
      stock: { skus: 0, matched: 0, oversold: 0, problems: 0 },
      pending: { in: 0, out: 0, shop: 0 },
      lastChangeAt: null,
      ...nothingStopped,
    }
  })

  test('all of them; of a secret only whether there is one', async () => {
    expect(await run('settings')).toBe(0)
    expect(terminal.out).toMatch(/^buffer +0$/m)
    expect(terminal.out).toMatch(/^alert-smtp-url +\(set\)$/m)
    expect(terminal.out).toMatch(/^alert-webhook-secret +-$/m)
    expect(terminal.out).toMatch(/^url +http:\/\/127\.0\.0\.1:7400$/m)
    terminal = new FakeTerminal()
    await run('settings', '--json')
    expect(JSON.parse(terminal.out)).toEqual(answer)
  })

  test('one of them, in both spellings; without a change nothing is changed', async () => {
    await run('settings', 'alert-unreachable-minutes')
    await run('settings', 'alertUnreachableMinutes')
    await run('settings', 'url')
    expect(terminal.out).toBe('15\n15\nhttp://127.0.0.1:7400\n')
    expect(node.changes).toEqual([])
  })

  test('a change: numbers as numbers, name and address to the node, --default as null', async () => {
    expect(await run('settings', 'buffer', '2')).toBe(0)
    expect(await run('settings', 'name', 'Butik NO')).toBe(0)
    expect(await run('settings', 'url', 'https://no.example')).toBe(0)
    expect(await run('settings', 'alert-email-to', '--default')).toBe(0)
    expect(node.changes.map(({ path, body }) => [path, body])).toEqual([
      ['/settings', { buffer: 2 }],
      ['/node', { name: 'Butik NO' }],
      ['/node', { url: 'https://no.example' }],
      ['/settings', { alertEmailTo: null }],
    ])
  })

  test('a secret never stands on the line; it comes from the environment, a person, or a pipe', async () => {
    const secret = 'smtps://user:hemmelig@mail.example'
    expect(await run('settings', 'alert-smtp-url', secret)).toBe(2)
    expect(terminal.err).toContain('STOCKMESH_ALERT_SMTP_URL')
    expect(node.calls).toEqual([])
    terminal.input = `${secret}\n`
    expect(await run('settings', 'alert-smtp-url', '-')).toBe(0)
    terminal.canAsk = true
    terminal.answers.push(secret)
    expect(await run('settings', 'alert-smtp-url', '-')).toBe(0)
    expect(terminal.secretQuestions).toEqual(['alert-smtp-url: '])
    const before = terminal
    terminal = new FakeTerminal({ STOCKMESH_ALERT_SMTP_URL: secret })
    expect(await run('settings', 'alert-smtp-url', '-')).toBe(0)
    expect(node.changes.map(({ body }) => body)).toEqual(Array(3).fill({ alertSmtpUrl: secret }))
    expect(before.out + before.err + terminal.out + terminal.err).not.toContain('hemmelig')
  })

  test.each([
    [['colour'], '"colour" is not a setting. There are name, url,'],
    [['__proto__'], '"__proto__" is not a setting.'],
    [['buffer', 'two'], 'buffer must be a whole number.'],
    [['buffer', '2', '--default'], 'VALUE and --default do not go together.'],
    [['--default'], '--default needs the NAME'],
    [['alert-smtp-url', '-'], 'There is no value for alert-smtp-url.'],
  ])('%j is used wrongly', async (argv, sentence) => {
    expect(await run('settings', ...argv)).toBe(2)
    expect(terminal.err).toContain(sentence)
    expect(node.changes).toEqual([])
  })
})

describe('tokens', () => {
  const item = { id: 't1', name: 'Bookkeeping', role: 'viewer', createdAt: '2026-03-01T10:00:00.000Z', usedAt: null }
  beforeEach(() => {
    node.replies['GET /tokens'] = { items: [item], next: null, total: 1 }
    node.replies['POST /tokens'] = { ...item, token: 'stockmesh_secret' }
    node.replies['DELETE /tokens/t1'] = {}
  })

  test('are listed, made with the least role, and revoked by name', async () => {
    expect(await run('tokens')).toBe(0)
    expect(terminal.out).toContain('Bookkeeping  viewer  2026-03-01T10:00:00Z  -')
    expect(await run('tokens', 'create', 'Bookkeeping')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ name: 'Bookkeeping', role: 'viewer' })
    expect(terminal.out).toContain('stockmesh_secret\n')
    expect(await run('tokens', 'create', 'Stock', '--role', 'admin')).toBe(0)
    expect(node.changes[1]?.body).toEqual({ name: 'Stock', role: 'admin' })
    expect(await run('tokens', 'revoke', 'Bookkeeping')).toBe(0)
  })

  test('one that is not there, and a name that is missing', async () => {
    expect(await run('tokens', 'revoke', 'Other')).toBe(1)
    expect(terminal.err).toContain('There is no token Other.')
    expect(await run('tokens', 'create')).toBe(2)
  })
})

describe('password', () => {
  const session = { state: 'signed-in', role: 'admin', hasPassword: true, name: 'Butik DK', language: 'da' }
  beforeEach(() => {
    node.replies['GET /session'] = session
    node.replies['POST /password'] = {}
  })

  test('what is piped in, without the end of its line', async () => {
    terminal.input = 'rødgrød med fløde\n'
    expect(await run('password')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ password: 'rødgrød med fløde' })
    expect(terminal.out).not.toContain('rødgrød')
  })

  test('the password of viewers is set, removed, and never printed', async () => {
    node.replies['POST /viewer-password'] = { set: true }
    node.replies['DELETE /viewer-password'] = { set: false }
    node.replies['GET /viewer-password'] = { set: false }
    terminal.input = 'kun at se med\n'
    expect(await run('viewers', 'set')).toBe(0)
    expect(node.changes[0]?.body).toEqual({ password: 'kun at se med' })
    expect(terminal.out).not.toContain('kun at se')
    expect(await run('viewers', 'remove')).toBe(0)
    expect(await run('viewers')).toBe(0)
    expect(terminal.out).toContain('There is no password for viewers.')
    expect(await run('viewers', 'show')).toBe(2)
  })

  test('a node that is not set up is told before anything is asked', async () => {
    node.replies['GET /session'] = { ...session, hasPassword: false }
    node.replies['GET /status'] = {}
    terminal.canAsk = true
    expect(await run('password')).toBe(1)
    expect(terminal.err).toBe('This node has no password yet. Open its admin pages to set it up. (setup-first)\n')
    expect(terminal.secretQuestions).toEqual([])
    expect(node.changes).toEqual([])
  })

  test('one that is too short is sent nowhere', async () => {
    terminal.input = 'kort'
    expect(await run('password')).toBe(2)
    expect(terminal.err).toContain('10 to 1000 characters')
    expect(node.changes).toEqual([])
  })
})

/** `stockmesh connect`: what a person is asked, what is sent, and what is never shown. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectorAnswer, ConnectorTrial } from '@stockmesh/protocol'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { ScriptedNode } from './scripted-node.ts'

let node: ScriptedNode
let terminal: FakeTerminal

const before: ConnectorAnswer = {
  platform: 'builtin',
  settings: {},
  secretsSet: [],
  fromEnvironment: [],
  fixed: false,
  promise: 'exact',
  location: null,
  warnings: [],
  otherWriters: null,
}
const trial: ConnectorTrial = {
  platform: 'kiosk',
  release: 'Kiosk 3.1',
  promise: 'best-effort',
  mayWrite: true,
  sample: { sku: 'CUP-1', name: 'Cup', stock: 7 },
  locations: [
    { id: '1', name: 'Aarhus' },
    { id: '2', name: 'Odense' },
  ],
  warnings: ['Webhooks are off.'],
  learned: {},
}
const field = { secret: false, required: true, location: false }
const counts = { 'no-sku': 2, duplicate: 1, untracked: 0, fraction: 0, bundle: 0, negative: 0, other: 0 }

beforeEach(async () => {
  node = await ScriptedNode.open()
  terminal = new FakeTerminal()
  node.replies['GET /platforms'] = {
    items: [
      { name: 'builtin', fields: [] },
      {
        name: 'kiosk',
        fields: [
          { ...field, name: 'url', help: 'Its address.' },
          { ...field, name: 'key', help: 'Its key.', secret: true },
          { ...field, name: 'place', help: 'Its location.', location: true },
        ],
      },
    ],
    next: null,
    total: 2,
  }
  node.replies['GET /connector'] = before
  node.replies['POST /connector/test'] = trial
  node.replies['POST /connector'] = { ...before, platform: 'kiosk', location: { id: '2', name: 'Odense' } }
  node.replies['GET /connector/health'] = { items: [], next: null, total: 0, rows: 12, products: 14, counts }
})

afterEach(async () => {
  await node[Symbol.asyncDispose]()
})

const connect = (...given: string[]): Promise<number> =>
  runCommand(['connect', ...given, '--node', node.url, '--token', 't'], terminal)
const sent = (): readonly [string, unknown][] =>
  node.changes.map(({ method, path, body }) => [`${method} ${path}`, body])

test('a person is asked for the platform, each setting, the location and what else changes stock', async () => {
  terminal.canAsk = true
  terminal.answers.push('kiosk', 'https://kiosk.example', 'sesame', '2', 'es', 'y')
  expect(await connect()).toBe(0)
  const settings = { url: 'https://kiosk.example', key: 'sesame' }
  expect(sent()).toEqual([
    ['POST /connector/test', { platform: 'kiosk', settings }],
    [
      'POST /connector',
      { platform: 'kiosk', settings: { ...settings, place: '2' }, otherWriters: ['erp', 'supplier-feed'] },
    ],
  ])
  expect(terminal.secretQuestions).toEqual(['key: '])
  expect(terminal.out).toContain('Cup (CUP-1), 7 in stock')
  expect(terminal.out).toContain('Best effort')
  expect(terminal.out).toContain('Note: Webhooks are off.')
  expect(terminal.out).toContain('(kiosk, location Odense)')
  expect(terminal.out).toContain('2 without a SKU')
  expect(terminal.out + terminal.err).not.toContain('sesame')
})

test.each([
  ['', '1'],
  ['2', '2'],
  ['-', undefined],
])('the location that was picked before is asked about again, and "%s" makes it %s', async (answer, place) => {
  node.replies['GET /connector'] = { ...before, platform: 'kiosk', settings: { url: 'u', place: '1' } }
  terminal.canAsk = true
  terminal.answers.push('kiosk', '', 'sesame', answer, '', 'y')
  expect(await connect()).toBe(0)
  const settings = { url: 'u', key: 'sesame', ...(place === undefined ? {} : { place }) }
  expect(sent()[1]?.[1]).toEqual({ platform: 'kiosk', settings, otherWriters: [] })
  expect(terminal.questions.at(-3)).toBe('Which location (1, 2) [1]: ')
})

test('unattended, settings come from the environment and from the input', async () => {
  terminal.env['STOCKMESH_KIOSK_KEY'] = 'sesame'
  terminal.input = '{"url":"https://kiosk.example","place":"1"}'
  expect(await connect('kiosk', '--json')).toBe(0)
  expect(sent()[1]?.[1]).toEqual({
    platform: 'kiosk',
    settings: { url: 'https://kiosk.example', place: '1', key: 'sesame' },
  })
  expect(JSON.parse(terminal.out)).toMatchObject({ trial: { release: 'Kiosk 3.1' }, connector: { platform: 'kiosk' } })
})

test('a dry run, a key that may not write, and a no keep nothing', async () => {
  expect(await connect('kiosk', '--dry-run')).toBe(0)
  node.replies['POST /connector/test'] = { ...trial, mayWrite: false }
  expect(await connect('kiosk')).toBe(1)
  expect(terminal.err).toContain('may not change stock')
  node.replies['POST /connector/test'] = trial
  terminal.canAsk = true
  terminal.answers.push('', '', '', '', 'n')
  expect(await connect('kiosk')).toBe(1)
  expect(node.calls.filter((call) => call === 'POST /connector')).toEqual([])
})

test('what the shop refuses is one sentence; a platform that there is not and a broken input are told at once', async () => {
  node.replies['POST /connector/test'] = (_request, response) => {
    response.writeHead(422, { 'content-type': 'application/json' })
    response.end('{"error":{"code":"key-rejected","message":"The shop does not accept the key.","details":{}}}')
  }
  expect(await connect('kiosk')).toBe(1)
  expect(terminal.err).toBe('The shop does not accept the key. (key-rejected)\n')
  expect(await connect('none')).toBe(2)
  expect(terminal.err).toContain('PLATFORM is one of builtin, kiosk.')
  terminal.input = '["url"]'
  expect(await connect('kiosk')).toBe(2)
})

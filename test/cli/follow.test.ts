/**
 * Following the log: nothing is lost between the list and the stream, nothing is shown twice, and what breaks is taken
 * up again where it broke.
 */
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { eventually } from '../harness/eventually.ts'
import { adminToken } from '../http/running-app.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { fail, listOf, ScriptedNode } from './scripted-node.ts'

let node: ScriptedNode
let terminal: FakeTerminal
let streams: ServerResponse[]
beforeEach(async () => {
  node = await ScriptedNode.open()
  terminal = new FakeTerminal()
  streams = []
  node.replies['GET /events'] = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    streams.push(response)
  }
  node.replies['GET /log'] = listOf(line(2), line(1))
  node.replies['GET /members'] = listOf()
})
afterEach(async () => {
  await node[Symbol.asyncDispose]()
})

const run = (...argv: string[]): Promise<number> =>
  runCommand([...argv, '--node', node.url, '--token', adminToken], terminal)

function line(number: number, sku = 'ABC-1'): object {
  return {
    at: `2026-03-01T10:00:0${number}Z`,
    member: 'm1',
    sku,
    name: 'Kop',
    delta: -number,
    levelAfter: 100 - number,
    cause: 'sale',
    reference: `100${number}`,
    result: 'applied',
  }
}

function tell(event: string, data: object, id?: string): void {
  streams.at(-1)?.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** What was printed with `--json`: one object a line. */
function told(): readonly unknown[] {
  return terminal.out
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as unknown)
}

const lines = (count: number): Promise<unknown> =>
  eventually(`${count} lines`, () => (told().length >= count ? true : null))

test('the latest lines, the oldest first, then each new one; Ctrl-C ends it with 0', async () => {
  const ended = run('log', '--follow')
  await eventually('the list', () => terminal.out.includes('1002'))
  tell('log', line(3), '3')
  await eventually('the new line', () => terminal.out.includes('1003'))
  terminal.stop()
  expect(await ended).toBe(0)
  expect(terminal.out.split('\n').map((text) => text.slice(0, 20))).toEqual([
    'TIME                ',
    '2026-03-01T10:00:01Z',
    '2026-03-01T10:00:02Z',
    '2026-03-01T10:00:03Z',
    '',
  ])
  expect(terminal.err).toBe('')
})

test('a line that comes both by the list and by the stream is shown once', async () => {
  node.replies['GET /log'] = (_request, response) => {
    tell('log', line(2), '2')
    response.end(JSON.stringify(listOf(line(2), line(1))))
  }
  const ended = run('log', '--follow', '--json')
  await lines(2)
  tell('log', line(3), '3')
  await lines(3)
  terminal.stop()
  await ended
  expect(told()).toEqual([line(1), line(2), line(3)])
})

test('only the SKU that was asked for, in whichever spelling', async () => {
  const ended = run('log', '--follow', '--json', '--sku', 'abc-1')
  await lines(2)
  expect(node.calls).toContain('GET /log?sku=abc-1&limit=10')
  tell('log', line(3, 'OTHER'), '3')
  tell('log', { ...line(4), sku: null }, '4')
  tell('log', line(5), '5')
  await lines(3)
  terminal.stop()
  await ended
  expect(told()[2]).toEqual(line(5))
})

test('a stream that breaks is taken up at the last event, and says so on the error stream', async () => {
  const ended = run('log', '--follow', '--json')
  await lines(2)
  tell('ping', {})
  tell('log', line(3), '41')
  await lines(3)
  node.dropConnections()
  await eventually('the second stream', () => streams.length === 2)
  expect(node.requests.at(-1)?.headers['last-event-id']).toBe('41')
  tell('log', line(4), '42')
  await lines(4)
  streams.at(-1)?.end()
  await eventually('the third stream', () => streams.length === 3)
  expect(node.requests.at(-1)?.headers['last-event-id']).toBe('42')
  terminal.stop()
  expect(await ended).toBe(0)
  expect(terminal.err.trimEnd().split('\n')).toHaveLength(2)
  expect(terminal.err).toContain('Trying again until Ctrl-C')
  expect(node.calls.filter((call) => call.startsWith('GET /log'))).toHaveLength(1)
})

test('after a gap the list is read again, and only what is new is shown', async () => {
  const ended = run('log', '--follow', '--json')
  await lines(2)
  node.replies['GET /log'] = listOf(line(5), line(4), line(3), line(2), line(1))
  tell('reset', {}, '90')
  await lines(5)
  terminal.stop()
  await ended
  expect(told()).toEqual([1, 2, 3, 4, 5].map((number) => line(number)))
})

test('a stream that broke before any event came is no gap either: the list is read again', async () => {
  const ended = run('log', '--follow', '--json')
  await lines(2)
  node.replies['GET /log'] = listOf(line(3), line(2), line(1))
  node.dropConnections()
  await lines(3)
  terminal.stop()
  await ended
  expect(told()).toEqual([line(1), line(2), line(3)])
})

test('a stream that falls silent is opened anew', async () => {
  const ended = run('log', '--follow', '--json')
  await lines(2)
  terminal.patienceMsMax = 50
  tell('ping', {})
  await eventually('another stream', () => streams.length > 1)
  terminal.stop()
  expect(await ended).toBe(0)
})

test('a node that refuses while it is followed ends it with one sentence', async () => {
  const ended = run('log', '--follow')
  await eventually('the list', () => terminal.out.includes('1002'))
  node.replies['GET /events'] = (_request, response) => fail(response, 401, 'token-refused', 'No.')
  node.dropConnections()
  expect(await ended).toBe(1)
  expect(terminal.err).toContain('refuses the token')
})

test('a node that cannot tell events is told of at once', async () => {
  node.replies['GET /events'] = {}
  expect(await run('log', '--follow')).toBe(1)
  expect(terminal.err).toMatch(/^What answers at .* is not a node/)
})

test('events are printed as they come, one object a line', async () => {
  const ended = run('events')
  await eventually('the stream', () => streams.length === 1)
  tell('stock', { sku: 'Æ' }, '7')
  tell('reset', {})
  await lines(2)
  terminal.stop()
  expect(await ended).toBe(0)
  expect(told()).toEqual([
    { event: 'stock', id: '7', data: { sku: 'Æ' } },
    { event: 'reset', id: null, data: {} },
  ])
})

/**
 * Stock counts and received goods over HTTP: what reaches the node, line by line, and what never does.
 */
import { type CountAnswer, limits } from '@stockmesh/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallKey } from '../../packages/node/src/storage/kept-answers.ts'
import { type StockChanges, stockChangeRoutes } from '../../packages/node/src/http/stock-change-routes.ts'
import { bearer, openRunningApp, type RunningApp } from './running-app.ts'

type Received = Parameters<StockChanges['receive']>[0]
type Counted = Parameters<StockChanges['count']>[0]

class FakeChanges implements StockChanges {
  readonly counts: Counted[] = []
  readonly deliveries: Received[] = []
  error: NonNullable<CountAnswer['items'][number]['error']> | null = null

  async count(change: Counted): Promise<CountAnswer> {
    this.counts.push(change)
    return this.#answer(change)
  }

  async receive(change: Received): Promise<CountAnswer> {
    this.deliveries.push(change)
    return this.#answer(change)
  }

  #answer({ lines, dryRun }: Pick<Counted, 'dryRun'> & { lines: readonly { sku: string }[] }): CountAnswer {
    const items = lines.map(({ sku }) => ({ sku, name: null, from: 1, to: 2, error: this.error }))
    return { items, counted: items.length, refused: 0, unitsChanged: items.length, dryRun, unheard: [] }
  }
}

let app: RunningApp
let changes: FakeChanges

beforeEach(async () => {
  changes = new FakeChanges()
  app = await openRunningApp({ features: (_access, clock) => stockChangeRoutes(changes, clock) })
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const good = { ok: true, value: { quantity: 7, unsent: 0, asOf: null } }

describe('a count', () => {
  test('of one SKU reaches the node as it was meant', async () => {
    const asOf = new Date(app.clock.now() - 60_000).toISOString()
    const path = `/api/v1/stock/${encodeURIComponent('a/b ?#%')}/count`
    const answer = await app.call('POST', path, { quantity: 7, asOf, unsent: 2 })
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ items: [{ sku: 'a/b ?#%', to: 2 }], dryRun: false })
    const line = { ok: true, value: { quantity: 7, unsent: 2, asOf: Date.parse(asOf) } }
    expect(changes.counts).toEqual([{ lines: [{ sku: 'a/b ?#%', line }], dryRun: false, key: null }])
  })

  test.each([
    [{ quantity: 7, asOf: '2026-02-28T12:00:00+01:00' }, '2026-02-28T11:00:00.000Z'],
    [{ quantity: 7, asOf: '2026-03-01T12:00:20Z' }, '2026-03-01T12:00:00.000Z'],
  ])('began at a time of any zone, and never after now: %j', async (body, asOf) => {
    await app.call('POST', '/api/v1/stock/A/count', body)
    expect(changes.counts[0]?.lines[0]?.line).toMatchObject({ ok: true, value: { asOf: Date.parse(asOf) } })
  })

  test('that is refused is an error of the call', async () => {
    changes.error = { code: 'sku-unknown', message: 'Nobody has it.' }
    const unknown = await app.call('POST', '/api/v1/stock/A/count', { quantity: 7 })
    expect([unknown.status, unknown.json.error.code]).toEqual([404, 'sku-unknown'])
    changes.error = { code: 'as-of-unclear', message: 'Count it again.' }
    const unclear = await app.call('POST', '/api/v1/stock/A/count', { quantity: 7 })
    expect([unclear.status, unclear.json.error.code]).toEqual([422, 'as-of-unclear'])
  })

  test.each([
    [{}, 'quantity'],
    [{ quantity: '7' }, 'quantity'],
    [{ quantity: 2.5 }, 'quantity'],
    [{ quantity: -1 }, 'quantity'],
    [{ quantity: limits.stockUnitsMax + 1 }, 'quantity'],
    [{ quantity: 7, unsent: -1 }, 'unsent'],
    [{ quantity: 7, asOf: 'yesterday' }, 'asOf'],
    [{ quantity: 7, asOf: 1_700_000_000_000 }, 'asOf'],
    [{ quantity: 7, note: 'x' }, 'note'],
    [[{ quantity: 7 }], ''],
    [null, ''],
  ])('with the body %j never reaches the node', async (body, path) => {
    const answer = await app.call('POST', '/api/v1/stock/A/count', body)
    expect([answer.status, answer.json.error.code]).toEqual([400, 'body-invalid'])
    expect(answer.json.error.details.path).toBe(path)
    expect(changes.counts).toEqual([])
  })
})

describe('a list of counts', () => {
  const lines = [
    { sku: 'A', quantity: 7 },
    { sku: 'B', quantity: 2.5 },
    { sku: 'C', quantity: 7, asOf: '2030-01-01T00:00:00Z' },
    { sku: 'D', quantity: 7, asOf: '2020-01-01T00:00:00Z' },
    { sku: 'E', quantity: 7, colour: 'red' },
    { quantity: 7 },
    'F',
    null,
  ]
  const codes = [
    null,
    'quantity-invalid',
    'as-of-future',
    'as-of-too-old',
    'line-invalid',
    'line-invalid',
    'line-invalid',
    'line-invalid',
  ]

  test.each([
    ['a bare array', lines],
    ['items', { items: lines }],
  ])('is %s; a line that does not fit is refused alone', async (_, body) => {
    const answer = await app.call('POST', '/api/v1/counts?dryRun=true', body)
    expect(answer.status).toBe(200)
    const [change] = changes.counts
    expect(change?.dryRun).toBe(true)
    expect(change?.lines.map(({ sku }) => sku)).toEqual(['A', 'B', 'C', 'D', 'E', '', '', ''])
    expect(change?.lines.map(({ line }) => (line.ok ? null : line.code))).toEqual(codes)
    expect(change?.lines[0]?.line).toEqual(good)
    for (const { line } of change?.lines ?? []) if (!line.ok) expect(line.message).toMatch(/\.$/)
  })

  test.each([
    ['/counts', {}, 'items'],
    ['/counts', undefined, 'items'],
    ['/counts', 'A', ''],
    ['/counts', { items: { sku: 'A' } }, 'items'],
    ['/counts', { items: [], note: 'x' }, 'note'],
    ['/counts', Array.from({ length: limits.stockLinesMax + 1 }, () => null), 'items'],
    ['/received', { items: [], note: 5 }, 'note'],
    ['/received', { items: [], note: 'x'.repeat(limits.referenceCharactersMax + 1) }, 'note'],
  ])('POST %s of another form never reaches the node', async (path, body, at) => {
    const answer = await app.call('POST', `/api/v1${path}`, body)
    expect([answer.status, answer.json.error.code]).toEqual([400, 'body-invalid'])
    expect(answer.json.error.details.path).toBe(at)
    expect([...changes.counts, ...changes.deliveries]).toEqual([])
  })

  test('with a query that does not fit never reaches the node', async () => {
    const answer = await app.call('POST', '/api/v1/counts?dryRun=1', [])
    expect([answer.status, answer.json.error.code]).toEqual([400, 'query-invalid'])
    expect(changes.counts).toEqual([])
  })

  test('of the length that is allowed fits into one call', async () => {
    const items = Array.from({ length: limits.stockLinesMax }, (_, index) => ({ sku: `SKU-${index}`, quantity: index }))
    expect((await app.call('POST', '/api/v1/counts', items)).status).toBe(200)
    expect(changes.counts[0]?.lines).toHaveLength(limits.stockLinesMax)
  })
})

test('received goods come as a bare array or with their note; none or less than none is refused alone', async () => {
  const items = [
    { sku: 'A', quantity: 25 },
    { sku: 'B', quantity: 0 },
    { sku: 'C', quantity: -3 },
  ]
  await app.call('POST', '/api/v1/received', items)
  await app.call('POST', '/api/v1/received', { items, note: '  Følgeseddel 4711 ' })
  await app.call('POST', '/api/v1/received', { items, note: ' ' })
  expect(changes.deliveries.map(({ note }) => note)).toEqual([null, 'Følgeseddel 4711', null])
  expect(changes.deliveries[0]?.lines.map(({ line }) => (line.ok ? line.value : line.code))).toEqual([
    { quantity: 25 },
    'quantity-invalid',
    'quantity-invalid',
  ])
})

test('the key of a call names its path and its body, so that a repeat is known in the work itself', async () => {
  const send = async (path: string, body: object): Promise<void> => {
    const answer = await app.call('POST', `/api/v1${path}`, body, { ...bearer, 'idempotency-key': 'delivery-4711' })
    expect(answer.status).toBe(200)
  }
  const line = { sku: 'A', quantity: 25 }
  await send('/received', [line])
  await send('/received', [line])
  await send('/received?dryRun=true', [line])
  await send('/counts', [line])
  const keys: (CallKey | null)[] = [...changes.deliveries, ...changes.counts].map(({ key }) => key)
  // The repeat was answered before it reached the node.
  expect(keys).toHaveLength(3)
  expect(new Set(keys.map((key) => key?.id)).size).toBe(3)
  expect(new Set(keys.map((key) => key?.body)).size).toBe(1)
})

/** `/metrics`: who may read it, that its text is what Prometheus reads, and that its labels are bounded. */
import type { StatusAnswer } from '@stockmesh/protocol'
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { parseMetrics } from '../harness/metrics-text.ts'
import { FakeNode } from './fake-node.ts'
import { bearer, openRunningApp, type RunningApp } from './running-app.ts'

let app: RunningApp

beforeEach(async () => {
  app = await openRunningApp()
})

afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

async function scrape(): Promise<ReturnType<typeof parseMetrics>> {
  return parseMetrics((await app.call('GET', '/metrics', undefined, {})).text)
}

/** With a Host header of its own, as from another name or through a proxy. */
async function statusFrom(headers: Record<string, string>): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(`${app.url}/metrics`, { headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('is for this machine and for the admin; to everybody else it is closed', async () => {
  expect(await statusFrom({})).toBe(200)
  for (const header of ['x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']) {
    expect([header, await statusFrom({ [header]: '203.0.113.7' })]).toEqual([header, 401])
  }
  expect(await statusFrom({ host: 'stock.shop.example' })).toBe(401)
  expect(await statusFrom({ host: 'stock.shop.example', authorization: 'Bearer nonsense' })).toBe(401)
  expect(await statusFrom({ host: 'stock.shop.example', ...bearer })).toBe(200)
  const { cookie = '' } = await app.signIn()
  expect(await statusFrom({ host: 'stock.shop.example', cookie })).toBe(200)
  expect(await statusFrom({ host: 'stock.shop.example', cookie: `${cookie}x` })).toBe(401)
})

test('tells the figures of the node, each with its type and in names that Prometheus takes', async () => {
  app.figures = {
    status: status(),
    problems: new Map([
      ['oversold', 2],
      ['held', 1],
    ]),
    batches: 12,
    movements: new Map([
      ['sale', 7],
      ['return', 1],
    ]),
    adjustments: { made: 5, refused: 1 },
    livePages: 3,
    eventStreams: 4,
  }
  const { values, types } = await scrape()
  expect(Object.fromEntries([...values].filter(([name]) => /^stockmesh_(?!http)/.test(name)))).toMatchInlineSnapshot(`
    {
      "stockmesh_adjustments_refused_total": 1,
      "stockmesh_adjustments_total": 5,
      "stockmesh_build_info{release="0.1.0"}": 1,
      "stockmesh_event_streams": 4,
      "stockmesh_import_skus": 3,
      "stockmesh_import_skus_done": 3,
      "stockmesh_import_state{state="done"}": 1,
      "stockmesh_import_state{state="failed"}": 0,
      "stockmesh_import_state{state="idle"}": 0,
      "stockmesh_import_state{state="listing"}": 0,
      "stockmesh_import_state{state="paused"}": 0,
      "stockmesh_import_state{state="ready"}": 0,
      "stockmesh_import_state{state="running"}": 0,
      "stockmesh_in_step": 0,
      "stockmesh_ledger_batches_total": 12,
      "stockmesh_live_pages": 3,
      "stockmesh_members": 2,
      "stockmesh_members_online": 1,
      "stockmesh_movements_total{cause="return"}": 1,
      "stockmesh_movements_total{cause="sale"}": 7,
      "stockmesh_pending{direction="in"}": 1,
      "stockmesh_pending{direction="out"}": 2,
      "stockmesh_pending{direction="shop"}": 3,
      "stockmesh_problems{kind="held"}": 1,
      "stockmesh_problems{kind="oversold"}": 2,
      "stockmesh_ready": 1,
      "stockmesh_shop_last_contact_age_seconds": 2.5,
      "stockmesh_shop_state{state="connected"}": 1,
      "stockmesh_shop_state{state="connecting"}": 0,
      "stockmesh_shop_state{state="idle"}": 0,
      "stockmesh_shop_state{state="paused"}": 0,
      "stockmesh_shop_state{state="unreachable"}": 0,
      "stockmesh_skus": 3,
      "stockmesh_skus_matched": 3,
      "stockmesh_skus_oversold": 1,
    }
  `)
  for (const [name, type] of types) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    if (name.startsWith('stockmesh_')) expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
  }
  expect(types.get('process_resident_memory_bytes')).toBe('gauge')
})

test('while the node is loading it says so, and that the rest is not known', async () => {
  const { values } = await scrape()
  expect(values.get('stockmesh_ready')).toBe(0)
  expect(values.get('stockmesh_skus')).toBeNaN()
  expect([...values.keys()].filter((name) => name.startsWith('stockmesh_shop_state'))).toEqual([])
})

test('counts requests under the pattern of their route, whatever was called', async () => {
  for (const path of ['/api/v1/stock/ABC-1', '/API/v1/stock/a%2Fb%20%3F%23%25', '/api/v1/stock/unknown']) {
    await app.call('GET', path)
  }
  await app.call('GET', '/api/v1/stock', undefined, {})
  await app.call('POST', '/api/v1/join', { address: 7 })
  await app.call('DELETE', '/api/v1/stock')
  for (let number = 0; number < 30; number += 1) await app.call('GET', `/api/v1/nothing-${number}?q=secret`)
  await app.call('PURGE', '/healthz')
  // A request is counted when its connection is done with it, just after the caller has its answer.
  const { text, values } = await eventually('all are counted', async () => {
    const seen = await scrape()
    return seen.values.has('stockmesh_http_requests_total{method="other",route="/healthz",status="405"}') ? seen : null
  })
  const requests = [...values].filter(([name]) =>
    /^stockmesh_http_requests_total(?!.*"(\/metrics|\/api\/v1\/openapi.json)")/.test(name),
  )
  expect(Object.fromEntries(requests)).toMatchInlineSnapshot(`
    {
      "stockmesh_http_requests_total{method="DELETE",route="/api/v1/stock",status="405"}": 1,
      "stockmesh_http_requests_total{method="GET",route="/api/v1/stock",status="401"}": 1,
      "stockmesh_http_requests_total{method="GET",route="/api/v1/stock/:sku",status="200"}": 2,
      "stockmesh_http_requests_total{method="GET",route="/api/v1/stock/:sku",status="404"}": 1,
      "stockmesh_http_requests_total{method="GET",route="none",status="404"}": 30,
      "stockmesh_http_requests_total{method="POST",route="/api/v1/join",status="400"}": 1,
      "stockmesh_http_requests_total{method="other",route="/healthz",status="405"}": 1,
    }
  `)
  expect(values.get('stockmesh_http_request_duration_seconds_count{method="GET",route="/api/v1/stock/:sku"}')).toBe(3)
  expect(text).not.toMatch(/ABC-1|secret|nothing-/)
})

/** The status with something in every figure. */
function status(): StatusAnswer {
  const told = new FakeNode().status()
  const members = told.network?.members ?? []
  const away = members.map((member) => ({ ...member, id: 'se', self: false, online: false }))
  return {
    ...told,
    shop: { ...told.shop, lastContactAt: new Date(app.clock.now() - 2_500).toISOString() },
    network: { id: 'f'.repeat(64), inStep: false, evicted: false, members: [...members, ...away] },
    pending: { in: 1, out: 2, shop: 3 },
  }
}

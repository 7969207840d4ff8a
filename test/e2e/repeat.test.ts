/**
 * `Idempotency-Key` on a real node with its shop: whoever repeats a call over a lost connection, a killed process or a
 * restart gets the first answer, and nothing happens twice.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeClient, createShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'

let folder: string
let node: Program

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-repeat-'))
  node = await Program.start({ name: 'node DK', args: ['start', '--name', 'DK'], folder, port: await pickPort() })
})

afterAll(async () => {
  await node[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface Answered {
  readonly status: number
  // Tests read the fields they expect.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

interface Described {
  readonly parameters?: readonly { readonly name: string }[]
}

async function post(path: string, body: object, key: string): Promise<Answered> {
  const answer = await fetch(`${node.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

async function levelOf(sku: string): Promise<number | null> {
  return (await createNodeClient(node.url, adminToken).stockOf(sku))?.level ?? null
}

async function founded(): Promise<void> {
  const api = createNodeClient(node.url, adminToken)
  await api.startImport()
  await eventually('the import is done', async () => (await api.importState()).state === 'done')
}

test('every POST of both interfaces takes the key; only where passwords, cookies or tokens go to and fro there is none', async () => {
  const description = await fetch(`${node.url}/api/v1/openapi.json`)
  const { paths } = (await description.json()) as { paths: Record<string, { post?: Described }> }
  // A hint from a shop is of neither interface: it is never believed, so it may come as often as it likes.
  const ofInterface = (path: string): boolean => /^\/(api|shop)\/v1\//.test(path)
  const posts = Object.keys(paths).filter((path) => paths[path]?.post !== undefined && ofInterface(path))
  expect(posts).toEqual(expect.arrayContaining(['/api/v1/import', '/shop/v1/orders', '/shop/v1/products']))
  const takesKey = ({ parameters = [] }: Described): boolean =>
    parameters.some(({ name }) => name === 'Idempotency-Key')
  const keyless = posts.filter((path) => !takesKey(paths[path]?.post ?? {}))
  expect(keyless.toSorted()).toEqual([
    '/api/v1/password',
    '/api/v1/session',
    '/api/v1/setup',
    '/api/v1/tokens',
    '/api/v1/viewer-password',
  ])
  for (const path of posts) {
    const refused = await post(path.replaceAll(/\{\w+\}/g, 'x'), {}, 'k'.repeat(129))
    const signsIn = keyless.includes(path)
    const expected = signsIn ? 'body-invalid' : 'idempotency-key-invalid'
    expect([path, refused.status, refused.body.error.code]).toEqual([path, 400, expected])
  }
})

test('sent at the same time and again after kill -9, each call has its first answer and was done once', async () => {
  const product = { sku: 'GENTAG-1', name: 'Kop', stock: 100 }
  const order = { lines: [{ sku: 'GENTAG-1', quantity: 3 }] }
  const created = await Promise.all([1, 2, 3].map(() => post('/shop/v1/products', product, 'product')))
  const ordered = await Promise.all([1, 2, 3].map(() => post('/shop/v1/orders', order, 'order')))
  const importing = await Promise.all([1, 2, 3].map(() => post('/api/v1/import', {}, 'import')))
  await eventually('the import is done', async () => {
    const { state } = await createNodeClient(node.url, adminToken).importState()
    return state === 'done'
  })
  const goods = [{ sku: 'GENTAG-1', quantity: 5 }]
  const received = await Promise.all([1, 2, 3].map(() => post('/api/v1/received', goods, 'goods')))
  const counted = await Promise.all(
    [1, 2, 3].map(() => post('/api/v1/stock/GENTAG-1/count', { quantity: 50 }, 'count')),
  )
  const cancelPath = `/shop/v1/orders/${ordered[0]?.body.id}/cancel`
  const cancelled = await Promise.all([1, 2, 3].map(() => post(cancelPath, {}, 'cancel')))
  await eventually('the cancelled units are back', async () => (await levelOf('GENTAG-1')) === 53)

  const calls: readonly (readonly [string, object, object, string, readonly Answered[]])[] = [
    ['/shop/v1/products', product, { ...product, stock: 101 }, 'product', created],
    ['/shop/v1/orders', order, { lines: [{ sku: 'GENTAG-1', quantity: 4 }] }, 'order', ordered],
    [cancelPath, {}, { other: true }, 'cancel', cancelled],
    ['/api/v1/import', {}, { other: true }, 'import', importing],
    ['/api/v1/received', goods, [{ sku: 'GENTAG-1', quantity: 6 }], 'goods', received],
    ['/api/v1/stock/GENTAG-1/count', { quantity: 50 }, { quantity: 51 }, 'count', counted],
  ]
  for (const [path, , , , [first, ...others]] of calls) {
    expect([path, first?.status], JSON.stringify(first)).toEqual([
      path,
      path.startsWith('/shop/v1/') && path !== cancelPath ? 201 : 200,
    ])
    for (const other of others) expect(other).toEqual(first)
  }

  await node.restart()
  for (const [path, body, another, key, [first]] of calls) {
    expect([path, await post(path, body, key)]).toEqual([path, first])
    const reused = await post(path, another, key)
    if (path !== cancelPath)
      expect([path, reused.status, reused.body.error.code]).toEqual([path, 422, 'idempotency-key-reused'])
    else expect(reused.status).toBe(400)
  }
  expect(await createShopClient(node.url, adminToken).products()).toHaveLength(1)
  expect(await levelOf('GENTAG-1')).toBe(53)
  expect(await createNodeClient(node.url, adminToken).movements('GENTAG-1')).toHaveLength(3)
})

test('killed while 40 calls are under way, and all sent again: each counts exactly once', async () => {
  await founded()
  await post('/shop/v1/products', { sku: 'GENTAG-2', name: 'Kop', stock: 1_000 }, 'product-2')
  await eventually('the node knows it', async () => (await levelOf('GENTAG-2')) === 1_000)
  const calls = Array.from({ length: 20 }, (_, index) => [
    ['/api/v1/received', [{ sku: 'GENTAG-2', quantity: 1 }], `goods-${index}`] as const,
    ['/shop/v1/orders', { lines: [{ sku: 'GENTAG-2', quantity: 2 }] }, `order-${index}`] as const,
  ]).flat()
  const before = calls.map(([path, body, key]) => post(path, body, key))
  await Promise.race(before)
  await node.kill()
  const answered = await Promise.allSettled(before)
  await node.start()
  for (const [index, [path, body, key]] of calls.entries()) {
    const again = await eventually(`${key} is answered`, async () => {
      const answer = await post(path, body, key)
      return answer.status < 500 ? answer : null
    })
    const first = answered[index]
    if (first?.status === 'fulfilled') expect(again).toEqual(first.value)
  }
  const movements = await eventually('all is counted', async () => {
    const seen = await createNodeClient(node.url, adminToken).movements('GENTAG-2')
    // What is being written while it is read shows as one line that is still to come.
    return seen.length >= calls.length && seen.every(({ cause }) => cause !== 'catch-up') ? seen : null
  })
  expect(await levelOf('GENTAG-2')).toBe(1_000 + 20 - 40)
  expect(movements.map(({ cause }) => cause).toSorted()).toEqual([
    ...Array.from({ length: 20 }, () => 'received'),
    ...Array.from({ length: 20 }, () => 'sale'),
  ])
})

/** What survives a restart, a full disk and a killed process: everything that was answered, exactly once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { systemShopClock } from '../../packages/node/src/shop/shop-clock.ts'
import { receiptMsMax, receiptPruneIntervalMs, reopenIntervalMs } from '../../packages/node/src/shop/shop-limits.ts'
import { openShop } from '../../packages/node/src/shop/shop.ts'
import { openDatabase } from '../../packages/node/src/storage/database.ts'
import type { Storage } from '../../packages/node/src/storage/storage.ts'
import { StorageError } from '../../packages/node/src/storage/storage.ts'
import { movementsOf, openTestShop, readFeed, stockOf } from './open-test-shop.ts'

const order = (quantity: number, sku = 'A') => ({ lines: [{ sku, quantity }] })
const keyHeaders = { authorization: 'Bearer key' }
const receipt = (key: string, hash = 'h') => ({ key, hash })

describe('Idempotency-Key', () => {
  it('places an order once: at the same time, again, and after a restart', async () => {
    await using test = await openTestShop()
    await test.shop.createProduct({ sku: 'A', name: 'A', stock: 10 })
    const twice = await Promise.all([1, 2].map(() => test.shop.placeOrder(order(2), receipt('k'))))
    expect(twice[1]).toEqual(twice[0])
    const shop = await test.reopen()
    expect(await shop.placeOrder(order(2), receipt('k'))).toEqual(twice[0])
    await expect(shop.placeOrder(order(3), receipt('k', 'other'))).rejects.toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    })
    expect(await stockOf(shop, 'A')).toBe(8)
    expect(movementsOf(await readFeed(shop))).toHaveLength(1)
  })

  it('keeps no refusal: what was refused is decided afresh', async () => {
    await using test = await openTestShop()
    const { id } = (await test.shop.createProduct({ sku: 'A', name: 'A', stock: 1 })).body
    await expect(test.shop.placeOrder(order(2), receipt('k'))).rejects.toMatchObject({ code: 'insufficient-stock' })
    await test.shop.changeProduct(id, { stock: 2 })
    expect((await test.shop.placeOrder(order(2), receipt('k'))).status).toBe(201)
  })

  it('keeps an answer for 7 days, and not for ever', async () => {
    await using test = await openTestShop()
    await test.shop.createProduct({ sku: 'A', name: 'A', stock: 10 })
    const { body } = await test.shop.placeOrder(order(1), receipt('k'))
    test.clock.advance(receiptMsMax - 1)
    expect((await test.shop.placeOrder(order(1), receipt('k'))).body.id).toBe(body.id)
    test.clock.advance(receiptPruneIntervalMs + 1)
    await expect
      .poll(async () => {
        test.clock.advance(receiptPruneIntervalMs)
        return (await test.shop.placeOrder(order(1), receipt('k'))).body.id
      })
      .not.toBe(body.id)
    expect(await stockOf(test.shop, 'A')).toBe(8)
  })
})

describe('a full disk', () => {
  it('34: answers 503 and acknowledges nothing, and counts the order once when there is space again', async () => {
    let full = false
    const failures: unknown[] = []
    await using test = await openTestShop({
      openStorage: async (directory) => failing(await openDatabase(directory), () => full),
      onFailed: (error) => failures.push(error),
    })
    await test.shop.createProduct({ sku: 'A', name: 'A', stock: 10 })
    full = true
    const refused = { status: 503, code: 'shop-write-failed' }
    await expect(test.shop.placeOrder(order(3), receipt('k'))).rejects.toMatchObject(refused)
    await expect(
      test.shop.products({ after: null, limit: 1, q: null, sku: null, duplicates: false }),
    ).rejects.toMatchObject(refused)
    expect([test.shop.serving, failures.length]).toEqual([false, 1])
    test.clock.advance(reopenIntervalMs)
    await expect(test.shop.placeOrder(order(3), receipt('k'))).rejects.toMatchObject(refused)
    full = false
    await expect
      .poll(() => {
        test.clock.advance(reopenIntervalMs)
        return test.shop.serving
      })
      .toBe(true)
    expect(await stockOf(test.shop, 'A')).toBe(10)
    await test.shop.placeOrder(order(3), receipt('k'))
    await test.shop.placeOrder(order(3), receipt('k'))
    expect(await stockOf(test.shop, 'A')).toBe(7)
    expect(movementsOf(await readFeed(test.shop))).toEqual([['sale', 'A', -3, 7]])
  })
})

describe('a locked folder', () => {
  it('is refused with a sentence while another shop has it open', async () => {
    await using test = await openTestShop()
    const second = openShop({ directory: test.directory, clock: systemShopClock, random: systemRandom })
    await expect(second).rejects.toMatchObject({ code: 'database-locked' })
    expect(test.shop.serving).toBe(true)
  })
})

describe('kill -9', () => {
  it('counts each of 20 orders in flight exactly once when they are sent again under their keys', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'stockmesh-kill-'))
    const quantities = Array.from({ length: 20 }, (_, index) => index + 1)
    try {
      const first = await startShop(directory)
      await post(first.url, '/products', { sku: 'A', name: 'A', stock: 1_000 })
      const inFlight = quantities.map((quantity) => post(first.url, '/orders', order(quantity), `key-${quantity}`))
      // Some are answered, some are on their way to the disk, some were not read yet.
      await Promise.race(inFlight)
      first.child.kill('SIGKILL')
      await once(first.child, 'exit')
      const before = await Promise.allSettled(inFlight)
      const second = await startShop(directory)
      const after = await Promise.all(
        quantities.map((quantity) => post(second.url, '/orders', order(quantity), `key-${quantity}`)),
      )
      for (const [index, answered] of before.entries()) {
        if (answered.status === 'fulfilled') expect(after[index]).toEqual(answered.value)
      }
      const { epoch } = await post<{ epoch: string }>(second.url, '/feed/attach', { network: 'n', node: 'dk' })
      const feed = await call<{ rows: { kind: string; delta: number }[] }>(second.url, `/feed?epoch=${epoch}&after=0`)
      const sales = feed.rows.filter(({ kind }) => kind === 'sale').map(({ delta }) => -delta)
      expect(sales.toSorted((one, other) => one - other)).toEqual(quantities)
      const products = await call<{ items: { stock: number }[] }>(second.url, '/products')
      expect(products.items.map(({ stock }) => stock)).toEqual([1_000 - 210])
      second.child.kill('SIGTERM')
      const [code] = await once(second.child, 'exit')
      expect(code).toBe(0)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})

/** The storage with a disk that takes nothing while `full` says so; like the real one it stays closed after that. */
function failing(storage: Storage, full: () => boolean): Storage {
  return {
    get: (key) => storage.get(key),
    scan: (range) => storage.scan(range),
    walk: (range, visit) => storage.walk(range, visit),
    write: (operations) =>
      full() ? Promise.reject(new StorageError('write-failed', 'The disk is full.')) : storage.write(operations),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}

async function startShop(directory: string) {
  const script = fileURLToPath(new URL('./shop-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { child, url: line.trim() }
}

async function call<T>(url: string, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${url}/shop/v1${path}`, { headers: keyHeaders, ...init })
  const body = (await response.json()) as T
  if (!response.ok) throw new Error(JSON.stringify(body))
  return body
}

function post<T>(url: string, path: string, body: object, key?: string): Promise<T> {
  const idempotency: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  const headers = { ...keyHeaders, 'content-type': 'application/json', ...idempotency }
  return call(url, path, { method: 'POST', body: JSON.stringify(body), headers })
}

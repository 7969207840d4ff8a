/** The connector to the built-in shop: what it brings from a real one, and what it makes of anything else. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createBuiltinConnector } from '../../packages/node/src/connectors/builtin.ts'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { serveShop } from './served-shop.ts'

const never = new AbortController().signal
const opId = (index: number): string => index.toString(16).padStart(32, '0')

async function startShop() {
  const served = await serveShop()
  const { server } = served
  return {
    server,
    connector: createBuiltinConnector({ url: server.url, key: 'key', shopUrl: null }),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }
}

/** A server that answers everything in one way. */
async function startOther(answer: RequestListener) {
  const server: Server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    connector: createBuiltinConnector({ url, key: 'key', shopUrl: null }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof ConnectorError ? error.code : error),
  )

describe('the connector with a real shop', () => {
  it('attaches, lists, reads, waits and adjusts', async () => {
    await using test = await startShop()
    const { connector, server } = test
    for (let index = 0; index < 5; index += 1) {
      await server.shop.createProduct({ sku: `K-${index}`, name: '', stock: index })
    }
    const { epoch, start } = await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
    expect(start).toBe(6)
    const first = await connector.list({ after: null, limit: 3 }, never)
    const second = await connector.list({ after: first.next, limit: 3 }, never)
    expect([...first.items, ...second.items].map(({ sku }) => sku)).toEqual(['K-0', 'K-1', 'K-2', 'K-3', 'K-4'])
    expect([first.epoch, second.next, second.total]).toEqual([epoch, null, 5])
    const read = { epoch, after: start, tag: null, limit: 10 }
    const waiting = connector.feed({ ...read, waitMs: 20_000 }, never)
    const operations = first.items.map(({ stockId, sku }, index) => {
      return { opId: opId(index), stockId, key: sku?.toLowerCase() ?? '', delta: 10 }
    })
    const results = await connector.adjust(operations, never)
    expect(results.map((result) => (result.status === 'applied' ? result.stock : result))).toEqual([10, 11, 12])
    const { rows } = await waiting
    expect(rows).toMatchObject([{ kind: 'adjust', opId: opId(0) }, { opId: opId(1) }, { opId: opId(2) }])
    const tag = rows[0]?.tag ?? ''
    expect((await connector.feed({ ...read, after: 7, tag, waitMs: 0 }, never)).rows).toHaveLength(2)
    expect(await codeOf(connector.feed({ ...read, after: 8, tag, waitMs: 0 }, never))).toBe('feed-rolled-back')
    await connector.attach({ network: 'n', node: 'clone', fresh: false }, never)
    expect(await codeOf(connector.feed({ ...read, waitMs: 0 }, never))).toBe('feed-epoch-changed')
  })

  it('sends more adjustments than one call takes, each answered in its order', async () => {
    await using test = await startShop()
    const { stockId } = (await test.server.shop.createProduct({ sku: 'K', name: '', stock: 0 })).body
    const operations = Array.from({ length: 1_201 }, (_, index) => ({ opId: opId(index), stockId, key: 'k', delta: 1 }))
    const results = await test.connector.adjust(operations, never)
    expect(results.map((result) => result.opId)).toEqual(operations.map((operation) => operation.opId))
    expect(results.at(-1)).toMatchObject({ status: 'applied', stock: 1_201 })
  })

  it('says that its key is rejected, and hands an abort back as it is', async () => {
    await using test = await startShop()
    const wrong = createBuiltinConnector({ url: test.server.url, key: 'wrong', shopUrl: null })
    expect(await codeOf(wrong.list({ after: null, limit: 1 }, never))).toBe('key-rejected')
    const { epoch, start } = await test.connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
    const stop = new AbortController()
    const waiting = test.connector.feed({ epoch, after: start, tag: null, limit: 1, waitMs: 20_000 }, stop.signal)
    await expect.poll(() => test.server.shop.waiting).toBe(1)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect.poll(() => test.server.shop.waiting).toBe(0)
  })
})

describe('31: what is not an answer of the shop is an error and never a number', () => {
  const row = { stockId: '1', sku: 'A', name: '', stock: 1, version: 1, createdAt: 1, products: [] }
  const page = (item: object, facts: object = {}) => ({
    epoch: '',
    items: [{ ...row, ...item }],
    next: null,
    total: 1,
    ...facts,
  })

  it.each([
    ['an HTML page with 200', 200, '<!doctype html><h1>Vi er straks tilbage</h1>', 'shop-answer-invalid'],
    ['an empty body', 200, '', 'shop-answer-invalid'],
    ['another JSON', 200, '{"ok":true}', 'shop-answer-invalid'],
    ['an empty list of a shop with goods', 200, { epoch: '', items: [], next: null, total: 9 }, 'shop-answer-invalid'],
    ['a row without its stock', 200, page({ stock: undefined }), 'shop-answer-invalid'],
    ['a list without an end', 200, page({}, { next: '0' }), 'shop-answer-invalid'],
    ['a redirect', 302, '', 'address-elsewhere'],
    ['another server', 404, 'Cannot GET', 'shop-answer-invalid'],
    ['an error', 500, 'oops', 'shop-error'],
    ['a proxy without its shop', 502, '<html>', 'shop-error'],
    ['too many calls', 429, '', 'shop-error'],
    ['a closed door', 403, '', 'key-rejected'],
  ])('%s', async (_name, status, body, code) => {
    await using other = await startOther((_request, response) => {
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/' } : {})
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    expect(await codeOf(other.connector.list({ after: null, limit: 10 }, never))).toBe(code)
  })

  it('takes a clock that tells fractions in whole milliseconds, as every other node will hold them', async () => {
    await using other = await startOther((_request, response) =>
      response.end(JSON.stringify(page({ createdAt: 1.75 }))),
    )
    expect((await other.connector.list({ after: null, limit: 10 }, never)).items).toEqual([row])
  })

  it('takes a page that is right', async () => {
    await using other = await startOther((_request, response) => response.end(JSON.stringify(page({}))))
    expect((await other.connector.list({ after: null, limit: 10 }, never)).items).toEqual([row])
  })

  it.each([
    ['12.0', 12, null],
    [null, null, null],
    [-0, 0, null],
    [2.5, null, 'stock-fraction'],
    [1e21, null, 'stock-out-of-range'],
    ['mange', null, 'stock-not-a-number'],
    [[1], null, 'stock-not-a-number'],
  ])('32: a stock of %j is %j, with the fault %j, and the other rows go on', async (given, stock, fault) => {
    const items = [
      { ...row, stock: given },
      { ...row, stockId: '2' },
    ]
    await using other = await startOther((_request, response) => response.end(JSON.stringify(page({}, { items }))))
    const [first, second] = (await other.connector.list({ after: null, limit: 10 }, never)).items
    expect([first?.stock, first?.fault ?? null]).toEqual([stock, fault])
    expect([second?.stock, second?.fault ?? null]).toEqual([1, null])
  })

  it('a feed with a gap, half a unit, and results that are not those of the adjustments', async () => {
    const feedRow = { id: 3, tag: '0'.repeat(16), at: 1, kind: 'sale', stockId: '1', sku: 'A', unique: true, delta: -1 }
    const rest = { stock: 1, reference: null, opId: null, row: null }
    await using other = await startOther((request, response) => {
      const feed = request.url?.includes('/feed') === true
      response.end(JSON.stringify(feed ? { rows: [{ ...feedRow, ...rest }], end: 3 } : { results: [] }))
    })
    const read = { epoch: 'e', tag: null, limit: 10, waitMs: 0 }
    expect(await codeOf(other.connector.feed({ ...read, after: 1 }, never))).toBe('shop-answer-invalid')
    expect((await other.connector.feed({ ...read, after: 2 }, never)).rows).toHaveLength(1)
    feedRow.delta = -0.5
    expect(await codeOf(other.connector.feed({ ...read, after: 2 }, never))).toBe('shop-answer-invalid')
    const adjustment = { opId: opId(1), stockId: '1', key: 'a', delta: 1 }
    expect(await codeOf(other.connector.adjust([adjustment], never))).toBe('shop-answer-invalid')
  })

  it('nobody there, or gone in the middle of an answer', async () => {
    const nobody = createBuiltinConnector({ url: 'http://127.0.0.1:9', key: 'key', shopUrl: null })
    expect(await codeOf(nobody.list({ after: null, limit: 1 }, never))).toBe('shop-unreachable')
    await using other = await startOther((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{')
      response.destroy()
    })
    expect(await codeOf(other.connector.list({ after: null, limit: 1 }, never))).toBe('shop-unreachable')
  })
})

/**
 * `/api/v1` call by call over a fake node: what a caller gets, and what never reaches the node.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StorageError } from '../../packages/node/src/storage/storage.ts'
import { item } from './fake-node.ts'
import { bearer, openRunningApp, type RunningApp } from './running-app.ts'

let app: RunningApp
beforeEach(async () => {
  app = await openRunningApp()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

describe('every call reaches the node with what it carries', () => {
  const page = '"after":null,"limit":100'
  test.each([
    ['GET', '/status', undefined, 'status()'],
    ['GET', '/stock', undefined, `stock({${page},"q":null,"state":null,"sku":null,"behind":null,"sort":"sku"})`],
    [
      'GET',
      '/stock?q=kop&state=oversold&sku=a%2Fb&sort=-level&after=2&limit=1000',
      undefined,
      'stock({"after":"2","limit":1000,"q":"kop","state":"oversold","sku":"a/b","behind":null,"sort":"-level"})',
    ],
    ['GET', '/stock/ABC-1', undefined, 'stockDetail("ABC-1")'],
    ['GET', `/stock/${encodeURIComponent('a/b ?#%')}`, undefined, 'stockDetail("a/b ?#%")'],
    ['GET', `/stock/${encodeURIComponent('a/b ?#%')}/movements`, undefined, 'movements("a/b ?#%")'],
    [
      'GET',
      '/log?sku=ABC-1&member=m&cause=sale',
      undefined,
      `log({${page},"sku":"ABC-1","member":"m","cause":"sale"})`,
    ],
    ['POST', '/join', { address: ' butik.example ' }, 'join({"address":"butik.example","importWhenAccepted":false})'],
    ['GET', '/join', undefined, 'joinState()'],
    ['DELETE', '/join', undefined, 'cancelJoin()'],
    ['GET', '/join-requests', undefined, 'joinRequests({"all":false})'],
    ['GET', '/join-requests?state=all', undefined, 'joinRequests({"all":true})'],
    ['POST', '/join-requests/r1/accept', { code: 'K7QM-4T2A' }, 'acceptJoinRequest("r1", "K7QM-4T2A")'],
    ['POST', '/join-requests/r1/refuse', undefined, 'refuseJoinRequest("r1")'],
    ['POST', '/import', undefined, 'startImport(null)'],
    ['POST', '/import', { preview: 'p1' }, 'startImport("p1")'],
    ['POST', '/import/pause', undefined, 'sayOfImport("pause")'],
    ['POST', '/import/resume', undefined, 'sayOfImport("resume")'],
    ['POST', '/import/cancel', undefined, 'sayOfImport("cancel")'],
    ['POST', '/import/undo', undefined, 'undoImport()'],
    ['POST', '/import/use-this-shop', {}, 'useThisShop({"skus":null,"dryRun":false})'],
    ['POST', '/import/use-this-shop?dryRun=true', { skus: ['A'] }, 'useThisShop({"skus":["A"],"dryRun":true})'],
    ['GET', '/import/preview', undefined, 'importPreview()'],
    ['GET', '/import/preview/items?sort=-change', undefined, 'importPreviewItems()'],
    ['GET', '/import', undefined, 'importState()'],
    ['GET', '/import/failed', undefined, 'importFailed()'],
    ['GET', '/members', undefined, 'members()'],
    ['POST', '/leave', {}, 'leave(false)'],
    ['GET', '/problems', undefined, 'problems(null)'],
    ['GET', '/problems?member=all', undefined, 'problems("all")'],
    ['GET', '/problems/p1/items', undefined, 'problemItems("p1")'],
    ['POST', '/problems/p1/dismiss', { version: 3 }, 'actOnProblem("p1", "dismiss", 3)'],
  ])('%s %s', async (method, path, body, call) => {
    const answer = await app.call(method, `/api/v1${path}`, body)
    expect(answer.status).toBe(200)
    expect(answer.json).not.toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(app.node.calls).toEqual([call])
  })

  test.each(['__proto__', 'constructor', '<b>', 'a.csv', 'movements', "' or 1=1", '100 %', 'x'.repeat(500)])(
    'the SKU %s is looked up as it is written',
    async (sku) => {
      app.node.items.push(item(sku, 'Odd', 1))
      const answer = await app.call('GET', `/api/v1/stock/${encodeURIComponent(sku)}`)
      expect(answer.json.sku).toBe(sku)
    },
  )
})

describe('what does not fit is refused with a code and never reaches the node', () => {
  test.each([
    ['POST', '/join', {}, 400, 'body-invalid', 'address'],
    ['POST', '/join', { address: 5 }, 400, 'body-invalid', 'address'],
    ['POST', '/join', { address: 'a', extra: 1 }, 400, 'body-invalid', 'extra'],
    ['POST', '/join', { address: 'x'.repeat(501) }, 400, 'body-invalid', 'address'],
    ['POST', '/join', null, 400, 'body-invalid', ''],
    ['POST', '/join', [], 400, 'body-invalid', ''],
    ['POST', '/join-requests/r1/accept', {}, 400, 'body-invalid', 'code'],
    ['POST', '/import', { now: true }, 400, 'body-invalid', 'now'],
    ['POST', '/leave', { really: true }, 400, 'body-invalid', 'really'],
    ['POST', '/problems/p1/dismiss', { version: '3' }, 400, 'body-invalid', 'version'],
    ['POST', '/problems/p1/dismiss', { version: 1.5 }, 400, 'body-invalid', 'version'],
    ['GET', '/stock?limit=1001', undefined, 400, 'limit-too-large', 'limit'],
    ['GET', '/stock.csv?limit=1001', undefined, 400, 'limit-too-large', 'limit'],
    ['GET', '/stock?limit=0', undefined, 400, 'query-invalid', 'limit'],
    ['GET', '/stock?limit=ten', undefined, 400, 'query-invalid', 'limit'],
    ['GET', '/stock?limit=5&limit=6', undefined, 400, 'query-invalid', 'limit'],
    ['GET', '/stock?state=lost', undefined, 400, 'query-invalid', 'state'],
    ['GET', '/stock?sort=price', undefined, 400, 'query-invalid', 'sort'],
    ['GET', '/stock?colour=red', undefined, 400, 'query-invalid', 'colour'],
    ['GET', '/status?verbose=1', undefined, 400, 'query-invalid', 'verbose'],
  ])('%s %s %j -> %i %s', async (method, path, body, status, code, at) => {
    const answer = await app.call(method, `/api/v1${path}`, body)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatchObject({ code, details: { path: at } })
    expect(answer.json.error.message).toMatch(/\S/)
    expect(app.node.calls).toEqual([])
  })

  test('a body that is not JSON', async () => {
    const init = { method: 'POST', body: '{"address":', headers: { ...bearer, 'content-type': 'application/json' } }
    const answer = await app.send('/api/v1/join', init)
    expect([answer.status, answer.json.error.code]).toEqual([400, 'body-invalid'])
  })

  test('a body that is too large', async () => {
    const answer = await app.call('POST', '/api/v1/join', { address: 'x'.repeat(1024 * 1024) })
    expect([answer.status, answer.json.error.code]).toEqual([413, 'body-too-large'])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'a body of the type %s',
    async (type) => {
      const init = { method: 'POST', body: '{"address":"a"}', headers: { ...bearer, 'content-type': type } }
      const answer = await app.send('/api/v1/join', init)
      expect([answer.status, answer.json.error.code]).toEqual([415, 'content-type'])
      expect(app.node.calls).toEqual([])
    },
  )

  test('a method that the address does not take names the ones it does', async () => {
    const answer = await app.call('PUT', '/api/v1/join', {})
    expect([answer.status, answer.json.error.code]).toEqual([405, 'method-not-allowed'])
    expect(answer.headers.get('allow')).toBe('HEAD, POST, GET, DELETE')
    expect((await app.call('POST', '/api/v1/stock.csv')).headers.get('allow')).toBe('HEAD, GET')
  })

  test.each(['/api', '/api/v1', '/api/v1/nothing', '/api/v2/status', '/api/v1/stock/a/b/c', '/api/v1/Status'])(
    '%s is not found, in JSON',
    async (path) => {
      const answer = await app.call('GET', path)
      expect([answer.status, answer.json.error.code]).toEqual([404, 'not-found'])
    },
  )

  test('a broken % sign in the path', async () => {
    const answer = await app.call('GET', '/api/v1/stock/%E0%A4%A')
    expect([answer.status, answer.json.error.code]).toEqual([400, 'path-invalid'])
  })
})

describe('failures', () => {
  test('the node says no: its code, its status', async () => {
    const answer = await app.call('GET', '/api/v1/stock/NONE')
    expect(answer.status).toBe(404)
    const message = 'No product has the SKU NONE.'
    expect(answer.json).toEqual({ error: { code: 'sku-unknown', message, details: {} } })
    expect(app.logged).toEqual([])
  })

  test('a failure that we do not know is logged, and its text is not told', async () => {
    app.node.failing = new Error('secret path /srv/x')
    const answer = await app.call('GET', '/api/v1/status')
    expect([answer.status, answer.json.error.code]).toEqual([500, 'internal'])
    expect(answer.text).not.toContain('secret')
    expect(app.logged).toHaveLength(1)
    expect(JSON.stringify(app.logged)).not.toContain(bearer.authorization)
  })

  test('a full disk is 503, and may be tried again', async () => {
    app.node.failing = new StorageError('write-failed', 'Writing to /srv/x failed.')
    const answer = await app.call('POST', '/api/v1/leave')
    expect([answer.status, answer.json.error.code]).toEqual([503, 'storage-failed'])
    expect(answer.text).not.toContain('/srv')
  })
})

describe('lists', () => {
  test('a page says where the next begins', async () => {
    const first = await app.call('GET', '/api/v1/stock?limit=2')
    expect([first.json.items.length, first.json.next, first.json.total]).toEqual([2, '2', 3])
    const second = await app.call('GET', `/api/v1/stock?limit=2&after=${first.json.next}`)
    expect([second.json.items.length, second.json.next]).toEqual([1, null])
  })

  test('CSV: formulas are defused, numbers stay numbers', async () => {
    const answer = await app.call('GET', '/api/v1/stock.csv')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=stock.csv')
    expect(answer.text.split('\r\n')).toEqual([
      'sku,name,level,shown,shopLevel,state,updatedAt',
      'ABC-1,Kop,100,100,100,synced,2026-03-01T10:00:00Z',
      'a/b ?#%,"\'=HYPERLINK(""x"")",-1,0,0,oversold,2026-03-01T10:00:00Z',
      'Æ-29,"Krus, ""stort""",7,7,7,synced,2026-03-01T10:00:00Z',
      '',
    ])
  })

  test.each(['@x', '+x', '-x', '\tx', '\rx', '=x'])('CSV: the SKU %j gets an apostrophe', async (sku) => {
    app.node.items = [item(sku, 'n', 1)]
    const answer = await app.call('GET', '/api/v1/stock.csv')
    expect(answer.text).toContain(`'${sku}`)
  })

  test('CSV holds the whole list, page by page, or the page that was asked for', async () => {
    app.node.items = Array.from({ length: 2_500 }, (_, index) => item(`S-${index}`, 'n', index))
    const all = await app.call('GET', '/api/v1/stock.csv')
    expect(all.text.trimEnd().split('\r\n')).toHaveLength(2_501)
    expect(new Set(all.text.split('\r\n')).size).toBe(2_502)
    expect(app.node.calls).toHaveLength(3)
    const some = await app.call('GET', '/api/v1/stock.csv?limit=10')
    expect(some.text.trimEnd().split('\r\n')).toHaveLength(11)
  })

  test.each([
    '/stock/ABC-1/movements',
    '/log',
    '/join-requests',
    '/import/failed',
    '/import/preview/items',
    '/members',
    '/problems',
    '/problems/p1/items',
  ])('%s.csv', async (path) => {
    const answer = await app.call('GET', `/api/v1${path}.csv`)
    expect(answer.status).toBe(200)
    const [head, line] = answer.text.split('\r\n')
    expect(line?.split(',').length).toBe(head?.split(',').length)
    expect((await app.call('GET', `/api/v1${path}.csv`, undefined, {})).status).toBe(401)
  })
})

describe('Idempotency-Key', () => {
  const keyed = (key: string): Record<string, string> => ({ ...bearer, 'idempotency-key': key })
  const join = (key: string, address = 'a.example') => app.call('POST', '/api/v1/join', { address }, keyed(key))

  test('a repeated call gets the first answer and happens once, over a restart too', async () => {
    const first = await join('k1')
    const second = await join('k1')
    expect(second.json).toEqual(first.json)
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ])
    await app.restart()
    expect((await join('k1')).json).toEqual(first.json)
    expect(app.node.calls).toHaveLength(1)
  })

  test('another body under the same key is refused; another path is another call', async () => {
    await join('k2')
    const other = await join('k2', 'b.example')
    expect([other.status, other.json.error.code]).toEqual([422, 'idempotency-key-reused'])
    expect((await app.call('POST', '/api/v1/import', undefined, keyed('k2'))).status).toBe(200)
    expect(app.node.calls).toHaveLength(2)
  })

  test('a second call while the first runs waits for its answer', async () => {
    let open: () => void = () => undefined
    app.node.gate = new Promise((resolve) => (open = resolve))
    const first = join('k3')
    await expect.poll(() => app.node.calls.length).toBe(1)
    const second = join('k3')
    const other = await app.call('GET', '/api/v1/status')
    expect(other.status).toBe(200)
    open()
    expect((await second).json).toEqual((await first).json)
    expect(app.node.calls.filter((call) => call.startsWith('join'))).toHaveLength(1)
  })

  test('the node’s no is kept; a failure of ours and a body that did not fit can be tried again', async () => {
    const wrong = () => app.call('POST', '/api/v1/join-requests/r1/accept', { code: 'X' }, keyed('k4'))
    expect((await wrong()).status).toBe(409)
    expect((await wrong()).json.error.code).toBe('code-mismatch')
    expect(app.node.calls).toHaveLength(1)
    app.node.failing = new Error('broken')
    expect((await join('k5')).status).toBe(500)
    app.node.failing = null
    expect((await join('k5')).status).toBe(200)
    expect((await app.call('POST', '/api/v1/join', {}, keyed('k6'))).status).toBe(400)
    expect((await join('k6')).status).toBe(200)
  })

  test('is forgotten after 7 days', async () => {
    await join('k7')
    app.clock.advance(7 * 24 * 3_600_000)
    expect((await join('k7', 'b.example')).status).toBe(200)
    await join('k8')
    expect(await app.rows('answer')).toBe(2)
  })

  test.each(['x'.repeat(129), 'with space'])('%s is not a key', async (key) => {
    expect((await join(key)).json.error.code).toBe('idempotency-key-invalid')
    expect(app.node.calls).toEqual([])
  })
})

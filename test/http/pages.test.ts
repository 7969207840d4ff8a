/**
 * What a browser gets: the pages, their caching, the security headers, and the place of the built-in shop.
 */
import { expect, test } from 'vitest'
import { openRunningApp, packedCode } from './running-app.ts'

test('the admin pages: a page is asked for anew each time, an asset never again', async () => {
  await using app = await openRunningApp()
  const page = await app.send('/')
  expect([page.status, page.text]).toEqual([200, '<title>index</title>'])
  expect(page.headers.get('cache-control')).toBe('no-cache')
  const asset = await app.send('/assets/main-1a2b3c4d.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toContain('javascript')
  for (const path of [
    '/nothing',
    '/assets/old.js',
    '/../../etc/passwd',
    '/%2e%2e%2fpackage.json',
    '/shop/',
    '/shop/v1/products',
  ]) {
    expect((await app.send(path)).status, path).toBe(404)
  }
})

test.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
  ['identity', null],
  ['zstd', null],
  ['br;q=0, gzip', 'gzip'],
])(
  'a browser that takes %s gets the pages as %s, with the type and the caching of what is packed',
  async (takes, encoding) => {
    await using app = await openRunningApp({
      shop: { handle: (_request, _response, next) => next(), operations: [], isOpen: () => true },
    })
    const headers = { 'accept-encoding': takes }
    const asset = await app.send('/assets/packed-1a2b3c4d.js?v=1', { headers })
    expect(asset.headers.get('content-encoding')).toBe(encoding)
    expect(asset.text).toBe(packedCode)
    expect(asset.headers.get('content-type')).toContain('javascript')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('vary')).toContain('Accept-Encoding')
    const bytes = Number(asset.headers.get('content-length'))
    expect(bytes < packedCode.length / 10).toBe(encoding !== null)

    const page = await app.send('/shop/admin', { headers })
    expect([page.status, page.text, page.headers.get('content-encoding')]).toEqual([
      200,
      '<title>shop-admin</title>',
      encoding,
    ])
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    // What a browser holds of one packing is not taken for the other.
    const plain = await app.send('/assets/packed-1a2b3c4d.js', { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('etag')).not.toBeNull()
    expect(asset.headers.get('etag') === plain.headers.get('etag')).toBe(encoding === null)
    expect((await app.send('/assets/main-1a2b3c4d.js', { headers })).headers.get('content-encoding')).toBeNull()
  },
)

test('the content policy allows no inline script, nothing from elsewhere, and a WebSocket to this host', async () => {
  await using app = await openRunningApp()
  for (const path of ['/', '/api/v1/session', '/nothing']) {
    const { headers } = await app.send(path)
    const policy = headers.get('content-security-policy') ?? ''
    const host = new URL(app.url).host
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
  }
})

test('the built-in shop answers below /shop/v1, and what it does not know is JSON', async () => {
  await using app = await openRunningApp({
    shop: {
      handle: (request, response, next) => {
        if (request.path === '/products') response.json({ items: [] })
        else next()
      },
      operations: [],
      isOpen: () => true,
    },
  })
  expect((await app.send('/shop/v1/products')).json).toEqual({ items: [] })
  expect((await app.send('/shop/v1/nothing')).json.error.code).toBe('not-found')
  expect((await app.send('/shop/')).text).toBe('<title>shop</title>')
  expect((await app.send('/shop')).text).toBe('<title>shop</title>')
  expect((await app.send('/shop/session')).json).toEqual({ state: 'at-node', name: 'Butik DK' })
  expect((await app.send('/shop/admin')).text).toBe('<title>shop-admin</title>')
})

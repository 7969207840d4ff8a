/**
 * What a browser gets: the pages, their caching, the security headers, and the place of the built-in shop.
 */
import { expect, test } from 'vitest'
import { openRunningApp } from './running-app.ts'

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

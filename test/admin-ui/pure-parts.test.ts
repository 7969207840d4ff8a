/** The small decisions behind the pages: routes, queries, freshness, what people type. */
import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute } from '../../packages/admin-ui/src/admin/route.ts'
import { pathWith } from '../../packages/admin-ui/src/api/query.ts'
import { freshnessOf } from '../../packages/admin-ui/src/live/freshness.ts'
import {
  addToBasket,
  basketUnits,
  parseQuantity,
  removeFromBasket,
  setQuantity,
} from '../../packages/admin-ui/src/shop/basket.ts'
import { shortLines } from '../../packages/admin-ui/src/shop/order-failure.ts'
import { parseStock } from '../../packages/admin-ui/src/shop/parse-stock.ts'

describe('an address of the admin pages', () => {
  it('comes back as it was written, whatever the SKU', () => {
    for (const sku of ['A/B & C', 'Æ-29', '#?=%', '__proto__']) {
      const route = parseRoute(formatRoute('products', { q: sku, state: '' }))
      expect(route).toEqual({ page: 'products', parameters: { q: sku } })
    }
  })

  it('that names no page is the overview', () => {
    expect(['', '#', '#/nothing', '#/constructor'].map((hash) => parseRoute(hash).page)).toEqual(
      Array(4).fill('overview'),
    )
  })
})

describe('a query', () => {
  it('leaves out what is empty and escapes the rest', () => {
    expect(pathWith('/api/v1/stock', { q: 'a b&c', state: '', after: null, limit: 100 })).toBe(
      '/api/v1/stock?q=a+b%26c&limit=100',
    )
    expect(pathWith('/api/v1/log?sku=1', { limit: 5 })).toBe('/api/v1/log?sku=1&limit=5')
    expect(pathWith('/api/v1/log', { sku: '' })).toBe('/api/v1/log')
  })
})

describe('the age of the numbers', () => {
  it('is live only over the open channel, and stale only after a while without any word', () => {
    const lost = { channelOpen: false, isPolled: false }
    expect(freshnessOf({ channelOpen: true, heardMs: 0, isPolled: false }, 60_000)).toEqual({ state: 'live' })
    expect(freshnessOf({ ...lost, heardMs: null }, 60_000)).toEqual({ state: 'reconnecting' })
    expect(freshnessOf({ ...lost, heardMs: 59_000 }, 60_000)).toEqual({ state: 'reconnecting' })
    expect(freshnessOf({ ...lost, heardMs: 40_000 }, 60_000)).toEqual({ state: 'stale', sinceMs: 40_000 })
  })

  it('says that it polls only while the polls are answered', () => {
    const polled = { channelOpen: false, isPolled: true }
    expect(freshnessOf({ ...polled, heardMs: 56_000 }, 60_000)).toEqual({ state: 'polling' })
    expect(freshnessOf({ ...polled, heardMs: 51_000 }, 60_000)).toEqual({ state: 'reconnecting' })
    expect(freshnessOf({ ...polled, heardMs: 40_000 }, 60_000)).toEqual({ state: 'stale', sinceMs: 40_000 })
  })
})

describe('a basket', () => {
  const sock = { id: 'p1', name: 'Sock' }

  it('has one line for a product that is added twice', () => {
    const basket = addToBasket(addToBasket([], sock, 2), sock, 3)
    expect(basket).toEqual([{ productId: 'p1', name: 'Sock', quantity: 5 }])
    expect(basketUnits(basket)).toBe(5)
    expect(removeFromBasket(basket, 'p1')).toEqual([])
  })

  it('keeps every line between one unit and what an order line may hold', () => {
    const basket = addToBasket([], sock, 2)
    expect(setQuantity(basket, 'p1', -4)[0]?.quantity).toBe(1)
    expect(setQuantity(basket, 'p1', 5_000_000)[0]?.quantity).toBe(1_000_000)
  })
})

describe('what a person types', () => {
  it('is a quantity only when it is a whole number', () => {
    expect(['3', ' 12 ', '', '2.5', 'x', '1e3'].map((typed) => parseQuantity(typed))).toEqual([
      3,
      12,
      null,
      null,
      null,
      1000,
    ])
  })

  it('is a stock, no stock, or neither; never a guess', () => {
    expect(['7', '-2', '−2', '', '2,5', '1.000', '1e3', '9999999999'].map((typed) => parseStock(typed))).toEqual([
      7,
      -2,
      -2,
      null,
      'invalid',
      'invalid',
      'invalid',
      'invalid',
    ])
  })
})

describe('a refused order', () => {
  it('names what is left of the lines that were short', () => {
    const details = { lines: [{ sku: 'A', requested: 3, available: 1 }, { sku: null, available: 0 }, 'nonsense'] }
    expect(shortLines({ code: 'insufficient-stock', details })).toEqual([
      { sku: 'A', available: 1 },
      { sku: null, available: 0 },
    ])
    expect(shortLines({ code: 'sku-unknown', details })).toEqual([])
  })
})

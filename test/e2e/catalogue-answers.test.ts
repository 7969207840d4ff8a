/**
 * A shop that answers wrongly: no answer ever becomes a number that nobody sold, and one bad row holds up no other.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'

/** A read of the feed may wait 20 s before it tells that the shop is there again. */
const longWait = { deadlineMs: 25_000 }

test('31: errors, web pages and empty lists move no SKU; the shop is told as out of reach, and recovers', async () => {
  await using network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  const [m, e] = [network.member('M'), network.member('E')]
  const skus = Array.from({ length: 20 }, (_, index) => `FEJL-${index}`)
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: 'Vare', stock: 50 })),
    )
  }
  await network.found()
  let expected = 50
  for (const kind of ['error', 'html', 'empty'] as const) {
    e.shopAnswers?.answerWith(kind)
    // A sale in either shop gives E's node something to write and to read, so it meets the wrong answer at once.
    await m.shopApi.placeOrder({ lines: [{ sku: 'FEJL-0', quantity: 1 }] })
    await e.shopApi.placeOrder({ lines: [{ sku: 'FEJL-1', quantity: 1 }] })
    await eventually(`E's shop answers with ${kind}`, async () => (await e.api.status()).shop.state === 'unreachable')
    const problems = await e.api.problems()
    expect(problems.map((problem) => problem.kind)).toEqual(['shop-unreachable'])
    for (const { api } of network.members) {
      const levels = new Map((await api.stock()).map(({ sku, level }) => [sku, level]))
      expect(levels.get('FEJL-0')).toBe(expected - 1)
      // The read that waited when the fault began may still have told of the sale.
      expect([expected, expected - 1]).toContain(levels.get('FEJL-1'))
      expect(skus.slice(2).every((sku) => levels.get(sku) === 50)).toBe(true)
    }
    expected -= 1
    e.shopAnswers?.heal()
    await network.untilEverywhere('FEJL-0', expected)
    await network.untilEverywhere('FEJL-1', expected)
    await network.untilAgreed()
    await eventually('the shop is told as back', async () => (await e.api.problems()).length === 0, longWait)
    expect((await e.api.status()).shop.state).toBe('connected')
  }
  for (const sku of skus) {
    const sold = sku === 'FEJL-0' || sku === 'FEJL-1' ? 3 : 0
    expect(await m.api.movements(sku)).toHaveLength(sold)
  }
})

const longSku = 'x'.repeat(600)
/** What the shop says instead of a row's own stock, as JSON. */
const said = { TEKST: '"12.0"', INTET: 'null', HALV: '2.5', UHYRE: '1e21', ORD: '"mange"', SAND: 'true' }

test('32: "12.0" is 12, null is untracked, other oddities are held with a reason, and the others go on', async () => {
  await using network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  const [m, e] = [network.member('M'), network.member('E')]
  const names = [...Object.keys(said), 'LANG', 'GOD']
  for (const { shopApi } of network.members) {
    for (const name of names) await shopApi.createProduct({ sku: `${name}-32`, name, stock: 12 })
  }
  const rewrite = (seen: { path: string }, body: string): string => {
    if (!seen.path.includes('/stock-rows')) return body
    const odd = Object.entries(said).reduce(
      (text, [name, json]) => text.replace(new RegExp(`("sku":"${name}-32"[^{}]*?"stock":)12`), `$1${json}`),
      body,
    )
    return odd.replaceAll('LANG-32', longSku)
  }
  for (const { shopAnswers } of network.members) shopAnswers?.rewriteWith(rewrite)
  await network.found()

  for (const { api } of network.members) {
    const items = new Map((await api.stock()).map((item) => [item.sku, item]))
    expect(items.get('TEKST-32')).toMatchObject({ level: 12, shopLevel: 12, state: 'synced' })
    expect(items.get('INTET-32')).toMatchObject({ level: null, state: 'untracked' })
    for (const name of ['HALV', 'UHYRE', 'ORD', 'SAND']) {
      expect(items.get(`${name}-32`), name).toMatchObject({ level: null, state: 'held' })
    }
    const failed: { items: { name: string; code: string }[] } = await api.call('GET', '/import/failed')
    expect(Object.fromEntries(failed.items.map(({ name, code }) => [name, code]))).toEqual({
      HALV: 'stock-fraction',
      UHYRE: 'stock-out-of-range',
      ORD: 'stock-not-a-number',
      SAND: 'stock-not-a-number',
      LANG: 'sku-too-long',
    })
    const kinds = (await api.problems()).map(({ kind }) => kind).sort()
    expect(kinds).toEqual(['fraction', 'import-row', 'import-row', 'import-row', 'import-row'])
    expect((await api.status()).stock.problems).toBe(5)
  }
  await e.shopApi.placeOrder({ lines: [{ sku: 'GOD-32', quantity: 2 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'TEKST-32', quantity: 3 }] })
  await network.untilEverywhere('GOD-32', 10)
  await network.untilEverywhere('TEKST-32', 9)
  expect(await m.api.movements('GOD-32')).toMatchObject([{ delta: -2 }])
  for (const { node } of network.members) expect(node.running).toBe(true)
})

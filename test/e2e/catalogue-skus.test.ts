/**
 * Odd SKUs in two shops: spellings of one SKU meet, different SKUs never touch each other.
 */
import { expect, test } from 'vitest'
import { fillShop, Network } from '../harness/network.ts'

const long = 'L'.repeat(500)

/** The SKU as M and as E spell it, and how many E sells of the 100 that M has. */
const articles: readonly (readonly [atM: string, atE: string, sold: number])[] = [
  [' ABC-29 ', 'abc-29', 1],
  ['Æ-29', 'æ-29', 2],
  ['\u01FC-29', 'Æ\u0301-29', 3],
  ['Å-29', 'A\u030A-29', 4],
  ['__proto__', '__proto__', 5],
  ['constructor', 'constructor', 6],
  ['a!b', 'a!b', 7],
  ['a/b', 'a/b', 8],
  ['a', 'a', 9],
  ['b', 'b', 10],
  [long, long.toLowerCase(), 11],
  [`${long.slice(1)}K`, `${long.slice(1)}k`, 12],
  ['../status', '../status', 13],
  ['=1+1', '=1+1', 14],
  ['100%', '100%', 15],
]

test('29: odd SKUs are matched by their key, each moves alone, and no SKU at all is ignored', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  const nameless = [null, '', '   '].map((sku) => ({ sku, name: 'Uden varenr.', stock: 5 }))
  await fillShop(m, [...articles.map(([sku]) => ({ sku, name: `Vare ${sku}`.slice(0, 80), stock: 100 })), ...nameless])
  await fillShop(e, [...articles.map(([, sku]) => ({ sku, name: 'Vare', stock: 20 })), ...nameless])
  await network.found()
  expect((await m.api.status()).stock).toMatchObject({ skus: articles.length, matched: articles.length, problems: 0 })

  for (const [, sku, quantity] of articles) await e.shopApi.placeOrder({ lines: [{ sku, quantity }] })
  for (const [sku, , sold] of articles) await network.untilEverywhere(sku, 100 - sold)
  await network.untilAgreed()
  for (const [sku, , sold] of articles) {
    expect(await m.api.movements(sku), sku).toMatchObject([{ delta: -sold, levelAfter: 100 - sold }])
  }
  for (const { api, shopApi } of network.members) {
    expect(await api.problems()).toEqual([])
    expect(await api.stock()).toHaveLength(articles.length)
    const ignored = (await shopApi.products()).filter(({ sku }) => sku === null || sku.trim() === '')
    expect(ignored.map(({ stock }) => stock)).toEqual([5, 5, 5])
  }
})

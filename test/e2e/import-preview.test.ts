/**
 * A shop that joins sees what the import will do before anything is written to it, and what it starts is what was seen:
 * sales go on meanwhile, and a preview from before more than that is refused.
 */
import type { ImportPreview, ImportPreviewItem, List } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { requestAndAccept } from './admission.ts'
import { codeOf } from './refusal.ts'

const readPreview = ({ api }: Member): Promise<ImportPreview> => api.call('GET', '/import/preview')

async function readItems({ api }: Member, query: string): Promise<List<ImportPreviewItem>> {
  return await api.call('GET', `/import/preview/items${query}`)
}

test('19: what an import will do is shown before it writes, sales leave it as it is, and 1 % of other changes do not', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'] })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  const numbers = Array.from({ length: 40 }, (_, index) => index)
  await fillShop(
    m,
    numbers.map((n) => ({ sku: `V-${n}`, name: `Vare ${n}`, stock: n < 3 ? 0 : n < 30 ? 7 : 7 + n })),
  )
  await fillShop(m, [{ sku: 'KUN-M', name: 'Kun i M', stock: 5 }])
  await fillShop(
    e,
    numbers.map((n) => ({ sku: `v-${n}`, name: `Vare ${n}`, stock: 7 })),
  )
  await fillShop(e, [
    { sku: 'KUN-E', name: 'Kun i E', stock: 9 },
    { sku: 'DOBB', name: 'Den ene', stock: 1 },
    { sku: 'dobb', name: 'Den anden', stock: 2 },
  ])
  await m.api.startImport()
  await eventually('the first import is done', async () => (await m.api.importState()).state === 'done')
  expect(await codeOf(e.api.call('GET', '/import/preview'))).toBe('409 no-preview')
  await requestAndAccept(e, m, false)
  await eventually('E is ready', async () => (await e.api.importState()).state === 'ready')

  const seen = await readPreview(e)
  const changes = numbers.filter((n) => n < 3 || n >= 30)
  expect(seen).toMatchObject({ matched: 40, differ: 13, onlyHere: 1, onlyNetwork: 1, toZero: 3 })
  expect(seen.unitsChanged).toBe(changes.reduce((units, n) => units + (n < 3 ? 7 : n), 0))
  const first = await readItems(e, '?sort=-change&limit=5')
  expect(first).toMatchObject({ total: 13 })
  expect(first.items.map(({ sku, from, to }) => [sku, from, to])).toEqual(
    [39, 38, 37, 36, 35].map((n) => [`v-${n}`, 7, 7 + n]),
  )
  const rest = await readItems(e, `?limit=1000&after=${first.next}`)
  expect(rest.items).toHaveLength(8)
  expect(rest.next).toBeNull()
  expect(rest.items.slice(-3).map(({ sku, to }) => [sku, to])).toEqual([
    ['v-0', 0],
    ['v-1', 0],
    ['v-2', 0],
  ])

  // Nobody has written anything anywhere.
  expect((await e.shopApi.products()).filter(({ sku }) => sku?.startsWith('v-') === true)).toHaveLength(40)
  expect((await e.shopApi.products()).every(({ sku, stock }) => sku?.startsWith('v-') !== true || stock === 7)).toBe(
    true,
  )
  expect(await m.api.stockOf('KUN-E')).toBeNull()

  // What is sold in either shop changes the numbers and not the decision.
  await m.shopApi.placeOrder({
    lines: [
      { sku: 'V-39', quantity: 6 },
      { sku: 'V-38', quantity: 1 },
    ],
  })
  await e.shopApi.placeOrder({ lines: [{ sku: 'v-35', quantity: 2 }] })
  await eventually('the preview has the sales', async () => {
    const { items } = await readItems(e, '')
    return items.find(({ sku }) => sku === 'v-39')?.to === 40 && items.find(({ sku }) => sku === 'v-35')?.from === 5
  })

  // A number that somebody typed does: it is one of 42 SKUs.
  const stale = seen.id
  const product = (await m.shopApi.products()).find(({ sku }) => sku === 'V-20')?.id ?? ''
  await m.shopApi.changeProduct(product, { stock: 70 })
  await eventually('the preview has the number', async () =>
    (await readItems(e, '')).items.some(({ sku, to }) => sku === 'v-20' && to === 70),
  )
  const start = (preview: string): Promise<unknown> => e.api.call('POST', '/import', { body: { preview } })
  expect(await codeOf(start(stale))).toBe('409 preview-stale')
  expect(await codeOf(start('never-shown'))).toBe('409 preview-stale')
  expect((await e.api.importState()).state).toBe('ready')

  const current = await readPreview(e)
  await e.shopApi.placeOrder({ lines: [{ sku: 'v-34', quantity: 1 }] })
  await eventually('the sale is here', async () =>
    (await readItems(e, '')).items.some(({ sku, from }) => sku === 'v-34' && from === 6),
  )
  await start(current.id)
  await eventually('E is done', async () => (await e.api.importState()).state === 'done')
  for (const [sku, level] of [
    ['v-39', 40],
    ['v-35', 40],
    ['v-34', 40],
    ['v-20', 70],
  ] as const) {
    await eventually(`${sku} is ${level} in both`, async () => {
      const levels = await Promise.all([m, e].map(async ({ api }) => (await api.stockOf(sku))?.level))
      const stocks = (await network.shopStocks(sku)).slice(0, 2)
      return [...levels, ...stocks].every((number) => number === level)
    })
  }
  expect((await m.api.stockOf('KUN-E'))?.level).toBe(9)
  expect(await codeOf(e.api.call('GET', '/import/preview'))).toBe('409 no-preview')
  // Running or done already: the import that there is, whatever preview was seen.
  expect(await start(stale)).toMatchObject({ state: 'done' })

  // A third shop that said so before imports by itself.
  await fillShop(t, [{ sku: 'V-0', name: 'Vare 0', stock: 50 }])
  await requestAndAccept(t, m, true)
  await eventually('T is done', async () => (await t.api.importState()).state === 'done')
  expect((await t.shopApi.products()).map(({ stock }) => stock)).toEqual([0])
})

/**
 * The real replay in a short form, and the parts of it that stand alone.
 */
import { describe, expect, test } from 'vitest'
import { readInvoices } from '../harness/orders.ts'
import { createCatalogue, foldSku, productsOfShop } from './catalogue.ts'
import { planFaults } from './fault-plan.ts'
import { createRandom } from './random.ts'
import { replay } from './replay.ts'
import { formatReport } from './report.ts'

describe('the order data', () => {
  const invoices = readInvoices()
  const lines = invoices.flatMap((invoice) => invoice.lines)

  test('holds 28,492 lines of 1,275 whole invoices in time order, with 485 lines that came back', () => {
    expect(lines).toHaveLength(28_492)
    expect(invoices).toHaveLength(1_275)
    expect(new Set(invoices.map(({ number }) => number)).size).toBe(1_275)
    expect(invoices.map(({ at }) => at)).toEqual(invoices.map(({ at }) => at).sort())
    expect(new Set(lines.map(({ sku }) => sku)).size).toBe(2_605)
    expect(new Set(lines.map(({ sku }) => foldSku(sku))).size).toBe(2_557)
    const returned = invoices.flatMap(({ number, lines: all }) =>
      all.filter(({ quantity }) => number.startsWith('C') || quantity < 0),
    )
    expect(returned).toHaveLength(485)
  })

  test('keeps quotes and commas of a name', () => {
    expect(lines.find(({ sku }) => sku === '22041')?.name).toBe('RECORD FRAME 7" SINGLE SIZE ')
    expect(lines.some(({ name }) => name.includes(','))).toBe(true)
  })

  test('a part of it ends with a whole invoice', () => {
    const part = readInvoices(1_000)
    expect(part.flatMap((invoice) => invoice.lines)).toHaveLength(1_016)
    expect(part).toEqual(invoices.slice(0, part.length))
  })
})

describe('the catalogue', () => {
  const invoices = readInvoices()
  const articles = createCatalogue(invoices, createRandom(7))

  test('has every SKU once; 200 are sold below zero and 8 services are not tracked', () => {
    expect(articles).toHaveLength(2_557)
    expect(articles.filter(({ stock }) => stock !== null && stock.final < 0)).toHaveLength(200)
    expect(articles.filter(({ stock }) => stock === null)).toHaveLength(8)
    expect(articles.every(({ stock }) => stock === null || stock.opening >= 0)).toBe(true)
  })

  test('is the same for the same seed, and another for another', () => {
    expect(createCatalogue(invoices, createRandom(7))).toEqual(articles)
    expect(createCatalogue(invoices, createRandom(8))).not.toEqual(articles)
  })

  test('shops spell some SKUs differently and begin with other numbers', () => {
    const [first, second] = [0, 1].map((shop) => productsOfShop(articles, shop, createRandom(shop)))
    const spelledApart = first!.filter((product, index) => product.sku !== second![index]!.sku)
    expect(spelledApart).toHaveLength(2_605 - 2_557)
    expect(first!.map(({ stock }) => stock)).toEqual(articles.map(({ stock }) => stock?.opening ?? null))
    expect(first!.filter((product, index) => product.stock !== second![index]!.stock).length).toBeGreaterThan(2_000)
  })
})

test('a plan of faults reaches every process before it reaches one twice, and is the same for the same seed', () => {
  const plan = planFaults({ members: 3, kills: 6, cuts: 9, cutMsMax: 5_000 }, createRandom(3))
  expect(plan).toHaveLength(9)
  const victims = plan.flatMap(({ kill }) => (kill === null ? [] : [`${kill.what} ${kill.member}`]))
  expect(new Set(victims).size).toBe(6)
  expect(plan.filter(({ cut }) => cut !== null)).toHaveLength(9)
  expect(planFaults({ members: 3, kills: 6, cuts: 9, cutMsMax: 5_000 }, createRandom(3))).toEqual(plan)
})

test('1,000 real order lines in three shops with 2 kills and 2 cuts leave every number exact', async () => {
  const said: string[] = []
  const report = await replay({
    lines: 1_000,
    seed: 11,
    kills: 2,
    cuts: 2,
    ordersPerShop: 16,
    segmentMs: 1_500,
    cutMsMax: 4_000,
    all: false,
    say: (line) => said.push(line),
  })
  const story = [...said, formatReport(report)].join('\n')
  expect(report.differences, story).toEqual([])
  expect(report.kills, story).toHaveLength(2)
  expect(
    report.kills.every(({ ordersInFlight }) => ordersInFlight >= 20),
    story,
  ).toBe(true)
  expect(report.oversold).toBeGreaterThan(0)
})

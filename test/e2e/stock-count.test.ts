/**
 * People count the shelf and take goods in, at two shops, apart and together, while both sell. Two nodes and two shops
 * as processes.
 */
import type { CountAnswer, CountLine } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiRefusal } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { create, sell, showsLevel } from './trade.ts'

const skus = ['SET-3', 'SOLGT-3', 'SAMTIDIG', 'TRAVL', 'HYLDE', 'TIDLIG', 'LISTE-1', 'LISTE-2', 'NEDE'] as const

// A line that drops bytes is noticed after 10 s of silence, and dialed again after that.

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], shopProcesses: true })
  m = network.member('M')
  e = network.member('E')
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: `Vare ${sku}`, stock: member === m ? 100 : 3 })),
    )
  }
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

async function count(
  member: Member,
  sku: string,
  quantity: number,
  more: Partial<CountLine> = {},
): Promise<CountAnswer> {
  return await member.api.call('POST', `/stock/${encodeURIComponent(sku)}/count`, { body: { quantity, ...more } })
}

async function idOf(member: Member): Promise<string> {
  return (await member.api.status()).node.id
}

/** `cause delta -> levelAfter`, newest first, as a node tells it. */
async function told(member: Member, sku: string): Promise<readonly string[]> {
  const movements = await member.api.movements(sku)
  return movements.map(({ cause, delta, levelAfter }) => `${cause} ${delta} -> ${levelAfter}`)
}

test('3: counted while apart, the later count stands, and what its shop had not heard of is subtracted', async () => {
  network.partition(['M'], ['E'])
  await eventually('each misses the other', async () => {
    const statuses = await Promise.all([m.api.status(), e.api.status()])
    return statuses.every((status) => status.network?.members.some(({ online }) => !online))
  })
  await sell(m, 'SOLGT-3', 3)
  for (const sku of ['SET-3', 'SOLGT-3']) {
    for (let again = 0; again < 5; again += 1) expect((await count(m, sku, 50)).items[0]).toMatchObject({ to: 50 })
    const answer = await count(e, sku, 60)
    expect(answer).toMatchObject({ items: [{ sku, from: 100, to: 60, error: null }], counted: 1, refused: 0 })
    expect(answer.unheard).toEqual([await idOf(m)])
  }
  await eventually('M shows 50', () => showsLevel(m, 'SET-3', 50))
  network.heal()
  await network.untilEverywhere('SET-3', 60)
  await network.untilEverywhere('SOLGT-3', 57)
  await network.untilAgreed()
  expect((await told(m, 'SOLGT-3')).slice(0, 2)).toEqual(['stock-count 7 -> 57', 'stock-count 0 -> 50'])
  const atE = await told(e, 'SOLGT-3')
  expect(atE).toContain('stock-count -40 -> 60')
  // M's count and M's sale travel apart, and either may come first.
  expect(atE.some((line) => /^stock-count 0 -> (57|60)$/.test(line))).toBe(true)
  const log = (await e.api.log()).filter(({ sku, cause }) => sku === 'SET-3' && cause === 'stock-count')
  expect(new Set(log.map(({ member, result }) => `${member}: ${result}`))).toEqual(
    new Set([`${await idOf(e)}: 100 replaced by 60`, `${await idOf(m)}: later-count-stands`]),
  )
  expect((await e.api.problems()).filter(({ kind }) => kind === 'counted-together')).toEqual([])
})

test('counts at two shops at once do not add up', async () => {
  await Promise.all([count(m, 'SAMTIDIG', 70), count(e, 'SAMTIDIG', 70)])
  await network.untilEverywhere('SAMTIDIG', 70)
  await network.untilAgreed()
  await Promise.all([count(m, 'SAMTIDIG', 40), count(e, 'SAMTIDIG', 30)])
  await network.untilAgreed()
  const [level] = await network.levels('SAMTIDIG')
  expect([30, 40]).toContain(level)
  expect(await network.shopStocks('SAMTIDIG')).toEqual([level, level])
  const atM = (await told(m, 'SAMTIDIG')).filter((line) => line.startsWith('stock-count'))
  expect(atM).toHaveLength(4)
})

test('what the shop sold before a count is covered, though its node has not read it yet', async () => {
  for (let round = 1; round <= 10; round += 1) {
    await sell(m, 'TRAVL', 2)
    expect((await count(m, 'TRAVL', 100)).items[0]).toMatchObject({ to: 100 })
  }
  await network.untilEverywhere('TRAVL', 100)
  await network.untilAgreed()
  expect((await told(e, 'TRAVL')).filter((line) => line.startsWith('sale'))).toHaveLength(10)
})

test('counted while the shop sells, every sale lies before the count or after it, and none is lost', async () => {
  let [before, begun] = [0, 0]
  const sales = Array.from({ length: 40 }, async (_, index) => {
    for (let waited = 0; waited < index % 4; waited += 1) await m.api.status()
    begun += 1
    await sell(index % 2 === 0 ? m : e, 'TRAVL', 1)
    before += 1
  })
  await sales[0]
  const acknowledged = before
  await count(m, 'TRAVL', 200)
  const begunByThen = begun
  await Promise.all(sales)
  await network.untilAgreed()
  const [level = 0] = await network.levels('TRAVL')
  expect(await network.shopStocks('TRAVL')).toEqual([level, level])
  // A sale of E that M had not heard of is subtracted as well, so only M's acknowledged ones must be covered.
  expect(200 - (level ?? 0)).toBeGreaterThanOrEqual(40 - begunByThen)
  expect(200 - (level ?? 0)).toBeLessThanOrEqual(40 - Math.min(1, acknowledged))
  const { baseline, byShop } = (await e.api.stockOf('TRAVL')) ?? { baseline: null, byShop: [] }
  const since = byShop.reduce((all, { added, removed }) => all + added - removed, 0)
  expect((baseline?.quantity ?? 0) + since).toBe(level)
})

test('a shop counts what only another shop sells, and that shop is adjusted', async () => {
  await create(m, 'KUN-M', 12)
  await eventually('E knows it', () => showsLevel(e, 'KUN-M', 12))
  expect((await count(e, ' kun-m ', 9)).items[0]).toMatchObject({ name: 'Vare KUN-M', from: 12, to: 9 })
  await eventually('M shows 9', async () => (await network.shopStocks('KUN-M'))[0] === 9)
  expect(await network.shopStocks('KUN-M')).toEqual([9, null])
  expect(await told(m, 'KUN-M')).toEqual(['stock-count -3 -> 9'])
  await expect(count(e, 'INGEN', 9)).rejects.toMatchObject({ status: 404, code: 'sku-unknown' })
})

test('what is sold after counting began, and what is sold and not sent, is subtracted', async () => {
  await sell(m, 'TIDLIG', 5)
  await network.untilEverywhere('TIDLIG', 95)
  const begun = (await m.api.movements('TIDLIG'))[0]?.at ?? ''
  const asOf = new Date(Date.parse(begun) + 1).toISOString()
  await sell(m, 'TIDLIG', 3)
  await sell(e, 'TIDLIG', 4)
  await network.untilEverywhere('TIDLIG', 88)
  expect((await count(m, 'TIDLIG', 80, { asOf, unsent: 6 })).items[0]).toMatchObject({ from: 88, to: 67 })
  await network.untilEverywhere('TIDLIG', 67)
  const [tomorrow, longAgo] = [86_400_000, -90 * 86_400_000].map((ms) => new Date(Date.now() + ms).toISOString())
  await expect(count(m, 'TIDLIG', 1, { asOf: tomorrow ?? '' })).rejects.toMatchObject({
    status: 422,
    code: 'as-of-future',
  })
  await expect(count(m, 'TIDLIG', 1, { asOf: longAgo ?? '' })).rejects.toMatchObject({ code: 'as-of-too-old' })
  await network.untilEverywhere('TIDLIG', 67)
})

test('in a list bad lines hold up nobody, and a dry run changes nothing', async () => {
  const lines = [
    { sku: 'LISTE-1', quantity: 7 },
    { sku: ' liste-1 ', quantity: 8 },
    { sku: 'INGEN', quantity: 1 },
    { sku: 'LISTE-2', quantity: 2.5 },
    { quantity: 4 },
    { sku: 'LISTE-2', quantity: 11 },
  ]
  const dry: CountAnswer = await m.api.call('POST', '/counts?dryRun=true', { body: lines })
  expect(dry).toMatchObject({ counted: 2, refused: 4, unitsChanged: 93 + 89, dryRun: true })
  expect(await network.levels('LISTE-1')).toEqual([100, 100])
  expect(await told(m, 'LISTE-1')).toEqual([])
  const answer: CountAnswer = await m.api.call('POST', '/counts', { body: { items: lines } })
  expect(answer).toEqual({ ...dry, dryRun: false })
  expect(answer.items.map(({ to, error }) => error?.code ?? to)).toEqual([
    7,
    'sku-repeated',
    'sku-unknown',
    'quantity-invalid',
    'line-invalid',
    11,
  ])
  await network.untilEverywhere('LISTE-1', 7)
  await network.untilEverywhere('LISTE-2', 11)
})

test('received goods add up with what is sold meanwhile, and the delivery note is told in every shop', async () => {
  const [body, note] = [[{ sku: 'HYLDE', quantity: 25 }], 'Følgeseddel 4711']
  network.partition(['M'], ['E'])
  const answer: CountAnswer = await m.api.call('POST', '/received', { body: { items: body, note } })
  expect(answer).toMatchObject({ items: [{ sku: 'HYLDE', from: 100, to: 125 }], unitsChanged: 25 })
  await sell(e, 'HYLDE', 10)
  network.heal()
  await network.untilEverywhere('HYLDE', 115)
  await m.api.call('POST', '/received', { body })
  await network.untilEverywhere('HYLDE', 140)
  for (const member of network.members) {
    const received = (await member.api.movements('HYLDE')).filter(({ cause }) => cause === 'received')
    expect(received.map(({ delta, reference }) => [delta, reference])).toEqual([
      [25, null],
      [25, note],
    ])
    expect(new Set(received.map((movement) => movement.member))).toEqual(new Set([await idOf(m)]))
  }
})

test('nothing is taken in of a line without goods', async () => {
  const body = [
    { sku: 'HYLDE', quantity: 0 },
    { sku: 'SET-3', quantity: -4 },
  ]
  const before = await network.levels('HYLDE')
  const answer: CountAnswer = await m.api.call('POST', '/received', { body })
  expect(answer.items.map(({ error }) => error?.code)).toEqual(['quantity-invalid', 'quantity-invalid'])
  expect(await network.levels('HYLDE')).toEqual(before)
})

test('while the shop cannot be read nothing is counted, and goods are taken in all the same', async () => {
  await e.shop.kill()
  await expect(count(e, 'NEDE', 5)).rejects.toBeInstanceOf(ApiRefusal)
  await expect(count(e, 'NEDE', 5)).rejects.toMatchObject({ status: 503, code: 'shop-unreachable' })
  expect(await network.levels('NEDE')).toEqual([100, 100])
  await e.api.call('POST', '/received', { body: [{ sku: 'NEDE', quantity: 1 }] })
  await e.shop.restart()
  await network.untilEverywhere('NEDE', 101)
  expect((await count(e, 'NEDE', 5)).items[0]).toMatchObject({ to: 5 })
  await network.untilEverywhere('NEDE', 5)
})

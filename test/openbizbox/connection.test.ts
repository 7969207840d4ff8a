/** The keys, their renewal, a shop that is busy or answers something else, its hints, and the trial of the settings. */
import { expect, test } from 'vitest'
import { openBizBoxPlatform } from '../../packages/node/src/connectors/openbizbox/platform.ts'
import { OpenedShop, untroubled } from './opened-shop.ts'
import { clientId, clientSecret, type Switches } from './stand-in.ts'

const { schema } = openBizBoxPlatform
async function open(switches: Partial<Switches> = {}): Promise<OpenedShop> {
  const shop = await OpenedShop.forThisTest(switches)
  shop.standIn.addProduct({ title: 'Mug', variants: [{ model: 'MUG', quantity: 12 }] })
  return shop
}

test('one token serves every call until it is about to end', async () => {
  const shop = await open({ tokenSeconds: 3_600 })
  const port = await shop.connect()
  await Promise.all([shop.listAll(port), shop.listAll(port)])
  expect(shop.standIn.tokensGiven).toBe(1)
  shop.advance(3_541_000)
  await shop.listAll(port)
  expect(shop.standIn.tokensGiven).toBe(2)
})

test('a token that the shop ended in mid-run is renewed, and the write is done once', async () => {
  const shop = await open()
  const [row] = await shop.listAll(await shop.connect())
  const port = await shop.connect({ probe: untroubled })
  await shop.listAll(port)
  shop.standIn.endTokens()
  const write = { opId: 'a', stockId: row!.stockId, delta: -2, expected: 12 }
  expect(await port.write([write], shop.signal)).toMatchObject([{ status: 'applied', stock: 10 }])
})

test('a wrong key is said once and in one sentence, and so is a key that no longer counts', async () => {
  const shop = await open()
  const settings = shop.settings({ clientSecret: 'wrong' })
  await expect(openBizBoxPlatform.test(settings, shop.signal)).rejects.toMatchObject({
    code: 'key-rejected',
    message: 'The shop does not accept the client id and secret. Copy both again from /admin/api-token in the shop.',
  })
  shop.standIn.fault = () => ({ status: 401, body: '{}' })
  await expect(openBizBoxPlatform.test(shop.settings(), shop.signal)).rejects.toMatchObject({ code: 'key-rejected' })
})

test('a shop that asks for fewer calls is asked again later, and everything is read', async () => {
  const shop = await open({ busyEvery: 3, pageItemsMax: 3 })
  for (let count = 0; count < 20; count += 1) shop.standIn.addProduct({ variants: [{ model: 'M', quantity: 1 }] })
  expect(await shop.listAll(await shop.connect())).toHaveLength(21)
})

test.each([
  ['a web page', { status: 200, body: '<h1>Maintenance</h1>' }, 'shop-answer-invalid'],
  ['something else', { status: 200, body: '{"items":[]}' }, 'shop-answer-invalid'],
  ['an error', { status: 503, body: 'down' }, 'shop-error'],
  ['a way to elsewhere', { status: 302, body: '' }, 'shop-answer-invalid'],
  ['nothing', 'drop', 'shop-unreachable'],
] as const)('a shop that answers %s gives no numbers', async (_title, fault, code) => {
  const shop = await open()
  const port = await shop.connect()
  const { cursor } = await port.changes(null, shop.signal)
  shop.standIn.fault = () => fault
  await expect(port.list({ after: null, limit: 10 }, shop.signal)).rejects.toMatchObject({ code })
  await expect(port.read(['1-1001'], shop.signal)).rejects.toMatchObject({ code })
  await expect(port.changes(cursor, shop.signal)).rejects.toMatchObject({ code })
})

test('the trial reads one product, names the places and what is to know', async () => {
  const shop = await open()
  shop.standIn.placeNames.set(2, 'Kolding')
  const trial = await openBizBoxPlatform.test(shop.settings(), shop.signal)
  expect(trial).toMatchObject({
    promise: 'best-effort',
    mayWrite: 'unknown',
    sample: { sku: 'MUG', name: 'Mug', stock: 12 },
    locations: [{ id: '2', name: 'Kolding' }],
  })
  expect(trial.warnings.join(' ')).toContain('pick a product for the trial (trialSku)')
  // A batch of nothing is all that is sent, to see whether the key may write.
  expect(shop.standIn.calls.filter(({ method }) => method !== 'GET').map(({ path, body }) => [path, body])).toEqual([
    ['/api/batches.json', '[]'],
  ])
  await expect(openBizBoxPlatform.test(shop.settings({ place: 9 }), shop.signal)).rejects.toMatchObject({
    code: 'not-writable',
  })
})

test('a key that may only read is said so by the trial, whether a product was picked or not', async () => {
  const shop = await open()
  shop.standIn.mayWrite = false
  const refused = { code: 'not-writable', message: expect.stringMatching(/^The key may .*\.$/) as unknown }
  await expect(openBizBoxPlatform.test(shop.settings(), shop.signal)).rejects.toMatchObject(refused)
  await expect(openBizBoxPlatform.test(shop.settings({ trialSku: 'MUG' }), shop.signal)).rejects.toMatchObject(refused)
  expect([...shop.standIn.products.values()].flatMap(({ variants }) => variants[0]?.quantity)).toEqual([12])
})

test.for([
  { status: 400, body: '{"error":"empty"}' },
  { status: 404, body: '<h1>404</h1>' },
  { status: 500, body: '' },
])('what a shop says to a batch of nothing ($status) says nothing of the key', async (fault) => {
  const shop = await open()
  shop.standIn.fault = ({ path }) => (path === '/api/batches.json' ? fault : null)
  expect(await openBizBoxPlatform.test(shop.settings(), shop.signal)).toMatchObject({ mayWrite: 'unknown' })
})

test('the trial with a product that was picked tries the writing, and its result is a setting', async () => {
  const shop = await open()
  const entered = { url: shop.standIn.url, clientId, clientSecret, trialSku: 'MUG' }
  const trial = await openBizBoxPlatform.test(schema.parse(entered), shop.signal)
  expect(trial.mayWrite).toBe(true)
  expect(trial.learned?.['writing']).toMatch(/^\d{4}-\S+Z variant adds-up batch$/)
  const settings = schema.parse({ ...entered, ...trial.learned })
  expect(settings.probe).toMatchObject({ reachesVariant: true, isAtomic: true, stopsAtZero: false, worksInBatch: true })
  const calls = shop.standIn.calls.length
  expect((await openBizBoxPlatform.test(settings, shop.signal)).learned).toBeUndefined()
  expect(shop.standIn.calls.slice(calls).every(({ method }) => method === 'GET')).toBe(true)
})

test('what is entered is checked before it is used', () => {
  const entered = { url: 'webshopdemo.dk/', clientId: ' a ', clientSecret: 'b' }
  expect(schema.parse(entered)).toMatchObject({
    url: 'https://webshopdemo.dk',
    clientId: 'a',
    place: null,
    probe: null,
  })
  for (const wrong of [
    { url: 'ftp://x' },
    { url: '' },
    { place: 'Kolding' },
    { writing: 'yes' },
    { clientId: '' },
    { other: 'x' },
  ]) {
    expect(schema.safeParse({ ...entered, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
  }
})

test('a shop that gives tokens and has another API is a release that is not known', async () => {
  const shop = await open()
  shop.standIn.fault = ({ path }) => (path.startsWith('/api/v3/') ? { status: 404, body: '{}' } : null)
  await expect(openBizBoxPlatform.test(shop.settings(), shop.signal)).rejects.toMatchObject({
    code: 'release-unknown',
    message: expect.stringMatching(/no API v3/) as string,
  })
})

test('an address that is another kind of shop is named as that', async () => {
  const shop = await open()
  const settings = shop.settings({ url: `${shop.standIn.url}/elsewhere` })
  await expect(openBizBoxPlatform.test(settings, shop.signal)).rejects.toMatchObject({ code: 'not-this-platform' })
})

test('only what the shop signed a moment ago is a hint', async () => {
  const shop = await open()
  const { standIn } = shop
  const settings = shop.settings()
  const body = '{"id":1015}'
  const now = Date.parse('2026-07-01T12:00:00Z')
  const check = (headers: Record<string, string>, bytes = body): string =>
    String(openBizBoxPlatform.checkHint?.(settings, { body: Buffer.from(bytes), headers, now }))
  const danish = now + 7_200_000
  expect(check(standIn.hint(body, now))).toBe('hint')
  expect(check(standIn.hint(body, danish - 60_000))).toBe('hint')
  expect(check({ ...standIn.hint(body, danish - 3 * 3_600_000), 'x-obb-retry': '2' })).toBe('hint')
  for (const [headers, bytes] of [
    [standIn.hint(body, now), `${body} `],
    [standIn.hint(body, now, 'guess'), body],
    [standIn.hint(body, now - 3_600_000), body],
    [standIn.hint(body, danish + 3_600_000), body],
    [{ ...standIn.hint(body, now), 'x-obb-created-at': 'now' }, body],
    [{ ...standIn.hint(body, now), 'x-obb-signature': 'zz' }, body],
    [{}, body],
  ] as const) {
    expect(check({ ...headers }, bytes), JSON.stringify(headers)).toBe('signature-invalid')
  }
  const unset = { ...settings, webhookSecret: null }
  const signed = { body: Buffer.from(body), headers: standIn.hint(body, now), now }
  expect(openBizBoxPlatform.checkHint?.(unset, signed)).toBe('signature-invalid')
})

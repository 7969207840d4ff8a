/**
 * `/api/v1/events` of real nodes: what a dashboard hears of sales in another shop, of members, imports and problems,
 * over cut streams, killed processes, and shops that enter and leave a network.
 */
import { expect, test } from 'vitest'
import { EventReader } from '../harness/event-reader.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { adminToken } from '../harness/process.ts'
import { sell } from './trade.ts'

const headers = { authorization: `Bearer ${adminToken}` }

async function listen(member: Member, lastEventId?: string): Promise<EventReader> {
  return await EventReader.open(member.node.url, {
    headers,
    ...(lastEventId === undefined ? {} : { lastEventId }),
  })
}

const salesIn = (reader: EventReader): string[] =>
  reader.of('log').flatMap(({ data }) => (data.cause === 'sale' ? [data.reference as string] : []))

test('every sale is told exactly once to a reader whose stream is cut again and again, and a restart says reset', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) await fillShop(member, [{ sku: 'HÆND-1', name: 'Kop', stock: 500 }])
  await network.found()

  const orders: string[] = []
  const told: string[] = []
  let lastEventId: string | undefined
  for (let round = 0; round < 6; round += 1) {
    using reader = await listen(e, lastEventId)
    // Some before the cut, some while nobody listens.
    for (let sale = 0; sale < 5; sale += 1) orders.push(await sell(m, 'HÆND-1', 1))
    await eventually('some were told', () => salesIn(reader).length >= round)
    reader.cut()
    told.push(...salesIn(reader))
    expect(reader.of('reset')).toEqual([])
    lastEventId = reader.lastEventId
    orders.push(await sell(m, 'HÆND-1', 1))
  }
  using reader = await listen(e, lastEventId)
  await eventually('all were told', () => told.length + salesIn(reader).length >= orders.length)
  expect([...told, ...salesIn(reader)].toSorted()).toEqual(orders.toSorted())
  const stock = await reader.until(
    'the stock',
    ({ event, data }) => event === 'stock' && data.level === 500 - orders.length,
  )
  expect(stock.data).toMatchObject({ sku: 'HÆND-1', name: 'Kop', state: expect.any(String) })

  await e.node.kill()
  await eventually('the stream has ended', () => reader.isClosed)
  await e.node.start()
  using again = await listen(e, reader.lastEventId)
  await again.until('the reset', ({ event }) => event === 'reset')
  await sell(m, 'HÆND-1', 1)
  await again.until('the next sale', ({ event, data }) => event === 'log' && data.cause === 'sale')
  expect(again.of('reset')).toHaveLength(1)
})

test('a member that goes and comes, a problem and its solution are told; the stream ends with the node', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) await fillShop(member, [{ sku: 'HÆND-2', name: 'Kop', stock: 5 }])
  await network.found()
  using reader = await listen(m)

  await e.node.stop()
  const gone = await reader.until('E is offline', ({ event, data }) => event === 'member' && data.online === false)
  expect(gone.data).toMatchObject({ name: 'E', self: false, left: false })
  await e.node.start()
  await reader.until(
    'E is online',
    ({ event, data }) => event === 'member' && data.name === 'E' && data.online === true,
  )

  await m.shopApi.placeOrder({ lines: [{ sku: 'HÆND-2', quantity: 8 }], allowBackorder: true })
  const oversold = await reader.until('it is oversold', ({ event }) => event === 'problem')
  expect(oversold.data).toMatchObject({ kind: 'oversold', sku: 'HÆND-2', count: 3, solved: false })
  await m.shopApi.placeOrder({ lines: [{ sku: 'HÆND-2', quantity: -8 }] })
  const solved = await reader.until('it is solved', ({ event, data }) => event === 'problem' && data.solved === true)
  expect(solved.data.id).toBe(oversold.data.id)

  const stoppedAt = performance.now()
  await m.node.stop()
  expect(performance.now() - stoppedAt).toBeLessThan(1_900)
  await eventually('the stream has ended', () => reader.isClosed)
  expect(reader.of('reset')).toEqual([])
})

test('the stream goes on while the shop enters a network and leaves it: each new life begins with one reset', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) await fillShop(member, [{ sku: 'HÆND-3', name: 'Kop', stock: 9 }])
  using reader = await listen(e)
  await network.found()
  await reader.until('the import is done', ({ event, data }) => event === 'import' && data.state === 'done')
  expect(reader.of('reset')).toHaveLength(1)
  await reader.until('its stock', ({ event, data }) => event === 'stock' && data.sku === 'HÆND-3' && data.level === 9)

  await e.api.leave()
  await eventually('the second reset', () => reader.of('reset').length === 2)
  expect(reader.isClosed).toBe(false)
  await network.join('E', 'M')
  await network.untilAgreed()
  await sell(m, 'HÆND-3', 2)
  await reader.until('the sale', ({ event, data }) => event === 'log' && data.cause === 'sale')
  expect(reader.of('reset')).toHaveLength(3)
  const numbers = reader.events.map(({ id }) => Number(id.split('-')[1]))
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
  expect(new Set(reader.events.map(({ id }) => id.split('-')[0])).size).toBe(1)
})

/**
 * Rows of a node's disk that are not what was written: a record that is damaged is never summed and never served; it is
 * fetched again from another shop, or read again from the own shop's feed.
 */
import { expect, test } from 'vitest'
import { runCommand } from '../harness/command.ts'
import { damage, flipped, sealed, tables } from '../harness/damage.ts'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { ApiRefusal } from '../harness/client.ts'
import { sell, untilMoved } from './trade.ts'

const sku = 'BIT-1'
const other = 'BIT-2'

async function openThree(): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E', 'T'] })
  await fillAlike(network, [sku, other], 100)
  await network.found()
  await sell(network.member('M'), sku, 5)
  await sell(network.member('E'), sku, 3)
  await sell(network.member('T'), other, 1)
  await network.untilEverywhere(sku, 92)
  await network.untilEverywhere(other, 99)
  await network.untilAgreed()
  return network
}

async function isInOrder({ node }: Member): Promise<void> {
  expect(await runCommand(['verify', '--data', node.folder, '--node', node.url])).toMatchObject({ code: 0, err: '' })
}

/** Whether a record of the table is of the SKU and kind: 1 totals, 2 baseline, 3 listed. */
function isOf(key: Buffer, text: string, kind: number): boolean {
  return key.toString('latin1').endsWith(text.toLowerCase()) && key[1 + 2 + 24 + 7] === kind
}

test('a bit flip in records of the others and of the own node: left out, not shown, not applied, and fetched again', async () => {
  await using network = await openThree()
  const [m, e, t] = network.members as readonly [Member, Member, Member]
  await e.node.stop()
  await m.node.stop()
  await t.node.stop()
  await damage(e.node.folder, tables.record, (row, put) => {
    // Not of E's own feed, whose totals are read again from its shop.
    if (isOf(row.key, sku, 2) || isOf(row.key, sku, 3)) put(row.key, flipped(row))
  })
  await e.node.start()
  const problem = await eventually('the problem is told', async () =>
    (await e.api.problems()).find(({ kind }) => kind === 'damaged'),
  )
  expect(problem).toMatchObject({ details: { reason: 'records-damaged', all: false } })
  expect(await e.api.stockOf(sku)).toMatchObject({ level: null, shown: null, shopLevel: 92, state: 'waiting' })
  expect(await e.api.stockOf(other)).toMatchObject({ level: 99, state: 'synced' })
  await expect(e.api.count(sku, 10)).rejects.toThrow(ApiRefusal)
  await sell(e, sku, 1)
  expect((await network.shopStocks(sku))[1]).toBe(91)

  // T knows nothing newer than E does; what E has left out must not become T's.
  await t.node.start()
  await m.node.start()
  await untilMoved(network, sku, 100, [-5, -3, -1])
  await network.untilEverywhere(other, 99)
  expect((await e.api.problems()).filter(({ kind }) => kind === 'damaged')).toEqual([])
  for (const member of network.members) await isInOrder(member)
  await e.node.restart()
  await network.untilAgreed()
  await isInOrder(e)
})

test('a damaged record of the own feed is read again from the shop, and one that is malformed or misplaced likewise', async () => {
  await using network = await openThree()
  const e = network.member('E')
  await e.node.stop()
  await damage(e.node.folder, tables.record, (row, put) => {
    if (!isOf(row.key, sku, 1)) return
    // Every shop's totals of the SKU, E's own among them, each damaged in another way.
    if (row.value.includes(Buffer.from(sku.toLowerCase()))) put(row.key, sealed(Buffer.from([3, 9, 9, 9])))
  })
  await e.node.start()
  await untilMoved(network, sku, 100, [-5, -3])
  await sell(e, sku, 2)
  await untilMoved(network, sku, 100, [-5, -3, -2])
  await isInOrder(e)
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
})

test('claims that are damaged are made anew from what the others claim', async () => {
  await using network = await openThree()
  const e = network.member('E')
  await e.node.stop()
  await damage(e.node.folder, tables.claim, (row, put, index) => {
    put(row.key, index % 2 === 0 ? flipped(row) : sealed(Buffer.from([1])))
  })
  await e.node.start()
  await untilMoved(network, sku, 100, [-5, -3])
  await sell(e, sku, 2)
  await untilMoved(network, sku, 100, [-5, -3, -2])
  await isInOrder(e)
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
})

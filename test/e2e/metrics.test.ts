/**
 * `/metrics` of real nodes: the figures of a network in step, a sale that crosses it, a shop that is away, and counters
 * that never fall though the shop leaves the network.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { parseMetrics } from '../harness/metrics-text.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { sell } from './trade.ts'

async function figuresOf({ node }: Member): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${node.url}/metrics`)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return parseMetrics(await answer.text()).values
}

test('a dashboard sees the network in step, the sale, the shop that is away, and what is oversold', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) {
    await fillShop(member, [
      { sku: 'TAL-1', name: 'Kop', stock: 5 },
      { sku: `KUN-${member.name}`, name: 'Egen', stock: 4 },
    ])
  }
  await network.found()
  const orders = await Promise.all([1, 2].map(() => sell(m, 'TAL-1', 1)))
  await network.untilEverywhere('TAL-1', 3)
  await network.untilAgreed()
  const before = await figuresOf(e)
  expect(Object.fromEntries(before)).toMatchObject({
    stockmesh_ready: 1,
    stockmesh_skus: 3,
    stockmesh_skus_matched: 1,
    stockmesh_members: 2,
    stockmesh_members_online: 2,
    stockmesh_in_step: 1,
    'stockmesh_import_state{state="done"}': 1,
    'stockmesh_shop_state{state="connected"}': 1,
    'stockmesh_pending{direction="out"}': 0,
    'stockmesh_movements_total{cause="sale"}': orders.length,
  })
  expect(before.get('stockmesh_adjustments_total')).toBeGreaterThan(0)
  expect(before.get('stockmesh_adjustments_refused_total')).toBe(0)
  expect(before.get('stockmesh_shop_last_contact_age_seconds')).toBeLessThan(60)

  await m.node.stop()
  await sell(e, 'KUN-E', 9, true)
  const away = await eventually('E sees that M is away and its own SKU oversold', async () => {
    const seen = await figuresOf(e)
    return seen.get('stockmesh_members_online') === 1 && seen.get('stockmesh_skus_oversold') === 1 ? seen : null
  })
  expect(away.get('stockmesh_problems{kind="oversold"}')).toBe(1)
  expect(away.get('stockmesh_pending{direction="out"}')).toBe(1)
  expect(away.get('stockmesh_in_step')).toBe(0)

  await e.api.call('POST', '/leave', { body: { force: true } })
  const alone = await figuresOf(e)
  expect(Object.fromEntries(alone)).toMatchObject({
    stockmesh_members: 0,
    stockmesh_skus: 0,
    stockmesh_skus_oversold: 0,
  })
  for (const name of ['stockmesh_ledger_batches_total', 'stockmesh_adjustments_total']) {
    expect(alone.get(name)).toBeGreaterThanOrEqual(away.get(name) ?? Number.NaN)
  }
  expect([...alone.keys()].join('\n')).not.toMatch(/TAL-1|KUN-|Kop/)
})

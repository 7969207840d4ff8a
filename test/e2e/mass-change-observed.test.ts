/**
 * A shop without a feed of its own, whose database is put back to an older copy: one reading finds it all, nothing of it
 * is told, and what is sold meanwhile counts.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundNetwork, untilAgreed } from '../harness/agreement.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openMember, openOpenBizBox } from '../harness/platform-shop.ts'

const skus = Array.from({ length: 100 }, (_, index) => `RUL-${index}`)
const back = skus.slice(0, 60)
const patience = { deadlineMs: 60_000, every: 100 }

test('15: 60 of 100 numbers jump up in an observed shop and are held; a sale counts, and "use the network" puts them right', async () => {
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-observed-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const builtin = await openBuiltin(folder, owned)
  const observed = await openOpenBizBox(owned)
  for (const sku of skus) for (const shop of [builtin, observed]) await shop.create(sku, 10)
  const m = await openMember('M', builtin, folder, owned)
  const e = await openMember('E', observed, folder, owned)
  await foundNetwork([m, e], patience)
  await untilAgreed([m, e], patience)

  for (const sku of back) observed.type(sku, 14)
  const held = await eventually(
    '60 SKUs are held',
    async () => (await e.api.problems()).find(({ kind, count }) => kind === 'held' && count === 60),
    patience,
  )
  expect(held.details).toMatchObject({ reason: 'mass-change', units: 240, toZero: 0 })
  const levels = async (): Promise<ReadonlySet<number | null>> =>
    new Set((await m.api.stock()).filter(({ sku }) => back.includes(sku)).map(({ level }) => level))
  expect(await levels()).toEqual(new Set([10]))
  // Nothing of it was ever told.
  expect(await m.api.movements('RUL-7')).toEqual([])

  await observed.sell('RUL-0', 1)
  await eventually('the sale is at M', async () => (await builtin.stockOf('RUL-0')) === 9, patience)
  await e.api.act(held, 'use-network')
  await eventually(
    'all are right in the shop',
    async () => {
      const seen = await Promise.all(back.map((sku) => observed.stockOf(sku)))
      return seen[0] === 9 && seen.slice(1).every((stock) => stock === 10)
    },
    patience,
  )
  await untilAgreed([m, e], patience)
  expect(await e.api.problems()).toEqual([])
})

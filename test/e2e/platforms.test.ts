/** The built-in shop, a shop with a database of its own and an OpenBizBox shop on one stock. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { openPgliteServer } from '../connectors/sql/pglite-server.ts'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openOpenBizBox, openSql } from '../harness/platform-shop.ts'
import { tradeThroughFaults } from '../harness/trade-through-faults.ts'

test('three platforms stay exact while their customers buy, nodes and shops are killed and lines are cut', async () => {
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-platforms-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const shops = {
    DK: await openBuiltin(folder, owned),
    SE: await openSql(await openPgliteServer(), owned),
    NO: await openOpenBizBox(owned),
  }
  await tradeThroughFaults({ shops, salesPerFault: 5, folder, owned })
})

/** The SQL connector on the servers that shops run, as the user with the documented grants. */
import { describe, it } from 'vitest'
import { conformance } from '../conformance.ts'
import { openMariadbServer, openPostgresServer } from './real-servers.ts'
import { openShopUnderTest } from './sql-shop.ts'
import { sqlStories } from './stories.ts'

const isWanted = process.env['STOCKMESH_DATABASES'] === '1'
const servers = { PostgreSQL: openPostgresServer, MariaDB: openMariadbServer }

for (const [name, open] of Object.entries(servers)) {
  if (isWanted) {
    conformance(`SQL on ${name}`, async () => openShopUnderTest(await open()))
    sqlStories(name, open, true)
  } else {
    describe(`SQL on ${name}`, () => {
      it('runs on the real server', (context) =>
        context.skip('needs the Debian packages postgresql and mariadb-server: npm run test:databases'))
    })
  }
}

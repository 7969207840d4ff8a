/** The SQL connector on the servers that shops run, as the user with the documented grants. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { grants } from '../../../packages/node/src/connectors/sql/install-sql.ts'
import { readShopTable } from '../../../packages/node/src/connectors/sql/shop-table.ts'
import { conformance } from '../conformance.ts'
import { openMariadbServer, openPostgresServer } from './real-servers.ts'
import { openShopUnderTest, settingsFor, SqlShop } from './sql-shop.ts'
import { sqlStories } from './stories.ts'

const isWanted = process.env['STOCKMESH_DATABASES'] === '1'
const servers = { PostgreSQL: openPostgresServer, MariaDB: openMariadbServer }

for (const [name, open] of Object.entries(servers)) {
  if (isWanted) {
    conformance(`SQL on ${name}`, async () => openShopUnderTest(await open()))
    sqlStories(name, open, true)
    it(`${name} gives rights to no user whom it does not have, and makes none`, async () => {
      const server = await open()
      onTestFinished(() => server[Symbol.asyncDispose]())
      await using shop = await SqlShop.open(server)
      const { mapping } = await readShopTable(shop.database, settingsFor(server.url).mapping)
      for (const statement of grants(shop.database.dialect, mapping, 'mistyped')) {
        await expect(shop.run(statement)).rejects.toMatchObject({ code: 'database-user-unknown' })
      }
    })
  } else {
    describe(`SQL on ${name}`, () => {
      it('runs on the real server', (context) =>
        context.skip('needs the Debian packages postgresql and mariadb-server: npm run test:databases'))
    })
  }
}

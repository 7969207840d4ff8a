/** The SQL connector on PostgreSQL that runs in the test's own process. */
import { conformance } from '../conformance.ts'
import { openPgliteServer } from './pglite-server.ts'
import { openShopUnderTest } from './sql-shop.ts'
import { sqlStories } from './stories.ts'

conformance('SQL on PGlite', async () => openShopUnderTest(await openPgliteServer()))
sqlStories('PGlite', openPgliteServer, false)

/**
 * The database of a shop that is not running, with Vendure's own migrations as its README tells merchants:
 * `node migrate.cjs <directory> without` takes the companion's tables away, `older` gives them the shape that an earlier
 * release might have had, and `migrate` writes a migration and runs it. It prints what was migrated, as JSON.
 */
const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
process.env.VENDURE_DISABLE_TELEMETRY = 'true'
const { DefaultLogger, generateMigration, LogLevel, runMigrations } = require('@vendure/core')
const { ModuleKind, transpileModule } = require('typescript')
const { StockmeshPlugin } = require('../dist')
const { change, connectionOf } = require('./database.cjs')

const [directory, step] = process.argv.slice(2)
const tables = ['stockmesh_state', 'stockmesh_pending', 'stockmesh_feed_row', 'stockmesh_row']

async function migrate() {
  const migrations = join(directory, 'migrations')
  const config = {
    apiOptions: { port: 0 },
    authOptions: { tokenMethod: ['bearer'], customPermissions: [] },
    dbConnectionOptions: {
      ...connectionOf(directory),
      synchronize: false,
      logging: false,
      migrations: [join(migrations, '*.js')],
    },
    paymentOptions: { paymentMethodHandlers: [] },
    logger: new DefaultLogger({ level: LogLevel.Error, timestamp: false }),
    plugins: [StockmeshPlugin.init({ key: 'x'.repeat(32), shopUrl: 'https://shop.example' })],
  }
  const file = await generateMigration(config, { name: `stockmesh-${Date.now()}`, outputDir: migrations })
  if (file === undefined) return []
  const { outputText } = transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ModuleKind.CommonJS },
  })
  writeFileSync(file.replace(/ts$/, 'js'), outputText)
  return runMigrations(config)
}

const steps = {
  without: () =>
    change(
      directory,
      tables.map((table) => `DROP TABLE ${table}`),
    ),
  older: () =>
    change(directory, [
      'ALTER TABLE stockmesh_feed_row DROP COLUMN reference',
      'ALTER TABLE stockmesh_pending DROP COLUMN "locationId"',
    ]),
  migrate,
}

Promise.resolve(steps[step]())
  // Vendure writes what it does to the same output.
  .then((done) => process.stdout.write(`\ndone ${JSON.stringify(done ?? [])}\n`))
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  })

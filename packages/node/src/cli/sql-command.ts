/**
 * `stockmesh sql install` and `sql uninstall`: what Stockmesh needs inside a shop's own database, printed before it runs.
 * Needs no running node; the settings are those of `stockmesh connect sql`, with a user who may create tables.
 */
import { connectorVariable } from '../connectors/platform-settings.ts'
import { grants, installPlan, uninstallPlan } from '../connectors/sql/install-sql.ts'
import { openDatabase, sqlPlatform } from '../connectors/sql/platform.ts'
import { readShopTable } from '../connectors/sql/shop-table.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { printJson } from './cell.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export async function sql(invocation: Invocation): Promise<number> {
  const { settings: flags, given, terminal } = invocation
  const [action, user] = given
  const { server, mapping: wanted } = await readSettings(terminal)
  await using database = await openDatabase(server)
  const { dialect } = database
  const { mapping } = await readShopTable(database, wanted)
  const statements =
    action === 'install'
      ? [...installPlan(dialect, mapping), ...(user === undefined || user === '' ? [] : grants(dialect, mapping, user))]
      : uninstallPlan(dialect, mapping)
  if (!flags.json) terminal.print(script(dialect.family, statements))
  const isMeant = !flags['dry-run'] && (terminal.canAsk || flags.yes)
  if (!isMeant) {
    if (flags.json) printJson(terminal, { statements, done: false })
    else terminal.warn('Nothing was run. With --yes it is.\n')
    return 0
  }
  if (!(await isConfirmed(invocation, `Run this in ${server.database} on ${server.socket ?? server.host}?`))) {
    return exitFailed
  }
  // MariaDB ends a transaction with each of them; all of them may be run again.
  for (const statement of statements) {
    await database.transaction('read committed', (session) => session.query(statement))
  }
  if (flags.json) printJson(terminal, { statements, done: true })
  else terminal.print(action === 'install' ? 'Done. Go on with "stockmesh connect sql".\n' : 'Done.\n')
  return 0
}

type SqlSettings = ReturnType<typeof sqlPlatform.schema.parse>

/** From `STOCKMESH_SQL_<FIELD>`, else asked for, else piped in as JSON. */
async function readSettings(terminal: Terminal): Promise<SqlSettings> {
  const entered: Record<string, unknown> = terminal.canAsk ? {} : pipedSettings(await terminal.readInput())
  for (const { name, help, isSecret, isRequired } of sqlPlatform.fields) {
    const set = terminal.env[connectorVariable(sqlPlatform.name, name)] ?? ''
    if (set !== '') entered[name] = set
    else if (terminal.canAsk && isRequired) {
      terminal.warn(`\n${help}\n`)
      entered[name] = await (isSecret ? terminal.askSecret(`${name}: `) : terminal.ask(`${name}: `))
    }
  }
  const parsed = sqlPlatform.schema.safeParse(entered)
  if (parsed.success) return parsed.data
  throw new UsageError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'The settings'}: ${message}.`),
  )
}

function pipedSettings(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  try {
    const piped: unknown = JSON.parse(text)
    if (typeof piped === 'object' && piped !== null && !Array.isArray(piped)) return { ...piped }
  } catch {
    // Told below, as what is no object.
  }
  throw new UsageError(['What is piped in must be one JSON object with a text for each setting.'])
}

/** As the database's own command line takes it, where a trigger's text holds semicolons. */
function script(family: 'postgres' | 'mariadb', statements: readonly string[]): string {
  if (family === 'postgres') return `${statements.map((statement) => `${statement};\n`).join('\n')}\n`
  return `DELIMITER //\n${statements.map((statement) => `${statement}//\n`).join('\n')}DELIMITER ;\n\n`
}

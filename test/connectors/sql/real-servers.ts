/**
 * PostgreSQL and MariaDB as Debian packs them, in a folder of their own and without root's rights inside. They take a
 * socket there or a port on loopback, and end with the test.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { openDatabase } from '../../../packages/node/src/connectors/sql/platform.ts'
import { settingsFor, type SqlServer } from './sql-shop.ts'
import { eventually } from '../../harness/eventually.ts'
import { pickPort } from '../../harness/port.ts'

type Account = { readonly uid: number; readonly gid: number } | Record<string, never>

/** Servers refuse to run as root; then their packages' own user runs them. */
function accountOf(name: string): Account {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function folder(account: Account): string {
  const path = mkdtempSync(join(tmpdir(), 'stockmesh-sql-'))
  if ('uid' in account) chownSync(path, Number(account.uid), Number(account.gid))
  return path
}

export async function openPostgresServer(): Promise<SqlServer> {
  const account = accountOf('postgres')
  const directory = folder(account)
  const [release = ''] = readdirSync('/usr/lib/postgresql').toSorted().toReversed()
  const bin = join('/usr/lib/postgresql', release, 'bin')
  const data = join(directory, 'data')
  const options = { ...account, stdio: 'ignore', cwd: directory } as const
  execFileSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'owner', '-E', 'UTF8', '--no-sync'], options)
  const port = await pickPort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${directory}`, '-c', 'fsync=off']
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], options)
  const at = (user: string): string => `postgres://${user}@127.0.0.1:${port}/postgres`
  await answering(at('owner'), 'CREATE ROLE stockmesh_node LOGIN')
  return { url: at('owner'), nodeUrl: at('stockmesh_node'), [Symbol.asyncDispose]: () => end(server, directory) }
}

export async function openMariadbServer(): Promise<SqlServer> {
  const account = accountOf('mysql')
  const directory = folder(account)
  const data = join(directory, 'data')
  const socket = join(directory, 'socket')
  const options = { ...account, stdio: 'ignore', cwd: directory } as const
  const create = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']
  execFileSync('mariadb-install-db', create, options)
  const where = [`--datadir=${data}`, `--socket=${socket}`, '--skip-networking', `--pid-file=${directory}/pid`]
  const server = spawn('/usr/sbin/mariadbd', ['--no-defaults', ...where, '--innodb-flush-log-at-trx-commit=0'], options)
  const at = (user: string, database: string): string => `mariadb://${user}@localhost/${database}?socket=${socket}`
  await answering(at('root', 'mysql'), 'CREATE DATABASE shop', "CREATE USER 'stockmesh_node'@'localhost'")
  return {
    url: at('root', 'shop'),
    nodeUrl: at('stockmesh_node', 'shop'),
    [Symbol.asyncDispose]: () => end(server, directory),
  }
}

/** Waits until the server takes statements, and runs these. */
async function answering(url: string, ...statements: readonly string[]): Promise<void> {
  const database = await eventually(`${url} answers`, async () => {
    const opened = await openDatabase(settingsFor(url).server)
    try {
      await opened.release()
      return opened
    } catch (error) {
      await opened[Symbol.asyncDispose]()
      throw error
    }
  })
  for (const statement of statements)
    await database.transaction('read committed', (session) => session.query(statement))
  await database[Symbol.asyncDispose]()
}

async function end(server: ChildProcess, directory: string): Promise<void> {
  const ended = once(server, 'exit')
  // PostgreSQL ends its clients with SIGINT, MariaDB does with SIGTERM.
  server.kill(server.spawnfile.endsWith('postgres') ? 'SIGINT' : 'SIGTERM')
  await ended
  rmSync(directory, { recursive: true, force: true })
}

/** A MariaDB of a test's own, in a folder that goes with it; nothing listens on a port. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../harness/eventually.ts'

export interface OwnMariaDb extends AsyncDisposable {
  readonly socket: string
}

export async function startMariaDb(): Promise<OwnMariaDb> {
  const folder = mkdtempSync(join(tmpdir(), 'stockmesh-woo-'))
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const data = `--datadir=${join(folder, 'data')}`
  const login = '--auth-root-authentication-method=normal'
  execFileSync('mariadb-install-db', ['--no-defaults', ...user, data, login], { stdio: 'pipe' })
  const socket = join(folder, 'socket')
  const places = [`--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`]
  const server = spawn('mariadbd', ['--no-defaults', ...user, data, ...places, '--skip-networking'], {
    stdio: 'ignore',
  })
  const ended = once(server, 'exit')
  await eventually('MariaDB listens', () => existsSync(socket))
  return {
    socket,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function runs(program: string, ...parameters: string[]): boolean {
  return spawnSync(program, parameters, { stdio: 'ignore' }).status === 0
}

/** Why PHP cannot run the plugin here; null: it can. */
export function withoutPhp(...extensions: readonly string[]): string | null {
  if (!runs('php', '--version')) return 'PHP is not installed (Debian: php-cli)'
  const missing = extensions.filter((name) => !runs('php', '-r', `exit(extension_loaded("${name}") ? 0 : 1);`))
  if (missing.length > 0) return `PHP lacks ${missing.join(', ')} (Debian: php-mysql php-intl php-mbstring)`
  return runs('mariadbd', '--version') ? null : 'MariaDB is not installed (Debian: mariadb-server)'
}

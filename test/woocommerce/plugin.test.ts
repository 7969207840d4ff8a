/** The WooCommerce plugin's own tests, run with PHP against a MariaDB that this test starts and ends. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'

const plugin = join(import.meta.dirname, '../../integrations/woocommerce-plugin')
const folders: string[] = []
const servers: ChildProcess[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const hasEnded = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await hasEnded
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('the WooCommerce plugin', () => {
  test('every file is PHP', (context) => {
    if (!runs('php', '--version')) context.skip('PHP is not installed (Debian: php-cli)')
    const files = readdirSync(plugin, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.php'))
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) execFileSync('php', ['-l', join(plugin, file)], { stdio: 'pipe' })
  })

  test('its feed and adjustments are exact beside buyers, with repeated keys and silent writes', async (context) => {
    if (!runs('php', '-r', 'exit(extension_loaded("mysqli") ? 0 : 1);')) {
      context.skip('PHP with mysqli is not installed (Debian: php-cli php-mysql)')
    }
    if (!runs('mariadbd', '--version')) context.skip('MariaDB is not installed (Debian: mariadb-server)')
    const socket = await startMariaDb()
    const { status, stdout, stderr } = spawnSync('php', [join(plugin, 'test/run.php'), socket], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('ok: two buyers and two nodes at once lose nothing')
    expect(stdout).toContain('ok: claimed, it has an epoch of its own')
  }, 60_000)
})

/** Answers the server's socket; nothing listens on a port. */
async function startMariaDb(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'stockmesh-woo-'))
  folders.push(folder)
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const data = `--datadir=${join(folder, 'data')}`
  const login = '--auth-root-authentication-method=normal'
  execFileSync('mariadb-install-db', ['--no-defaults', ...user, data, login], { stdio: 'pipe' })
  const socket = join(folder, 'socket')
  const places = [`--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`]
  const server = spawn('mariadbd', ['--no-defaults', ...user, data, ...places, '--skip-networking'], {
    stdio: 'ignore',
  })
  servers.push(server)
  await eventually('MariaDB listens', () => existsSync(socket))
  return socket
}

function runs(program: string, ...parameters: string[]): boolean {
  return spawnSync(program, parameters, { stdio: 'ignore' }).status === 0
}

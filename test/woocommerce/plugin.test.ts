/** The WooCommerce plugin's own tests, run with PHP against a MariaDB that this test starts and ends. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runs, startMariaDb, withoutPhp } from './mariadb.ts'

const plugin = join(import.meta.dirname, '../../integrations/woocommerce-plugin')

function run(file: string, ...given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('php', [join(plugin, 'test', file), ...given], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

describe('the WooCommerce plugin', () => {
  test('every file is PHP', (context) => {
    if (!runs('php', '--version')) context.skip('PHP is not installed (Debian: php-cli)')
    const files = readdirSync(plugin, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.php'))
    expect(files.length).toBeGreaterThan(5)
    const parse = 'foreach (array_slice($argv, 1) as $file) { token_get_all(file_get_contents($file), TOKEN_PARSE); }'
    execFileSync('php', ['-r', parse, '--', ...files.map((file) => join(plugin, file))], { stdio: 'pipe' })
  })

  test('which products have a number of their own, and that bundles never do', (context) => {
    if (!runs('php', '--version')) context.skip('PHP is not installed (Debian: php-cli)')
    const told = run('catalogue.php')
    expect(told).toContain('ok: which names those that share it')
    expect(told).toContain('ok: a bundle is a fault, also where it has a number')
    expect(told.match(/^ok: /gm)).toHaveLength(12)
  })

  test('it tells the address of its node, and no other page is touched', (context) => {
    if (!runs('php', '--version')) context.skip('PHP is not installed (Debian: php-cli)')
    const told = run('discovery.php')
    expect(told).toContain('ok: the address that was entered is told')
    expect(told.match(/^ok: /gm)).toHaveLength(10)
  })

  test('its feed and adjustments are exact, and tables of earlier releases lose nothing', async (context) => {
    const why = withoutPhp('mysqli')
    if (why !== null) context.skip(why)
    await using database = await startMariaDb()
    const upgraded = run('upgrade.php', database.socket)
    expect(upgraded).toContain('ok: 0.1.0, before the feed was shortened: nothing is lost')
    expect(upgraded).toContain('ok: 0.2.0, before it looked every five minutes: nothing is lost')
    expect(upgraded).toContain('ok: and does not take it for done')
    const stdout = run('run.php', database.socket)
    expect(stdout).toContain('ok: two buyers and two nodes at once lose nothing')
    expect(stdout).toContain('ok: and not what was not read yet')
    expect(stdout).toContain('ok: claimed, it has an epoch of its own')
  })
})

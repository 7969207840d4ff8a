/** The WooCommerce plugin's own tests, run with PHP against a MariaDB that this test starts and ends. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runs, startMariaDb, withoutPhp } from './mariadb.ts'

const plugin = join(import.meta.dirname, '../../integrations/woocommerce-plugin')

describe('the WooCommerce plugin', () => {
  test('every file is PHP', (context) => {
    if (!runs('php', '--version')) context.skip('PHP is not installed (Debian: php-cli)')
    const files = readdirSync(plugin, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.php'))
    expect(files.length).toBeGreaterThan(5)
    const parse = 'foreach (array_slice($argv, 1) as $file) { token_get_all(file_get_contents($file), TOKEN_PARSE); }'
    execFileSync('php', ['-r', parse, '--', ...files.map((file) => join(plugin, file))], { stdio: 'pipe' })
  })

  test('its feed and adjustments are exact beside buyers, with repeated keys and silent writes', async (context) => {
    const why = withoutPhp('mysqli')
    if (why !== null) context.skip(why)
    await using database = await startMariaDb()
    const { status, stdout, stderr } = spawnSync('php', [join(plugin, 'test/run.php'), database.socket], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('ok: two buyers and two nodes at once lose nothing')
    expect(stdout).toContain('ok: and not what was not read yet')
    expect(stdout).toContain('ok: claimed, it has an epoch of its own')
  }, 60_000)
})

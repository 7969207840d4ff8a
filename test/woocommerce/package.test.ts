/** The zip that WordPress installs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import { writeWooCommercePlugin } from '../../install/woocommerce-plugin.ts'

const root = join(import.meta.dirname, '../..')

test('the packed plugin is one folder with every file that it loads, and without its tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stockmesh-woo-zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [first, second] = ['one.zip', 'two.zip'].map((name) => {
    writeWooCommercePlugin(root, join(folder, name))
    return readFileSync(join(folder, name))
  })
  expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true)

  const files = unzipSync(first ?? new Uint8Array())
  const names = Object.keys(files)
  expect(names.filter((name) => !name.startsWith('stockmesh/') || name.includes('test'))).toEqual([])
  const main = strFromU8(files['stockmesh/stockmesh.php'] ?? new Uint8Array())
  const loaded = [...(/foreach \( array\(([^)]*)\)/.exec(main)?.[1] ?? '').matchAll(/'([a-z]+)'/g)].map(
    ([, name]) => name,
  )
  expect(loaded.length).toBeGreaterThan(5)
  for (const name of loaded) expect(names).toContain(`stockmesh/includes/class-stockmesh-${name}.php`)
  const [, version] = /STOCKMESH_VERSION = '([^']+)'/.exec(main) ?? []
  expect(/^ \* Version: (.+)$/m.exec(main)?.[1]).toBe(version)
})

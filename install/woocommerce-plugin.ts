/**
 * The WooCommerce plugin as WordPress installs it: a zip with one folder, without its tests. The same sources make the
 * same bytes, so that who builds it anew can compare.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Zippable, zipSync } from 'fflate'

/** The folder below `wp-content/plugins`. */
const folder = 'stockmesh'
/** The first day that a zip can name, in the zone of this machine, since a zip knows none. */
const mtime = new Date(1980, 0, 1)

/** Writes the zip at `file`. */
export function writeWooCommercePlugin(root: string, file: string): void {
  const source = join(root, 'integrations/woocommerce-plugin')
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^test(\/|$)/.test(name) && statSync(join(source, name)).isFile())
    .sort()
  const files: Zippable = Object.fromEntries(
    names.map((name) => [`${folder}/${name}`, [readFileSync(join(source, name)), { mtime }]]),
  )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, zipSync(files, { level: 9 }))
}

/**
 * `npm run pack`: builds, and writes `build/stockmesh.tgz`, which `npm install --global` installs on any machine. The
 * name is the same for every release, so that a Dockerfile and a script need not know it.
 */
import { execFileSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writePackageFolder } from './package-folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const build = join(root, 'build')
const folder = join(build, 'package')
const { name, version } = writePackageFolder(root, folder)
execFileSync('npm', ['pack', '--silent', '--pack-destination', build], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
})
const file = join(build, 'stockmesh.tgz')
renameSync(join(build, `${name}-${version}.tgz`), file)
console.log(file)

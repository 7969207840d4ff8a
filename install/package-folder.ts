/**
 * The folder that is packed: the bundled command line, and the admin pages beside it, since they are on no registry. It is
 * made anew from what `npm run build` built; what the bundle leaves outside is a dependency.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly files: readonly string[]
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: unknown
  readonly scripts?: unknown
}

/** Writes the folder, and answers the manifest of what will be installed. */
export function writePackageFolder(root: string, folder: string): Manifest {
  rmSync(folder, { recursive: true, force: true })
  const node = readManifest(join(root, 'packages/node'))
  copyPackage(join(root, 'packages/node'), folder, node)
  const pages = readManifest(join(root, 'packages/admin-ui'))
  const target = join(folder, 'node_modules', pages.name)
  copyPackage(join(root, 'packages/admin-ui'), target, pages)
  writeManifest(target, withoutWorkshop(pages))
  const manifest = { ...withoutWorkshop(node), bundleDependencies: [pages.name] }
  writeManifest(folder, manifest)
  for (const file of ['README.md', 'LICENSE']) cpSync(join(root, file), join(folder, file))
  return manifest
}

/** What its manifest lists, without the notes of the compiler. */
function copyPackage(from: string, to: string, { files }: Manifest): void {
  mkdirSync(to, { recursive: true })
  for (const name of files) {
    cpSync(join(from, name), join(to, name), {
      recursive: true,
      filter: (path) => !/\.(tsbuildinfo|map|d\.ts)$/.test(path),
    })
  }
}

/** Without what only this checkout can use. */
function withoutWorkshop({ scripts: _scripts, devDependencies: _devDependencies, ...manifest }: Manifest): Manifest {
  return manifest
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function writeManifest(folder: string, manifest: unknown): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * The folder that is packed: the built command line with the protocol and the admin pages inside, since those two are on
 * no registry. It is made anew from what `npm run build` built; everything else that the node needs is a dependency.
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

/** Workspaces that travel inside, by their folder below `packages`. */
const inside = ['protocol', 'admin-ui'] as const

/** Writes the folder, and answers the manifest of what will be installed. */
export function writePackageFolder(root: string, folder: string): Manifest {
  rmSync(folder, { recursive: true, force: true })
  const node = readManifest(join(root, 'packages/node'))
  copyPackage(join(root, 'packages/node'), folder, node)
  const bundled = inside.map((name) => {
    const manifest = readManifest(join(root, 'packages', name))
    const target = join(folder, 'node_modules', manifest.name)
    copyPackage(join(root, 'packages', name), target, manifest)
    // What it needs is installed for the whole, beside it: it brings no dependency of its own.
    const { dependencies: _dependencies, ...rest } = withoutWorkshop(manifest)
    writeManifest(target, rest)
    return manifest
  })
  const manifest = {
    ...withoutWorkshop(node),
    dependencies: Object.assign({}, ...bundled.map(({ dependencies }) => dependencies), node.dependencies),
    bundleDependencies: bundled.map(({ name }) => name),
  }
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

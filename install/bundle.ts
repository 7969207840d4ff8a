/**
 * The command line as few files: the node, the protocol and the libraries that are JavaScript alone, so that a process
 * reads a dozen files where it would look for five hundred. What the package depends on stays outside: it is native, or
 * is loaded by the few who need it.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { licencesOf } from './licences.ts'

/** Writes `packages/node/build`, anew: the entry in `cli/command.js`, as deep as it lies in the sources. */
export async function writeBundle(root: string): Promise<void> {
  const node = join(root, 'packages/node')
  const { dependencies } = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
  }
  rmSync(join(node, 'build'), { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(node, 'dist/cli/command.js')],
    outdir: join(node, 'build/cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Names stay as they are written, for whoever reads a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    external: Object.keys(dependencies),
    // Libraries of the older kind ask for Node's own modules with it.
    banner: {
      js: `import { createRequire as createsRequire } from 'node:module';const require = createsRequire(import.meta.url);`,
    },
    metafile: true,
    logLevel: 'warning',
  })
  writeFileSync(join(node, 'build/LICENCES'), licencesOf(root, packagesIn(metafile)))
}

/** The folders of the libraries of which anything is in the bundle, below the root. */
function packagesIn({ inputs }: Metafile): readonly string[] {
  const folders = Object.keys(inputs).flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [])
  return [...new Set(folders)].sort()
}

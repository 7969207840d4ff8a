/**
 * The simulator with the whole node in one file, below `build/`: it starts at once and runs without what a loader adds
 * to each function. A planted bug is put in on the way, so the source itself is never touched.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { Mutant } from './mutants.ts'
import { smallLimits } from './small-limits.ts'

const root = resolve(import.meta.dirname, '../..')

/** One place in the source, and what stands there in the simulator. */
export interface Replacement {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** Answers with the file that a worker runs; `mutant` is null for the source without a bug. */
export async function bundle(mutant: Mutant | null): Promise<string> {
  const outfile = join(root, 'build', 'sim', `${mutant?.name ?? 'as-is'}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // CommonJS stays outside. All else is inside, so that the random source follows the seed before Yjs takes it.
    external: ['level', 'ws', 'ipaddr.js'],
    alias: { '@stockmesh/protocol': join(root, 'packages/protocol/src/index.ts') },
    sourcemap: true,
    logLevel: 'error',
    plugins: [replacing([...smallLimits, ...(mutant === null ? [] : [mutant, ...(mutant.also ?? [])])])],
  })
  return outfile
}

function replacing(replacements: readonly Replacement[]): Plugin {
  return {
    name: 'replacing',
    setup(bundling) {
      const open = new Set(replacements)
      bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const here = replacements.filter(({ file }) => join(root, file) === path)
        if (here.length === 0) return null
        let contents = await readFile(path, 'utf8')
        for (const replacement of here) {
          const { find, replace } = replacement
          if (contents.split(find).length !== 2) return { errors: [{ text: `This does not stand once: ${find}` }] }
          contents = contents.replace(find, () => replace)
          open.delete(replacement)
        }
        return { contents, loader: 'ts' }
      })
      bundling.onEnd(() => ({ errors: [...open].map(({ file }) => ({ text: `${file} is not in the simulator` })) }))
    },
  }
}

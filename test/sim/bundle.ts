/**
 * The simulator with the whole node in one file, below `build/`: it starts at once and runs without what a loader adds
 * to each function. A planted bug is put in on the way, so the source itself is never touched.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { Mutant } from './mutants.ts'

const root = resolve(import.meta.dirname, '../..')

/** Answers with the file that a worker runs; `mutant` is null for the source as it is. */
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
    plugins: mutant === null ? [] : [plant(mutant)],
  })
  return outfile
}

function plant({ name, file, find, replace }: Mutant): Plugin {
  const path = join(root, file)
  return {
    name,
    setup(bundling) {
      let planted = false
      bundling.onLoad({ filter: /\.ts$/ }, async (file) => {
        if (file.path !== path) return null
        const source = await readFile(path, 'utf8')
        if (source.split(find).length !== 2) return { errors: [{ text: 'what is to be replaced does not stand once' }] }
        planted = true
        return { contents: source.replace(find, replace), loader: 'ts' }
      })
      bundling.onEnd(() => (planted ? null : { errors: [{ text: `${file} is not in the simulator` }] }))
    },
  }
}

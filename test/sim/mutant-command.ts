/**
 * `npm run sim -- --mutant NAME`: plants a bug in a copy of the source and lets the simulation look for it there. The
 * copy lies in `build/`, so the source itself is never touched.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Mutant } from './mutants.ts'

const root = resolve(import.meta.dirname, '../..')

/** The first seed that finds it; null if none of the window does. */
export function findMutant(mutant: Mutant, window = mutant.window): number | null {
  const folder = plant(mutant)
  const seeds = ['--from', String(window.from), '--count', String(window.count)]
  const { status, stdout } = spawnSync('npx', ['tsx', 'test/sim/command.ts', '--first', ...seeds], {
    cwd: folder,
    encoding: 'utf8',
  })
  const [, seed] = /^seed (\d+)/m.exec(stdout) ?? []
  return status === 0 || seed === undefined ? null : Number(seed)
}

function plant({ name, file, find, replace }: Mutant): string {
  const folder = join(root, 'build', 'mutants', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'node_modules', '@stockmesh'), { recursive: true })
  for (const each of [
    'package.json',
    'tsconfig.base.json',
    'packages/node',
    'packages/protocol',
    'test/sim',
    'test/protocol',
  ]) {
    cpSync(join(root, each), join(folder, each), { recursive: true, filter: (path) => !path.endsWith('node_modules') })
  }
  for (const each of readdirSync(join(root, 'node_modules'))) {
    if (each !== '@stockmesh') symlinkSync(join(root, 'node_modules', each), join(folder, 'node_modules', each))
  }
  symlinkSync(join(folder, 'packages/protocol'), join(folder, 'node_modules/@stockmesh/protocol'))
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${name}: what is to be replaced does not stand once in ${file}`)
  writeFileSync(path, source.replace(find, replace))
  // Types are of no interest here: a planted bug may leave a name unused.
  if (file.startsWith('packages/protocol/')) {
    const built = spawnSync('npx', ['tsc', '-p', 'packages/protocol', '--noCheck'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (built.error !== undefined) throw built.error
  }
  return folder
}

/**
 * Plants a bug in a copy of the source that lies in `build/` and is built there, and lets this command look for it.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Mutant } from './mutants.ts'

const root = resolve(import.meta.dirname, '../..')
const copied = ['package.json', 'tsconfig.base.json', 'packages/node', 'packages/protocol', 'test'] as const
const built = ['packages/protocol', 'packages/node'] as const

/** Whether the checker finds it within so many minutes; what it says goes to the terminal. */
export function findMutant(mutant: Mutant, minutes: number, seed: number): boolean {
  const folder = plant(mutant)
  const only = mutant.only === null ? [] : ['--only', mutant.only.join(',')]
  const options = ['--first', '--minutes', String(minutes), '--seed', String(seed), ...only]
  const { status, error } = spawnSync(process.execPath, [...process.execArgv, 'test/chaos/command.ts', ...options], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (error !== undefined) throw error
  return status === 1
}

function plant({ name, file, find, replace }: Mutant): string {
  const folder = join(root, 'build', 'chaos-mutants', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'node_modules', '@stockmesh'), { recursive: true })
  for (const each of copied) {
    cpSync(join(root, each), join(folder, each), { recursive: true, filter: (path) => !path.endsWith('node_modules') })
  }
  for (const each of readdirSync(join(root, 'node_modules'))) {
    if (each !== '@stockmesh') symlinkSync(join(root, 'node_modules', each), join(folder, 'node_modules', each))
  }
  symlinkSync(join(root, 'packages/admin-ui'), join(folder, 'node_modules/@stockmesh/admin-ui'))
  symlinkSync(join(folder, 'packages/protocol'), join(folder, 'node_modules/@stockmesh/protocol'))
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${name}: what is to be replaced does not stand once in ${file}`)
  writeFileSync(
    path,
    source.replace(find, () => replace),
  )
  for (const each of built) {
    // Types are of no interest here: a planted bug may leave a name unused.
    const compiled = spawnSync('npx', ['tsc', '-p', each, '--noCheck'], { cwd: folder, encoding: 'utf8' })
    if (compiled.status !== 0) throw new Error(`${name}: ${each} was not built: ${compiled.stdout}${compiled.stderr}`)
  }
  return folder
}

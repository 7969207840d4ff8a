/** The packed package, installed by npm under a prefix of its own; it goes with its owner. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const checkout: string = fileURLToPath(new URL('../../', import.meta.url))

/** Why these tests do not run with the others. */
export const askedFor = process.env['STOCKMESH_TEST_INSTALL'] === '1'
export const reason = 'takes minutes and the registry; STOCKMESH_TEST_INSTALL=1, as continuous integration does'

/** A folder that other users can enter too. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stockmesh-install-'))
  chmodSync(folder, 0o755)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Without npm's own variables, which would lead a nested npm back to this checkout. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(npm_|STOCKMESH_|NODE_OPTIONS$|NODE_PATH$|VITEST|INIT_CWD$)/i.test(entry[0]),
  )
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...more }
}

/** Packs this checkout and installs it; answers the prefix. */
export function installUnder(prefix: string): void {
  const options = { env: plainEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] as const }
  execFileSync('npx', ['tsx', 'install/command.ts'], { ...options, stdio: [...options.stdio], cwd: checkout })
  const tarball = join(checkout, 'build/stockmesh.tgz')
  const install = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel', 'error', tarball]
  execFileSync('npm', install, { ...options, stdio: [...options.stdio], cwd: prefix })
}

/** What the document shows in its block of this language. */
export function shownBlock(document: string, language: string): string {
  const text = readFileSync(join(checkout, document), 'utf8')
  const block = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1]
  if (block === undefined) throw new Error(`${document} shows no block of ${language}.`)
  return block
}

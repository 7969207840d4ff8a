/**
 * What the README shows is what works: every command in it is run here, or is what runs this very test. Each must be
 * known by name, so that a new one cannot be written without being tried.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { commands } from '../../packages/node/src/cli/catalogue.ts'
import { eventually } from '../harness/eventually.ts'
import { readDocument } from './source.ts'
import { shownCommands } from './shell-block.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const readme = readDocument('README.md')
const scripts = (JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> }).scripts

/** Run by whoever runs this test: a fresh machine, and continuous integration. */
const around = ['npm ci', 'npm test']
/** Run below. */
const tried = [
  'npm start',
  'npx stockmesh start --data ./stockmesh-data --name "My shop" --url https://stock.myshop.example',
]

it('shows no command that is not run', () => {
  const shown = [...new Set(shownCommands(readme).map(({ line }) => line))]
  expect(shown.filter((line) => !around.includes(line) && !tried.includes(line))).toEqual([])
  expect(shown).toEqual(expect.arrayContaining([...around, ...tried]))
})

it('lists every command, and none that is not one', () => {
  const listed = [...readme.matchAll(/^\| `stockmesh ([a-z, -]+)` \|/gm)].flatMap(
    ([, names]) => names?.split(', ') ?? [],
  )
  expect(listed.toSorted()).toEqual(commands.map(({ name }) => name).toSorted())
})

it('names only npm scripts that exist', () => {
  const named = [...readme.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '')
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
})

it('links only to what is there', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? '')
  expect(targets.length).toBeGreaterThan(2)
  for (const target of targets) expect(existsSync(root + target), target).toBe(true)
})

it('is what continuous integration runs', () => {
  const lines = readDocument('.ci/run').split('\n')
  for (const command of around) expect(lines).toContain(command)
})

it('`npm start` runs the demo: every address it prints answers, and it ends when asked', async () => {
  await using run = await openRun('npm', ['start'], root)
  const addresses = await eventually('the demo prints its addresses', () => {
    const found = [...run.output.matchAll(/http:\/\/127\.0\.0\.1:\d+\S*/g)].map(([address]) => address)
    return run.output.includes('Stop with Ctrl-C') ? found : null
  })
  expect(addresses.length).toBeGreaterThanOrEqual(6)
  for (const address of new Set(addresses)) expect((await fetch(address)).status, address).toBe(200)
  const session = (await (await fetch(new URL('/api/v1/session', addresses[0]))).json()) as { state: string }
  expect(session.state).toBe('signed-in')
})

it('`npx stockmesh start` runs a node that prints a set-up token, which works once', async () => {
  const words = shownCommands(readme).find(({ line }) => line.startsWith('npx stockmesh start'))?.words ?? []
  await using run = await openRun(join(root, 'node_modules/.bin/stockmesh'), words.slice(2), null)
  const seen = await eventually('the node prints its addresses and its token', () => {
    const [, url, here] = /Stockmesh runs at (\S+) \(on this machine (\S+)\)/.exec(run.output) ?? []
    const token = /token \(valid for 30 minutes\): (\S+)/.exec(run.output)?.[1]
    return here === undefined || token === undefined ? null : { url, here, token }
  })
  expect(seen.url).toBe('https://stock.myshop.example')
  const body = { token: seen.token, password: 'correct horse battery', name: 'My shop', language: 'en' }
  const setUp = (): Promise<Response> =>
    fetch(`${seen.here}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await setUp()).status).toBe(200)
  expect((await setUp()).status).toBe(409)
  expect(existsSync(join(run.folder, 'stockmesh-data', 'node'))).toBe(true)
})

interface Run extends AsyncDisposable {
  readonly output: string
  /** Where it runs; a new empty one unless it was given. */
  readonly folder: string
}

/** A command with free ports and its data in a new folder, by nothing but the environment. */
async function openRun(command: string, words: readonly string[], folder: string | null): Promise<Run> {
  const scratch = await mkdtemp(join(tmpdir(), 'stockmesh-readme-'))
  const child = spawn(command, words, {
    cwd: folder ?? scratch,
    env: { ...process.env, STOCKMESH_PORT: '0', STOCKMESH_DATA: join(scratch, 'data'), NODE_OPTIONS: '' },
    // A group of its own, so that what npm started ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const run = { output: '', folder: folder ?? scratch }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      run.output += text
    })
  }
  return Object.assign(run, {
    async [Symbol.asyncDispose]() {
      await end(child)
      await rm(scratch, { recursive: true, force: true })
    },
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid, 'SIGINT')
  await gone
}

/**
 * A node that cannot start says why in one sentence and ends with exit code 1; wrong settings are told all at once with
 * exit code 2. It never begins with a database that is not its own or not whole.
 */
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../harness/command.ts'
import { pickPort } from '../harness/port.ts'
import { Program } from '../harness/process.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-start-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const { code, out, err } = await runCommand(args)
  return { code, said: out + err }
}

/** A data folder of a node that has run twice; what the first wrote lies in a table file of its database. */
async function usedFolder(name: string): Promise<string> {
  const data = join(folder, name)
  await using program = await Program.start({ name, args: ['start'], folder: data, port: await pickPort() })
  await program.stop()
  await program.start()
  await program.stop()
  return data
}

function expectOneSentence({ code, said }: { code: number | null; said: string }, pattern: RegExp): void {
  expect({ code, said }).toMatchObject({ code: 1, said: expect.stringMatching(pattern) as string })
  expect(said.trim().split('\n'), said).toHaveLength(1)
  expect(said).not.toMatch(/\n +at |Stockmesh runs/)
}

test('a port that is in use', async () => {
  const port = await pickPort()
  await using other = await Program.start({ name: 'other', args: ['start'], folder: join(folder, 'port-a'), port })
  const ended = await run('start', '--data', join(folder, 'port-b'), '--port', String(port))
  expectOneSentence(ended, new RegExp(`Port ${port} .* is taken .*--port`))
  expect(other.running).toBe(true)
})

test('a folder that another process has open', async () => {
  const data = join(folder, 'locked')
  await using other = await Program.start({ name: 'other', args: ['start'], folder: data, port: await pickPort() })
  expectOneSentence(await run('start', '--data', data, '--port', '0'), /Another Stockmesh process uses .*--data/)
  expect(other.running).toBe(true)
})

test('the database of one node beside the identity of another', async () => {
  const [one, other] = [await usedFolder('own'), await usedFolder('foreign')]
  await rm(join(one, 'node'), { recursive: true })
  await rename(join(other, 'node'), join(one, 'node'))
  expectOneSentence(await run('start', '--data', one, '--port', '0'), /belongs to another shop/)
})

test('an identity that is damaged', async () => {
  const data = await usedFolder('identity')
  await writeFile(join(data, 'identity.json'), '{"half')
  expectOneSentence(await run('start', '--data', data, '--port', '0'), /identity/)
})

test.each(['CURRENT', 'MANIFEST', 'ldb'])('a database whose %s is damaged', async (part) => {
  const data = await usedFolder(`damaged-${part}`)
  const database = join(data, 'node')
  const files = await readdir(database)
  const file = files.find((name) => name === part || name.startsWith(`${part}-`) || name.endsWith(`.${part}`))
  const path = join(database, file ?? '')
  if (part === 'CURRENT') await writeFile(path, '')
  else if (part === 'MANIFEST') await writeFile(path, (await readFile(path)).subarray(0, 10))
  else await flipBytes(path)
  expectOneSentence(await run('start', '--data', data, '--port', '0'), /damaged|cannot be opened/)
  // It is left as it was found, for whoever repairs it.
  expect(await readdir(database)).toContain(file)
})

/** In the first block of rows. */
async function flipBytes(path: string): Promise<void> {
  const bytes = await readFile(path)
  for (let index = 8; index < 24; index += 1) {
    bytes[index] = (bytes[index] ?? 0) ^ 0xff
  }
  await writeFile(path, bytes)
}

test('wrong settings are all told at once, with their names, and nothing is created', async () => {
  const data = join(folder, 'never')
  const { code, said } = await run(
    'start',
    '--data',
    data,
    '--port',
    '99999',
    '--url',
    'nowhere',
    '--connector',
    'none',
  )
  expect(code, said).toBe(2)
  for (const name of ['port', 'url', 'connector']) expect(said).toContain(name)
  expect(await readdir(folder)).not.toContain('never')
})

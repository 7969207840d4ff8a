/**
 * A backup of a running node with its shop inside, and what a restore makes of it: a node like the one that was copied,
 * or nothing. What is wrong with a file or a folder is said before anything is written.
 */
import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeClient, createShopClient, type NodeClient, type ShopClient } from '../harness/client.ts'
import { type Ended, runCommand } from '../harness/command.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program, shopKey } from '../harness/process.ts'

const owned = new Owned()
let folder: string
let node: Program
let api: NodeClient
let shop: ShopClient
let file: string
const command = fileURLToPath(new URL('../../packages/node/bin/stockmesh.js', import.meta.url))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-backup-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const options = {
    name: 'node',
    args: ['start', '--name', 'Butik DK'],
    folder: join(folder, 'node'),
    port: await pickPort(),
  }
  node = owned.use(await Program.start(options))
  api = createNodeClient(node.url, adminToken)
  shop = createShopClient(node.url, shopKey)
  for (const sku of ['BAK-A', 'BAK-B']) await shop.createProduct({ sku, name: 'Vare', stock: 100 })
  await api.startImport()
  await eventually('the import is done', async () => (await api.importState()).state === 'done')
  await api.call('PATCH', '/settings', { body: { buffer: 3 } })
  await shop.placeOrder({ lines: [{ sku: 'BAK-A', quantity: 5 }] })
  await eventually('the sale is counted', async () => (await api.stockOf('BAK-A'))?.level === 95)
  file = join(folder, 'butik.backup')
  await writeFile(file, 'an older backup')
})

afterAll(async () => {
  await owned[Symbol.asyncDispose]()
})

function backup(to: string, ...more: readonly string[]): Promise<Ended> {
  return runCommand(['backup', to, '--node', node.url, '--data', node.folder, ...more])
}

function restore(from: string, to: string, ...more: readonly string[]): Promise<Ended> {
  return runCommand(['restore', from, '--data', to, ...more])
}

test('a running node is copied into one file for its owner alone, and the restored one is like it', async () => {
  const made = await backup(file)
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toContain('The backup of "Butik DK" is in')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await readdir(folder)).toSorted()).toEqual(['butik.backup', 'node'])
  const cookie = Buffer.from('"session"')
  expect((await readFile(file)).includes(cookie)).toBe(false)

  const target = join(folder, 'restored')
  const restored = await restore(file, target)
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect(restored.out).toContain('orders since then are not in it')
  expect((await stat(target)).mode & 0o777).toBe(0o700)
  expect((await readdir(target)).toSorted()).toEqual(['admin', 'identity.json', 'node', 'shop'])

  const { id } = (await api.status()).node
  const before = await api.stockOf('BAK-A')
  await node.stop()
  await using again = await Program.start({ name: 'restored', args: ['start'], folder: target, port: await pickPort() })
  const restoredApi = createNodeClient(again.url, adminToken)
  expect((await restoredApi.status()).node).toMatchObject({ id })
  expect(await restoredApi.call('GET', '/settings')).toMatchObject({ buffer: 3 })
  expect(await restoredApi.stockOf('BAK-A')).toMatchObject({ level: before?.level, baseline: before?.baseline })
  await again.stop()
  await node.start()
})

test('--json says what was copied and what was restored', async () => {
  const made = JSON.parse((await backup(file, '--json')).out) as Record<string, unknown>
  const { id } = (await api.status()).node
  expect(made).toMatchObject({ file, shop: id, name: 'Butik DK', bytes: (await stat(file)).size })
  const target = join(folder, 'json')
  const restored = JSON.parse((await restore(file, target, '--json')).out) as Record<string, unknown>
  expect(restored).toMatchObject({ directory: target, shop: id, rows: made['rows'], kept: [], shopRestored: true })
})

test('a file that is cut off, damaged or none of ours leaves nothing behind', async () => {
  await backup(file)
  const whole = await readFile(file)
  const turned = Buffer.from(whole)
  const middle = turned.length >> 1
  turned[middle] = (turned[middle] ?? 0) ^ 4
  const bad = join(folder, 'bad.backup')
  const target = join(folder, 'never')
  for (const [bytes, sentence] of [
    [whole.subarray(0, whole.length - 1), 'it was cut off'],
    [whole.subarray(0, whole.length >> 1), 'it was cut off'],
    [turned, 'The backup is damaged'],
    [Buffer.from('sku;quantity\n'), 'no backup of a Stockmesh node'],
  ] as const) {
    await writeFile(bad, bytes)
    const ended = await restore(bad, target)
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toContain(sentence)
    await expect(readdir(target)).rejects.toThrow('ENOENT')
  }
  expect((await restore(join(folder, 'nowhere.backup'), target)).err).toContain('cannot be read (ENOENT)')
  await rm(bad)
})

test('a folder that is used is left alone: by a node that runs, one that is stopped, or another shop', async () => {
  await backup(file)
  expect((await restore(file, node.folder)).err).toContain('Another Stockmesh process uses')
  await node.stop()
  const used = await restore(file, node.folder)
  expect(used).toMatchObject({ code: 1, out: '' })
  expect(used.err).toContain('holds a node already')
  await node.start()
  expect((await api.stockOf('BAK-A'))?.level).toBe(95)

  const other = join(folder, 'other')
  await mkdir(other)
  const identity = JSON.parse(await readFile(join(node.folder, 'identity.json'), 'utf8')) as { shopId: string }
  await writeFile(join(other, 'identity.json'), JSON.stringify({ ...identity, shopId: 'ANOTHER' }))
  expect((await restore(file, other)).err).toContain('belongs to another shop')
  expect(await readdir(other)).toEqual(['identity.json'])
})

test('where only the node’s database went, its shop and settings stay as they are', async () => {
  await backup(file)
  await shop.placeOrder({ lines: [{ sku: 'BAK-B', quantity: 4 }] })
  await eventually('the sale is counted', async () => (await api.stockOf('BAK-B'))?.level === 96)
  await node.stop()
  await rename(join(node.folder, 'node'), join(node.folder, 'node.aside'))
  const restored = JSON.parse((await restore(file, node.folder, '--json')).out) as Record<string, unknown>
  expect(restored).toMatchObject({ shopRestored: false })
  expect((restored['kept'] as string[]).toSorted()).toEqual(['admin', 'identity.json', 'shop'])
  await node.start()
  await eventually('the sale after the backup is read again', async () => (await api.stockOf('BAK-B'))?.level === 96)
  expect((await shop.products()).find(({ sku }) => sku === 'BAK-B')?.stock).toBe(93)
})

test('a restore that is killed on the way is no node, and running it again makes one', async () => {
  await backup(file)
  const target = join(folder, 'killed')
  let kills = 0
  for (const waitMs of [0, 20, 60, 120, 200]) {
    const child = spawn(process.execPath, [command, 'restore', file, '--data', target], { stdio: 'ignore' })
    await eventually(
      'the folder is begun',
      async () => child.exitCode !== null || (await readdir(join(target, 'restoring'))).length > 0,
      { every: 1 },
    )
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const deadline = performance.now() + waitMs
    while (performance.now() < deadline && child.exitCode === null) await new Promise((next) => setImmediate(next))
    if (child.exitCode === null) child.kill('SIGKILL')
    if (child.exitCode === null) await ended
    const names = await readdir(target)
    if (!names.includes('restoring')) {
      await rm(target, { recursive: true })
      continue
    }
    kills += 1
    const refused = await runCommand(['start', '--data', target, '--port', '0'])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('was interrupted. Run "stockmesh restore"')
  }
  expect(kills).toBeGreaterThan(0)
  await rm(target, { recursive: true, force: true })
  await mkdir(join(target, 'restoring'), { recursive: true })
  await writeFile(join(target, 'restoring', 'plan.json'), JSON.stringify({ kept: [] }))
  await copyFile(join(node.folder, 'identity.json'), join(target, 'identity.json'))
  expect((await restore(file, target)).code).toBe(0)
  expect((await readdir(target)).toSorted()).toEqual(['admin', 'identity.json', 'node', 'shop'])
})

test('a backup needs the token of the node and a folder that is there', async () => {
  const wrong = await runCommand(['backup', file, '--node', node.url, '--token', 'x'.repeat(40)])
  expect(wrong.code).toBe(1)
  expect(wrong.err).toContain('token')
  const nowhere = await backup(join(folder, 'no', 'such', 'folder.backup'))
  expect(nowhere).toMatchObject({ code: 1, out: '' })
  expect(nowhere.err).toContain('ENOENT')
})

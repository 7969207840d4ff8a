/**
 * The audit of a stopped node's files and of a running node: what is in order is left as it was, byte for byte, and what
 * is not is told by a code.
 */
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditAnswer } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeClient, createShopClient, type NodeClient, type ShopClient } from '../harness/client.ts'
import { type Ended, runCommand } from '../harness/command.ts'
import { damage, flipped as withBitFlipped, sealed, tables } from '../harness/damage.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program, shopKey } from '../harness/process.ts'

const owned = new Owned()
let folder: string
let node: Program
let api: NodeClient
let shop: ShopClient

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-verify-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const options = { name: 'node', args: ['start'], folder: join(folder, 'node'), port: await pickPort() }
  node = owned.use(await Program.start(options))
  api = createNodeClient(node.url, adminToken)
  shop = createShopClient(node.url, shopKey)
  for (const sku of ['SE-A', 'SE-B']) await shop.createProduct({ sku, name: 'Vare', stock: 100 })
  await api.startImport()
  await eventually('the import is done', async () => (await api.importState()).state === 'done')
  for (let sale = 0; sale < 5; sale += 1) await shop.placeOrder({ lines: [{ sku: 'SE-A', quantity: 1 }] })
  await eventually('the sales are counted', async () => (await api.stockOf('SE-A'))?.level === 95)
})

afterAll(async () => {
  await owned[Symbol.asyncDispose]()
})

function verify(data: string, ...more: readonly string[]): Promise<Ended> {
  return runCommand(['verify', '--data', data, ...more])
}

async function audit(data: string): Promise<AuditAnswer & { readonly code: number | null }> {
  const { code, out } = await verify(data, '--json')
  return { code, ...(JSON.parse(out) as AuditAnswer) }
}

/** What is in a folder, file by file. */
async function contentOf(directory: string): Promise<unknown> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const files = names.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ] as const
  })
  return Object.fromEntries(await Promise.all(files))
}

/** A copy of the stopped node's folder, in which rows of one table were changed. */
async function damagedCopy(name: string, table: number, change: Parameters<typeof damage>[2]): Promise<string> {
  const copy = join(folder, name)
  await cp(node.folder, copy, { recursive: true })
  await damage(copy, table, change)
  return copy
}

test('a running node and its stopped files are in order, and the files are as they were', async () => {
  const running = await verify(node.folder, '--node', node.url)
  expect(running).toMatchObject({ code: 0, err: '' })
  expect(running.out).toMatch(
    /^Everything is in order: \d+ rows, \d+ records of \d+ replicas and 5 movements; 2 rows of the shop\./,
  )
  expect(await api.call('GET', '/verify')).toMatchObject({ ok: true, running: true, faults: [] })

  await node.stop()
  const before = await contentOf(node.folder)
  expect(await audit(node.folder)).toMatchObject({ code: 0, ok: true, running: false, checked: { movements: 5 } })
  expect(await contentOf(node.folder)).toEqual(before)
  await node.start()
  expect((await api.stockOf('SE-A'))?.level).toBe(95)
})

test('every damage has its code, and is told on a line of its own', async () => {
  await node.stop()
  const flipped = await damagedCopy('flipped', tables.record, (row, put, index) => {
    if (index === 0) put(row.key, withBitFlipped(row))
  })
  const told = await verify(flipped)
  expect(told.code).toBe(1)
  expect(told.out).toMatch(/^row-damaged {2}The checksum of a row of "node" /m)
  expect(told.out).toMatch(/^digest-wrong {2}The \d+ records up to \d+ are not those of the digest\.$/m)
  expect(told.err).toMatch(/^[2-9] faults in /)

  const codesOf = async (copy: string): Promise<readonly string[]> => {
    const { code, ok, faults, faultCount } = await audit(copy)
    expect([code, ok, faultCount]).toEqual([1, false, faults.length])
    return [...new Set(faults.map((fault) => fault.code))].toSorted()
  }
  const malformed = await damagedCopy('malformed', tables.record, ({ key }, put, index) => {
    if (index === 0) put(key, sealed(Buffer.from([3, 9, 9, 9])))
  })
  expect(await codesOf(malformed)).toEqual(expect.arrayContaining(['digest-wrong', 'record-malformed']))
  const doubled = await damagedCopy('doubled', tables.record, ({ key, value }, put, index) => {
    if (index === 0) put(Buffer.concat([key.subarray(0, -1), Buffer.from('z')]), value)
  })
  expect(await codesOf(doubled)).toEqual(['digest-wrong', 'record-misplaced', 'seq-twice'])
  const unclaimed = await damagedCopy('unclaimed', tables.claim, ({ key, value }, put) => {
    put(key, sealed(Buffer.concat([Buffer.from([1]), value.subarray(1, -4)])))
  })
  expect(await codesOf(unclaimed)).toContain('record-unclaimed')
  // This shop is alone and has signed nothing: a signature that is none is put behind its claims.
  const forged = await damagedCopy('forged', tables.claim, ({ key, value }, put) => {
    put(key, sealed(Buffer.concat([value.subarray(0, -5), Buffer.from([1]), Buffer.alloc(64)])))
  })
  expect(await codesOf(forged)).toEqual(['claim-not-signed'])
  const uninvited = await damagedCopy('uninvited', tables.membership, ({ key, value }, put) => {
    const record = value.subarray(0, -4)
    record[record.length - 1] = (record.at(-1) ?? 0) ^ 1
    if (record.length > 100) put(key, sealed(record))
  })
  expect(await codesOf(uninvited)).toEqual(['membership-invalid', 'membership-misplaced'])
  const forgotten = await damagedCopy('forgotten', tables.movement, ({ key }, put, index) => {
    if (index === 1) put(key, sealed(Buffer.from([0])))
  })
  expect(await codesOf(forgotten)).toEqual(['movements-unfit'])
  await writeFile(join(forgotten, 'node', 'CURRENT'), 'nonsense')
  expect(await codesOf(forgotten)).toEqual(['database-unreadable'])
  await node.start()
})

test('a shadow level that is not the shop’s is found while the node runs', async () => {
  // Nothing is adjusted that stands twice, so the shadow level stays wrong.
  for (const name of ['En', 'To']) await shop.createProduct({ sku: 'SE-TO', name, stock: 7 })
  await eventually('both are read', async () => (await api.stockOf('SE-TO'))?.state === 'duplicate')
  await node.stop()
  const wrong = await damagedCopy('wrong', tables.stockRow, ({ key, value }, put) => {
    const row = JSON.parse(value.subarray(0, -4).toString()) as { stock: number; name: string }
    if (row.name === 'To') put(key, sealed(Buffer.from(JSON.stringify({ ...row, stock: 8 }))))
  })
  const port = await pickPort()
  await using other = await Program.start({ name: 'wrong', args: ['start'], folder: wrong, port })
  const answer = await createNodeClient(other.url, adminToken).call<AuditAnswer>('GET', '/verify')
  expect(answer.faults.map(({ code }) => code)).toEqual(['shadow-unequal'])
  await other.stop()
  await node.start()
})

test('a folder without a node, and a node that is not there, are refused', async () => {
  const nothing = await verify(join(folder, 'nothing'))
  expect(nothing).toMatchObject({ code: 1, out: '' })
  expect(nothing.err).toContain('There is no token in')
})

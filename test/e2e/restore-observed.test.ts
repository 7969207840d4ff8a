/**
 * A node beside a shop that is only observed, put back to a backup. What the shop did since is not to be told from what
 * the node did there, so nothing is published by itself, and a person decides; unless the journal survived.
 */
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundNetwork, untilAgreed } from '../harness/agreement.ts'
import { runCommand } from '../harness/command.ts'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { openBuiltin, openMember, openOpenBizBox, type PlatformMember } from '../harness/platform-shop.ts'

const owned = new Owned()
const patience = { deadlineMs: 60_000, every: 50 }
let folder: string
let m: PlatformMember
let e: PlatformMember
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stockmesh-observed-'))
  owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const shops = [await openBuiltin(folder, owned), await openOpenBizBox(owned)] as const
  for (const shop of shops) for (const sku of ['BAK-13', 'BAK-KEPT']) await shop.create(sku, 100)
  m = await openMember('M', shops[0], folder, owned)
  e = await openMember('E', shops[1], folder, owned)
  await foundNetwork([m, e])
  file = join(folder, 'E.backup')
})

afterAll(async () => {
  await owned[Symbol.asyncDispose]()
})

async function levels(sku: string): Promise<string> {
  const nodes = await Promise.all([m, e].map(async ({ api }) => (await api.stockOf(sku))?.level))
  const shops = await Promise.all([m, e].map(({ shop }) => shop.stockOf(sku)))
  return [...nodes, ...shops].join(' ')
}

/** Levels at M and E, then the numbers of their shops. */
async function untilLevels(sku: string, wanted: string): Promise<void> {
  await eventually(
    `nodes and shops show ${wanted}`,
    async () => {
      const seen = await levels(sku)
      if (seen === wanted) return true
      throw new Error(`they show ${seen}`)
    },
    patience,
  )
}

async function soldOverABackup(sku: string): Promise<void> {
  await e.shop.sell(sku, 5)
  await untilLevels(sku, '95 95 95 95')
  await untilAgreed([m, e])
  expect(await runCommand(['backup', file, '--node', e.node.url, '--data', e.node.folder])).toMatchObject({ code: 0 })
  await e.shop.sell(sku, 7)
  await untilLevels(sku, '88 88 88 88')
  await untilAgreed([m, e])
  await e.node.kill()
}

async function restoreTo(directory: string): Promise<void> {
  expect(await runCommand(['restore', file, '--data', directory])).toMatchObject({ code: 0, err: '' })
}

test('13: an observed shop publishes nothing by itself after a restore: a line says "shop 86, network 88"', async () => {
  await soldOverABackup('BAK-13')
  await rm(e.node.folder, { recursive: true })
  await restoreTo(e.node.folder)
  const kept = join(e.node.folder, 'connector.json')
  expect((await stat(kept)).mode & 0o777).toBe(0o600)
  expect(await readFile(kept, 'utf8')).toContain('clientSecret')
  await e.shop.sell('BAK-13', 2)
  await e.node.start()
  const problem = await eventually(
    'the difference is listed',
    async () => {
      expect(await levels('BAK-13')).toMatch(/^88 \d+ 88 86$/)
      return (await e.api.problems()).find(({ kind }) => kind === 'rollback')
    },
    patience,
  )
  expect(problem.count).toBe(1)
  await untilLevels('BAK-13', '88 88 88 86')
  expect(await e.api.call('GET', `/problems/${problem.id}/items`)).toMatchObject({
    items: [{ sku: 'BAK-13', level: 88, shopLevel: 86 }],
  })
  await e.shop.sell('BAK-13', 1)
  await untilLevels('BAK-13', '87 87 87 85')
  await e.api.act(problem, 'use-network')
  await untilLevels('BAK-13', '87 87 87 87')
  await untilAgreed([m, e])
  for (const { api } of [m, e]) expect(await api.problems()).toEqual([])

  // From here on it is a node like any other.
  await m.shop.sell('BAK-13', 1)
  await e.shop.sell('BAK-13', 1)
  await untilLevels('BAK-13', '85 85 85 85')
})

test('13: where only the node’s database went, the journal beside it is exact, and nothing is in doubt', async () => {
  await soldOverABackup('BAK-KEPT')
  await rename(join(e.node.folder, 'node'), join(e.node.folder, 'node.aside'))
  await restoreTo(e.node.folder)
  await e.shop.sell('BAK-KEPT', 2)
  await e.node.start()
  await untilLevels('BAK-KEPT', '86 86 86 86')
  await untilAgreed([m, e])
  for (const { api } of [m, e]) expect(await api.problems()).toEqual([])
})

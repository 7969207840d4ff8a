/** Changes that arrive while a shop does not answer: how they are written when it does again. */
import { foundNetwork, untilAgreed } from '../../test/harness/agreement.ts'
import { Owned } from '../../test/harness/owned.ts'
import { openBuiltin, openMember, openOpenBizBox } from '../../test/harness/platform-shop.ts'

/** Changes of each SKU. */
const changesPerSku = 2
const operationsPerBatch = 500
const buyers = 8

export interface Backlog {
  /** From when the shop answers again until both shops and nodes are in step. */
  readonly seconds: number
  readonly adjustmentsPerSku: number
  /** Calls that write: batches, and products by themselves. */
  readonly writes: number
  /** Full batches, after the one product that goes ahead. */
  readonly writesMin: number
}

export async function measureBacklog(folder: string, changes: number): Promise<Backlog> {
  await using owned = new Owned()
  const staying = await openBuiltin(folder, owned)
  const away = await openOpenBizBox(owned, { worksInBatch: true })
  const skus = Array.from({ length: changes / changesPerSku }, (_, index) => `BACKLOG-${index}`)
  for (const sku of skus) await away.create(sku, 100)
  await inParallel(skus, (sku) => staying.create(sku, 100))
  const members = [
    await openMember('backlog-1', staying, folder, owned),
    await openMember('backlog-2', away, folder, owned),
  ]
  await foundNetwork(members)
  const { standIn } = away
  standIn.fault = () => 'drop'
  for (let change = 0; change < changesPerSku; change += 1) await inParallel(skus, (sku) => staying.sell(sku, 1))
  standIn.calls.length = 0
  standIn.fault = () => null
  const from = performance.now()
  await untilAgreed(members, { deadlineMs: 300_000 })
  const seconds = (performance.now() - from) / 1_000
  for (const sku of skus) if ((await away.stockOf(sku)) !== 98) throw new Error(`${sku} is ${await away.stockOf(sku)}.`)
  const batches = standIn.calls.filter(({ path }) => path === '/api/batches.json')
  const single = standIn.calls.filter(({ method }) => method === 'PUT')
  const inBatches = batches.reduce((count, { body }) => count + (JSON.parse(body) as unknown[]).length, 0)
  return {
    seconds,
    adjustmentsPerSku: (inBatches + single.length) / skus.length,
    writes: batches.length + single.length,
    writesMin: 1 + Math.ceil((skus.length - 1) / operationsPerBatch),
  }
}

async function inParallel(skus: readonly string[], work: (sku: string) => Promise<void>): Promise<void> {
  const queue = skus.values()
  async function next(): Promise<void> {
    for (const sku of queue) await work(sku)
  }
  await Promise.all(Array.from({ length: buyers }, next))
}

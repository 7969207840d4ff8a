/**
 * A sale in one observed shop until the other one shows it, through two nodes: where the shop hints at it, and where its
 * node finds it by asking.
 */
import { foundNetwork } from '../../test/harness/agreement.ts'
import { eventually } from '../../test/harness/eventually.ts'
import { Owned } from '../../test/harness/owned.ts'
import { openMember, openOpenBizBox, type PlatformShop } from '../../test/harness/platform-shop.ts'
import { steadyLoad } from '../steady-load.ts'

const callsOfASale = 8

export interface Latencies {
  readonly hinted: readonly number[]
  readonly polled: readonly number[]
  /** The calls of one sale, one after the other. */
  readonly limit: readonly number[]
}

export interface Sales {
  readonly hinted: number
  readonly polled: number
  /** The shop that is polled hints as well, so that nobody waits. */
  readonly isHurried: boolean
}

export async function measureLatency(folder: string, sales: Sales): Promise<Latencies> {
  await using owned = new Owned()
  const [hinting, silent] = [await openOpenBizBox(owned), await openOpenBizBox(owned)]
  const skus = Array.from({ length: sales.hinted + sales.polled }, (_, index) => `SALE-${index}`)
  for (const sku of skus) for (const shop of [hinting, silent]) await shop.create(sku, 100)
  const first = await openMember('latency-1', hinting, folder, owned)
  const shop = sales.isHurried ? silent : { ...silent, hintTo: () => undefined }
  const second = await openMember('latency-2', shop, folder, owned)
  await foundNetwork([first, second])
  const limit: number[] = []
  for (let sample = 0; sample < 20; sample += 1) {
    const from = performance.now()
    for (let call = 0; call < callsOfASale; call += 1) await (await fetch(`${hinting.standIn.url}/api/none`)).text()
    limit.push(performance.now() - from)
  }
  const hinted = await sellAll(skus.slice(0, sales.hinted), 5, hinting, silent)
  const polled = await sellAll(skus.slice(sales.hinted), 1, silent, hinting)
  return { hinted, polled, limit }
}

async function sellAll(
  skus: readonly string[],
  perSecond: number,
  from: PlatformShop,
  to: PlatformShop,
): Promise<readonly number[]> {
  const arrivals: Promise<number>[] = []
  await steadyLoad({ perSecond, count: skus.length }, (index, intendedAt) => {
    arrivals.push(arrival(skus[index] ?? '', intendedAt, from, to))
  })
  return await Promise.all(arrivals)
}

async function arrival(sku: string, intendedAt: number, from: PlatformShop, to: PlatformShop): Promise<number> {
  await from.sell(sku, 1)
  // The stand-in is in this process: a look costs nothing that could be measured.
  await eventually(`the other shop has the sale of ${sku}`, async () => (await to.stockOf(sku)) === 99, {
    deadlineMs: 60_000,
    every: 2,
  })
  return performance.now() - intendedAt
}

/** The first listing of a shop whose pages are slow, against the time that its pages alone take. */
import { join } from 'node:path'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { openBizBoxPlatform, openShop } from '../../packages/node/src/connectors/openbizbox/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { clientId, clientSecret, StandIn } from '../../test/openbizbox/stand-in.ts'

const never = new AbortController().signal

export async function measureListing(
  folder: string,
  { products, pageMs }: { readonly products: number; readonly pageMs: number },
): Promise<{ readonly seconds: number; readonly pageSeconds: number }> {
  await using shop = await StandIn.open({ pageItemsMax: 100, pageMs })
  for (let index = 0; index < products; index += 1) {
    shop.addProduct({ title: `Mug ${index}`, variants: [{ model: `MUG-${index}`, quantity: index % 100 }] })
  }
  const directory = join(folder, 'listing')
  const settings = openBizBoxPlatform.schema.parse({ url: shop.url, clientId, clientSecret })
  const parts = { directory, clock: systemClock, timers: systemTimers, random: systemRandom }
  await using connector = await openObservedConnector(await openShop(settings, parts), parts)
  await connector.attach({ network: 'n', node: 'bench', fresh: false }, never)
  const from = performance.now()
  let rows = 0
  for (let after: string | null = null, isLast = false; !isLast; ) {
    const page = await connector.list({ after, limit: 500 }, never)
    rows += page.items.length
    after = page.next
    isLast = after === null
  }
  const seconds = (performance.now() - from) / 1_000
  if (rows !== products) throw new Error(`${rows} of ${products} products were listed.`)
  const pages = shop.calls.filter(({ path }) => path.startsWith('/api/v3/products.json') && !path.includes('ids='))
  return { seconds, pageSeconds: (pages.length * pageMs) / 1_000 }
}

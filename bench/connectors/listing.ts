/** The first listing of a shop whose pages are slow, against the time that its pages take a program that only reads them. */
import { join } from 'node:path'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { openBizBoxPlatform, openShop } from '../../packages/node/src/connectors/openbizbox/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { clientId, clientSecret, StandIn } from '../../test/openbizbox/stand-in.ts'

const never = new AbortController().signal
/** Pages that are read bare, before the listing and after it. */
const barePages = 10

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
  const bare = await readPages(shop.url)
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
  const pages = shop.calls
    .slice(barePages)
    .filter(({ path }) => path.startsWith('/api/v3/products.json') && !path.includes('ids='))
  const count = pages.length
  const secondsPerPage = (bare + (await readPages(shop.url))) / (2 * barePages)
  return { seconds, pageSeconds: count * secondsPerPage }
}

/** Seconds for some pages, one after the other, each parsed and forgotten. */
async function readPages(url: string): Promise<number> {
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  })
  const token = (await (await fetch(`${url}/oauth/v2/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  const headers = { authorization: `Bearer ${token.access_token}` }
  const from = performance.now()
  let last = 0
  for (let page = 0; page < barePages; page += 1) {
    const items = (await (await fetch(`${url}/api/v3/products.json?limit=100&from=${last}`, { headers })).json()) as {
      id: number
    }[]
    last = items.at(-1)?.id ?? 0
  }
  return (performance.now() - from) / 1_000
}

/**
 * `npm run list-speed [-- --skus N]`: the page of products with 100,000 SKUs in Chromium, as a person uses it. From the
 * opening until the first row stands there, from the last key of a search until its row does; and while it scrolls and
 * 50 orders a second come in for the SKUs that are shown, how long the frames took, and whether each number that is
 * shown at the end is the right one.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/browser/chromium.ts'
import { eventually } from '../test/harness/eventually.ts'
import { Owned } from '../test/harness/owned.ts'
import { openingStock, skuOf } from './catalogue.ts'
import { found, makeShop, openFolder, openPair, type Pair } from './programs.ts'
import { percentile } from './samples.ts'
import { steadyLoad } from './steady-load.ts'

const perSecond = 50
const loadSeconds = 20
/** Orders go to the rows of the first page, so that each is a change of something that is shown. */
const rowsShown = 100
const searches = ['42', '777', '31337', '99999']

const { values } = parseArgs({ options: { skus: { type: 'string', default: '100000' } } })
const skus = Number(values.skus)
await using owned = new Owned()
const folder = await openFolder(owned)
console.log(`a shop with ${skus} SKUs, imported`)
const pair = await openPair('DK', folder, await makeShop(folder, skus), owned)
await found(pair)
const browser = await openBrowser()
owned.defer(() => browser.close())
const page = await signIn(pair)

const opened = await timed(async () => {
  await page.goto(`${pair.node.url}/#/products`)
  await row(page, skuOf(0)).waitFor()
})
console.log(`opened until the first row: ${Math.round(opened)} ms`)

const searched: number[] = []
for (const search of searches) {
  const sku = skuOf(Number(search) % skus)
  await page.getByRole('searchbox').fill(sku)
  // The row of the search before is one row too.
  const isListed = async (): Promise<boolean> => [...(await levelsShown(page)).keys()].join() === sku
  searched.push(await timed(() => eventually(`only ${sku} is listed`, isListed, { every: 10 })))
}
console.log(`a search until its row: ${searched.map((ms) => Math.round(ms)).join(', ')} ms`)
await page.getByRole('searchbox').fill('')
await row(page, skuOf(0)).waitFor()

await page.evaluate(`window.frameTimes = []; (() => {
  let last = performance.now()
  const step = (now) => { frameTimes.push(now - last); last = now; requestAnimationFrame(step) }
  requestAnimationFrame(step)
})()`)
const sold = new Map<string, number>()
const orders: Promise<unknown>[] = []
const scrolling = scroll(page, loadSeconds)
await steadyLoad({ perSecond, count: perSecond * loadSeconds }, (index) => {
  const sku = skuOf((index * 7) % rowsShown)
  sold.set(sku, (sold.get(sku) ?? 0) + 1)
  orders.push(pair.shopApi.placeOrder({ lines: [{ sku, quantity: 1 }] }))
})
await Promise.all(orders)
await scrolling
const caughtUp = await timed(() =>
  eventually('every number that is shown is right', async () => {
    const shown = await levelsShown(page)
    return [...sold].every(([sku, units]) => shown.get(sku) === openingStock - units)
  }),
)
const frames = (await page.evaluate<number[]>('frameTimes')).slice(1)
console.log(
  `${orders.length} changes, ${perSecond} a second, while it scrolls: frames ${percentile(frames, 0.5).toFixed(0)} ms (half), ` +
    `${percentile(frames, 0.99).toFixed(0)} ms (99 of 100), ${Math.max(...frames).toFixed(0)} ms (the longest)`,
)
console.log(`after the last order, until all ${sold.size} numbers are right: ${Math.round(caughtUp)} ms`)

async function signIn({ node }: Pair): Promise<Page> {
  const context = await browser.newContext({ locale: 'da-DK', viewport: { width: 1280, height: 900 } })
  const token = /token \(valid for 30 minutes\): (\S+)/.exec(node.output)?.[1] ?? ''
  const answer = await context.request.post(`${node.url}/api/v1/setup`, {
    headers: { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' },
    data: { token, password: 'rødgrød med fløde', name: 'DK', language: 'da' },
  })
  if (!answer.ok()) throw new Error(`The set-up was refused: ${await answer.text()}`)
  return await context.newPage()
}

function row(of: Page, sku: string): ReturnType<Page['locator']> {
  return of.getByRole('button', { name: sku, exact: true })
}

/** The level beside each SKU, as the page writes it. */
async function levelsShown(of: Page): Promise<ReadonlyMap<string, number>> {
  const rows = await of.evaluate<[string, string][]>(`[...document.querySelectorAll('tbody tr:not(.row-detail)')]
    .map((row) => [row.querySelector('.row-button')?.innerText ?? '', row.querySelector('.count')?.innerText ?? ''])`)
  return new Map(rows.map(([sku, level]) => [sku.trim(), Number(level.replaceAll(/[^0-9]/g, ''))]))
}

/** Down and up again, as with a wheel. */
async function scroll(of: Page, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1_000
  for (let step = 0; performance.now() < until; step += 1) {
    await of.mouse.wheel(0, step % 40 < 20 ? 240 : -240)
    await pause(50)
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

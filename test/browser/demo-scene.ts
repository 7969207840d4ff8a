/**
 * The pages of the demo as they are played: three shops, of which two share a stock and have sold, one asks to join, and
 * the first has what a person must decide on: a duplicate, a spreadsheet that is held, and a product that is oversold.
 */
import type { Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { Demo } from './demo.ts'
import { importHere, join } from './joining.ts'
import { ShopPages } from './shop-pages.ts'
import { call, productsOf, upload } from './spreadsheet.ts'
import type { Studio } from './studio.ts'
import { Visitor } from './visitor.ts'
import { type Words, wordsOf } from './words.ts'

const sold = { sku: '20668', name: 'Disco ball christmas decoration' }
const last = { sku: '21786', name: 'Polkadot rain hat', inFirst: 51 }
/** More than a fifth of what the first shop sells: so many at once are held. */
const uploaded = 60

export async function pictureDemo({ browser, each }: Studio): Promise<void> {
  await using demo = await Demo.start()
  await using player = await Visitor.open(browser, { language: 'da' })
  const words = wordsOf.da
  const one = await ShopPages.open(player, demo.shop(0), words)
  const two = await ShopPages.open(player, demo.shop(1), words)
  const [first = '', second = '', third = ''] = [0, 1, 2].map((index) => demo.shop(index).adminUrl)
  await each(async (visitor, picture) => {
    await picture(await visitor.visit(first), 'new')
  })
  await importHere(one, words)
  await each(async (visitor, picture) => {
    await picture(await visitor.visit(first), 'imported')
  })
  await join(two, one, words)
  await each(async (visitor, picture) => {
    await picture(await visitor.visit(second), 'import-preview')
  })
  await importHere(two, words)
  await trade(one, two)
  await each(async (visitor, picture) => {
    await picture(await visitor.visit(first), 'overview-in-step')
  })
  await oversell(one, two)
  await ask(await ShopPages.open(player, demo.shop(2), words), demo.shop(0).address, words)
  await one.create({ sku: '21212', name: 'Pack of 72 retrospot cake cases, red', stock: 40 })
  await uploadZeros(one)
  await one.goTo('problems')
  await one.admin.getByRole('article').getByText('21212').first().waitFor()
  await each(async (visitor, picture) => {
    for (const name of ['overview', 'products', 'oversold', 'log', 'shops', 'settings']) {
      await picture(await visitor.visit(`${first}#/${name}`), name)
    }
    await picture(await visitor.visit(`${first}#/problems`), 'problems')
    const explained = await visitor.visit(`${first}#/products?q=${sold.sku}&open=${sold.sku}`)
    await openAll(explained)
    await picture(explained, 'number-explained')
    await picture(await countList(await visitor.visit(`${first}#/count`)), 'count')
    const leaving = await visitor.visit(`${first}#/shops`)
    await leaving.locator('[aria-labelledby=leave] button').click()
    await picture(leaving, 'leave', 'window')
    await picture(await undoOf(await visitor.visit(`${first}#/shops`), two.shop.name), 'undo-shop', 'window')
    const imported = await visitor.visit(`${second}#/shops`)
    await imported.locator('[aria-labelledby=import-undo] button').first().click()
    await picture(imported, 'undo-import', 'window')
    await picture(await visitor.visit(third), 'join')
    await picture(await visitor.visit(`${first}shop/`), 'storefront')
    await picture(await visitor.visit(`${first}shop/admin`), 'back-office')
  })
}

async function openAll(page: Page): Promise<void> {
  await page.locator('.explained summary').first().waitFor()
  for (const summary of await page.locator('.explained summary').all()) await summary.click()
}

/** A list as it is pasted, up to the differences. */
async function countList(page: Page): Promise<Page> {
  await page.locator('textarea').fill('20668\t178\n22423\t4\n21212\t40\nUKENDT-1\t3\n')
  await page.locator('form button:not([type=button])').last().click()
  await page.locator('main table').waitFor()
  return page
}

/** Up to what it would do. */
async function undoOf(page: Page, shop: string): Promise<Page> {
  await page.locator(`.member-links button[aria-label$="${shop}"]`).first().click()
  await page.locator('dialog .actions button').first().click()
  await page.locator('dialog .rows').waitFor()
  return page
}

async function ask({ admin }: ShopPages, address: string, words: Words): Promise<void> {
  await admin.getByLabel(words.joinAddress).fill(address)
  await admin.getByRole('button', { name: words.sendJoinRequest }).click()
  await admin.getByText(words.joinReceived).waitFor()
}

async function trade(one: ShopPages, two: ShopPages): Promise<void> {
  for (const shop of [one, two]) await shop.findProduct(sold.sku, 1)
  await one.buy(sold.name, 3)
  await two.shows(sold.name, 166)
  await two.buy(sold.name, 2)
  await one.shows(sold.name, 164)
  // Typed in the second shop: what the first one typed just before belongs to the spreadsheet that is held there.
  await two.setStock(sold.name, 164, 180)
  await one.shows(sold.name, 180)
}

/** While nothing is written, both shops sell the last one. */
async function oversell(one: ShopPages, two: ShopPages): Promise<void> {
  for (const shop of [one, two]) await shop.findProduct(last.sku, 1)
  await two.setStock(last.name, last.inFirst, 1)
  await one.shows(last.name, 1)
  await call(one, 'post', 'api/v1/stop-all')
  await eventually('both shops have stopped', async () => (await isStopped(one)) && (await isStopped(two)))
  await one.buy(last.name, 1)
  await two.buy(last.name, 1)
  await call(one, 'post', 'api/v1/resume-all')
  await eventually('it is oversold', async () => (await statusOf(one)).stock.oversold === 1)
}

/** A spreadsheet with 0 for too many. */
async function uploadZeros(shop: ShopPages): Promise<void> {
  const spared: readonly unknown[] = [sold.sku, last.sku, '21212']
  const listed = await productsOf(shop)
  await upload(shop, listed.filter(({ sku, stock }) => !spared.includes(sku) && (stock ?? 0) > 0).slice(-uploaded), 0)
  await eventually('they are held', async () => (await problemsOf(shop)).includes('held'))
}

interface Status {
  readonly stock: { readonly oversold: number }
  readonly stopAll: { readonly stopped: boolean }
}

async function statusOf(shop: ShopPages): Promise<Status> {
  return (await call(shop, 'get', 'api/v1/status')) as Status
}

async function isStopped(shop: ShopPages): Promise<boolean> {
  return (await statusOf(shop)).stopAll.stopped
}

async function problemsOf(shop: ShopPages): Promise<readonly string[]> {
  const { items } = (await call(shop, 'get', 'api/v1/problems')) as { items: readonly { readonly kind: string }[] }
  return items.map(({ kind }) => kind)
}

/**
 * `npm run screenshots [-- --only da-360]`: every page as a person sees it, in each language, on a screen and on
 * a phone, light and dark, into `build/screenshots`. What is on them is played in the demo; nothing is drawn.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { languages } from '@stockmesh/protocol'
import type { Language } from '@stockmesh/protocol/api'
import type { Browser, Page } from 'playwright-core'
import { pickPort } from '../harness/port.ts'
import { Program } from '../harness/process.ts'
import { openBrowser } from './chromium.ts'
import { Demo } from './demo.ts'
import { importHere, join } from './joining.ts'
import { ShopPages } from './shop-pages.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

interface Look {
  readonly language: Language
  readonly width: 360 | 1280
  readonly colorScheme: 'light' | 'dark'
}

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url))
const looks = languages.flatMap((language) =>
  ([360, 1280] as const).flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme): Look => ({ language, width, colorScheme })),
  ),
)
const sold = { sku: '20668', name: 'Disco ball christmas decoration' }

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const chosen = looks.filter((look) => values.only === undefined || nameOf(look).startsWith(values.only))
await mkdir(folder, { recursive: true })
const browser = await openBrowser()
try {
  await pictureSetUp(browser)
  await pictureDemo(browser)
} finally {
  await browser.close()
}
console.log(`The screenshots are in ${folder}`)

function nameOf({ language, width, colorScheme }: Look): string {
  return `${language}-${width}-${colorScheme}`
}

async function picture(page: Page, name: string, look: Look): Promise<void> {
  await page.screenshot({ path: `${folder}${nameOf(look)}-${name}.png`, fullPage: true })
}

/** The first page of a node that nobody has set up. */
async function pictureSetUp(browser: Browser): Promise<void> {
  const data = await mkdtemp(joinPath(tmpdir(), 'stockmesh-screenshots-'))
  try {
    await using node = await Program.start({
      name: 'a new node',
      args: ['start'],
      folder: data,
      port: await pickPort(),
    })
    for (const look of chosen) {
      await using visitor = await Visitor.open(browser, look)
      const page = await visitor.visit(node.url)
      await page.locator(`html[lang=${look.language}]`).waitFor()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await picture(page, 'first-run', look)
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

async function pictureDemo(browser: Browser): Promise<void> {
  await using demo = await Demo.start()
  await using player = await Visitor.open(browser, { language: 'da' })
  const words = wordsOf.da
  const one = await ShopPages.open(player, demo.shop(0), words)
  const two = await ShopPages.open(player, demo.shop(1), words)
  await each(browser, async (visitor, look) => {
    await picture(await open(visitor, demo, ''), 'new', look)
  })
  await importHere(one, words)
  await join(two, one, words)
  await each(browser, async (visitor, look) => {
    const page = await visitor.visit(demo.shop(1).adminUrl)
    await page.waitForLoadState('networkidle')
    await picture(page, 'import-preview', look)
  })
  await importHere(two, words)
  await trade(one, two)
  const three = await ShopPages.open(player, demo.shop(2), words)
  await three.admin.getByLabel(words.joinAddress).fill(demo.shop(0).address)
  await three.admin.getByRole('button', { name: words.sendJoinRequest }).click()
  await three.admin.getByText(words.joinReceived).waitFor()
  await one.create({ sku: '21212', name: 'Pack of 72 retrospot cake cases, red', stock: 40 })
  await one.goTo('problems')
  await one.admin.getByRole('article').getByText('21212').first().waitFor()
  await each(browser, async (visitor, look) => {
    for (const name of ['overview', 'products', 'count', 'problems', 'oversold', 'log', 'shops', 'settings']) {
      await picture(await open(visitor, demo, `#/${name}`), name, look)
    }
    const explained = await open(visitor, demo, `#/products?q=${sold.sku}&open=${sold.sku}`)
    await explained.locator('summary').first().click()
    await picture(explained, 'number-explained', look)
    await picture(await visitor.visit(demo.shop(2).adminUrl), 'join', look)
    await picture(await open(visitor, demo, 'shop/'), 'storefront', look)
    await picture(await open(visitor, demo, 'shop/admin'), 'shop-admin', look)
  })
}

async function each(browser: Browser, see: (visitor: Visitor, look: Look) => Promise<void>): Promise<void> {
  for (const look of chosen) {
    await using visitor = await Visitor.open(browser, look)
    await see(visitor, look)
  }
}

/** A page of the first shop, once everything that it reads has come. */
async function open(visitor: Visitor, demo: Demo, path: string): Promise<Page> {
  const page = await visitor.visit(demo.shop(0).adminUrl + path)
  await page.waitForLoadState('networkidle')
  return page
}

async function trade(one: ShopPages, two: ShopPages): Promise<void> {
  await one.findProduct(sold.sku, 1)
  await two.findProduct(sold.sku, 1)
  await one.buy(sold.name, 3)
  await two.shows(sold.name, 166)
  await two.buy(sold.name, 2)
  await one.shows(sold.name, 164)
  await one.setStock(sold.name, 164, 180)
  await two.shows(sold.name, 180)
}

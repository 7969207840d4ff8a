/**
 * The walk of the help page, clause by clause, as a newcomer takes it: `stockmesh demo`, and one browser with the admin
 * page, the storefront and the back office of each shop side by side, none of them ever reloaded.
 */
import { expect } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { browserTest, clause, storyLanguages } from './browser-test.ts'
import { Demo, type DemoShop } from './demo.ts'
import { importHere, join } from './joining.ts'
import { ShopPages } from './shop-pages.ts'
import { type Language, Visitor } from './visitor.ts'
import { type Words, wordsOf } from './words.ts'

/** Sold in all shops of the demo, with another stock in each. */
const ball = { sku: '20668', name: 'Disco ball christmas decoration', inFirst: 169, inSecond: 24 }
/** What the first shop sells under the same number by mistake. */
const twin = { sku: ball.sku, name: 'Disco ball, big', stock: 7, repairedSku: 'DISCO-BIG' }
/** Created later in both shops, first in the first. */
const mug = { sku: 'MUG-1', name: 'Mug with a handle', stock: 12 }
const mugOfSecond = { sku: 'mug-1', name: 'Mug, blue', stock: 99 }

for (const language of storyLanguages('da')) {
  browserTest(`the walk of the help page, in two shops and then a third (${language})`, async (browser) => {
    await using demo = await Demo.start()
    await using visitor = await Visitor.open(browser, { language })
    await walk(demo, visitor, language)
    expect(visitor.complaints.filter((complaint) => !isOfNewLife(complaint, demo.shop(2)))).toEqual([])
  })
}

/**
 * A shop that was disconnected begins a new life. Its page, whose channel ended with the old one, may read meanwhile; it
 * is told to try again, and does. The browser writes the refusals into the console.
 */
function isOfNewLife(complaint: string, { adminUrl }: DemoShop): boolean {
  return ['status', 'join', 'import'].some((read) =>
    complaint.endsWith(`status of 503 (Service Unavailable) (${adminUrl}api/v1/${read})`),
  )
}

async function walk(demo: Demo, visitor: Visitor, language: Language): Promise<void> {
  const words = wordsOf[language]
  const [one, two] = [
    await ShopPages.open(visitor, demo.shop(0), words),
    await ShopPages.open(visitor, demo.shop(1), words),
  ]
  const isSo = (sentence: string, play: () => Promise<void>): Promise<void> => clause(visitor, sentence, play)

  await isSo('the page speaks the language of the browser, and another as soon as it is asked to', () =>
    speaks(one, language),
  )
  await isSo('the shop is tried, and its catalogue looked through, before anything is shared', () => tried(one, words))
  await isSo('the list "with duplicate model/SKU" shows the products that share one', () => duplicateShown(one, words))
  await isSo('Import in the first shop, which tells when it is done', () => importHere(one, words))
  await isSo('a duplicate is repaired in the shop, and the list is empty', () => duplicateRepaired(one, words))
  await isSo('"Send join request to store", the same code on both pages, "Accept"', () => join(two, one, words))
  await isSo('after the import the second shop shows the numbers of the first; no name is changed', () =>
    importSecond(one, two, words),
  )
  await isSo('a sale in either shop shows in all at once', () => sales(one, two))
  await isSo('a manual change in either shop shows in all at once', () => manualChanges(one, two))
  await isSo('a product created later takes the number of the shop where it was created first', () =>
    createdLater(one, two, words),
  )
  await isSo('both pages show the connected shops, what changed last, and the same latest log', () =>
    samePages(one, two, words),
  )
  const three = await ShopPages.open(visitor, demo.shop(2), words)
  await isSo('a third shop asks any of the connected shops', () => thirdShop(one, two, three, words))
  await isSo('a shop is disconnected; its numbers stay, and are its own', () => disconnect(one, two, three, words))
}

async function speaks({ admin }: ShopPages, language: Language): Promise<void> {
  const other = language === 'da' ? 'en' : 'da'
  for (const [from, to] of [
    [language, other],
    [other, language],
  ] as const) {
    await admin.getByRole('heading', { level: 1, name: wordsOf[from].notConnected }).waitFor()
    await admin.getByRole('combobox', { name: wordsOf[from].language }).selectOption(to)
    await admin.getByRole('heading', { level: 1, name: wordsOf[to].notConnected }).waitFor()
    // A screen reader takes its voice from here.
    await admin.locator(`html[lang=${to}]`).waitFor()
  }
}

async function tried({ admin }: ShopPages, words: Words): Promise<void> {
  await admin.getByRole('button', { name: words.choosePlatform }).click()
  await admin.getByRole('button', { name: words.tryShop }).click()
  await admin.getByText(words.sample).waitFor()
  await admin.getByRole('button', { name: words.checkCatalogue }).click()
  await admin.getByText(words.allGood).waitFor()
}

async function duplicateShown(shop: ShopPages, words: Words): Promise<void> {
  const { backOffice } = shop
  await backOffice.getByRole('button', { name: words.duplicates }).click()
  await backOffice.getByText(words.duplicatesNone).waitFor()
  await shop.create(twin)
  for (const { name } of [ball, twin]) await backOffice.getByRole('row', { name }).waitFor()
  expect(await backOffice.getByRole('row').count()).toBe(3)
}

async function duplicateRepaired(shop: ShopPages, words: Words): Promise<void> {
  const { admin, backOffice } = shop
  await shop.goTo('problems')
  const card = admin.getByRole('region', { name: words.duplicates }).getByRole('article').filter({ hasText: ball.sku })
  await card.getByText(twin.name).waitFor()
  const link = card.getByRole('listitem').filter({ hasText: twin.name }).getByRole('link')
  // Only what stands behind the # is new, so the back office is not loaded anew.
  await backOffice.goto((await link.getAttribute('href')) ?? '')
  await backOffice.locator('[aria-current=true]').getByRole('cell', { name: twin.name, exact: true }).waitFor()
  await shop.changeSku(twin.name, twin.repairedSku)
  await backOffice.getByRole('searchbox').fill('')
  await backOffice.getByText(words.duplicatesNone).waitFor()
  await admin.getByText(words.noProblems, { exact: true }).waitFor()
  await backOffice.getByRole('button', { name: words.allProducts }).click()
  await shop.goTo('overview')
  await admin.getByRole('heading', { level: 1, name: words.alone }).waitFor()
}

async function importSecond(one: ShopPages, two: ShopPages, words: Words): Promise<void> {
  await two.shows(ball.name, ball.inSecond)
  const before = await two.goods()
  await importHere(two, words)
  await two.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
  await two.shows(ball.name, ball.inFirst)
  await eventually('every number is that of the first shop, and every name is what it was', async () => {
    const [first, second] = [await one.goods(), await two.goods()]
    expect([...second.keys()]).toEqual([...before.keys()])
    const inBoth = [...second].filter(([name]) => first.has(name))
    expect(inBoth.length).toBeGreaterThan(10)
    expect(inBoth).toEqual(inBoth.map(([name]) => [name, first.get(name)]))
    return true
  })
}

async function sales(one: ShopPages, two: ShopPages): Promise<void> {
  for (const shop of [one, two]) {
    await shop.goTo('products')
    await shop.findStock(ball.sku)
    await shop.findProduct(ball.sku, 1)
  }
  for (const [seller, units, left] of [
    [one, 3, 166],
    [two, 2, 164],
  ] as const) {
    await seller.buy(ball.name, units)
    for (const shop of [one, two]) {
      await shop.shows(ball.name, left)
      await shop.stockRow(ball.sku, left)
    }
  }
}

async function manualChanges(one: ShopPages, two: ShopPages): Promise<void> {
  for (const [changer, before, stock] of [
    [two, 164, 200],
    [one, 200, 150],
  ] as const) {
    await changer.setStock(ball.name, before, stock)
    for (const shop of [one, two]) {
      await shop.shows(ball.name, stock)
      await shop.stockRow(ball.sku, stock)
    }
  }
}

async function createdLater(one: ShopPages, two: ShopPages, words: Words): Promise<void> {
  for (const shop of [one, two]) await shop.findProduct(mug.sku, 0)
  await one.create(mug)
  await one.shows(mug.name, mug.stock)
  await one.findStock(mug.sku)
  await one.admin.getByRole('row', { name: mug.name }).getByText(words.onlyHere).waitFor()
  await two.create(mugOfSecond)
  await two.shows(mugOfSecond.name, mug.stock)
  await one.admin.getByRole('row', { name: mug.name }).getByText(words.synchronised).waitFor()
  await two.buy(mugOfSecond.name, 2)
  await one.shows(mug.name, mug.stock - 2)
  await two.shows(mugOfSecond.name, mug.stock - 2)
}

async function samePages(one: ShopPages, two: ShopPages, words: Words): Promise<void> {
  for (const shop of [one, two]) {
    await shop.findStock('')
    await shop.admin.getByRole('combobox', { name: words.sort }).selectOption({ label: words.lastChanged })
    // The first row after the head is what changed last, under the name that this shop has for it.
    await shop.admin.getByRole('row').nth(1).getByText(mug.sku).waitFor()
    await shop.goTo('overview')
    await shop.admin.getByText(words.facts(2)).waitFor()
    expect(await shop.connectedShops()).toEqual([one.shop.name, two.shop.name].toSorted())
  }
  await eventually('the latest log is the same on both pages, from the moment the second shop joined', async () => {
    const [first, second] = [await one.latestLog(), await two.latestLog()]
    const joined = first.findIndex((line) => line.includes(words.joined))
    expect(joined).toBeGreaterThan(5)
    expect(first.slice(0, joined + 1)).toEqual(second.slice(0, joined + 1))
    for (const cause of [words.sale, words.manualChange]) expect(first.join('\n')).toContain(cause)
    return true
  })
}

async function thirdShop(one: ShopPages, two: ShopPages, three: ShopPages, words: Words): Promise<void> {
  await join(three, two, words)
  await importHere(three, words)
  await three.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
  for (const shop of [one, two, three]) {
    await shop.goTo('overview')
    await shop.admin.getByText(words.facts(3)).waitFor()
    await shop.findProduct(ball.sku, 1)
    await shop.shows(ball.name, 150)
  }
  await three.buy(ball.name, 5)
  for (const shop of [one, two, three]) await shop.shows(ball.name, 145)
}

async function disconnect(one: ShopPages, two: ShopPages, three: ShopPages, words: Words): Promise<void> {
  await three.goTo('shops')
  await three.admin.getByRole('button', { name: words.leave }).click()
  const question = three.admin.getByRole('dialog', { name: words.leaveTitle })
  await question.getByText(words.leaveStays).waitFor()
  await question.getByRole('button', { name: words.leaveConfirm, exact: true }).click()
  await question.waitFor({ state: 'detached' })
  await three.goTo('overview')
  await three.admin.getByRole('heading', { level: 1, name: words.notConnected }).waitFor()
  for (const shop of [one, two]) await shop.admin.getByText(words.facts(2)).waitFor()

  await three.shows(ball.name, 145)
  await three.buy(ball.name, 100)
  await three.shows(ball.name, 45)
  await one.buy(ball.name, 1)
  await two.shows(ball.name, 144)
  await three.shows(ball.name, 45)
}

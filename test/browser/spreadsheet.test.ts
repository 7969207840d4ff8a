/**
 * A spreadsheet with wrong numbers as a shop owner meets it: nothing of it reaches the other shop before somebody has
 * seen what it would do, and what it did where nobody was asked is taken back there.
 */
import assert from 'node:assert/strict'
import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest, clause, storyLanguages } from './browser-test.ts'
import { Demo } from './demo.ts'
import { formWordsOf } from './form-words.ts'
import { openTwo } from './joining.ts'
import type { ShopPages } from './shop-pages.ts'
import { type ListedProduct, productsOf, upload } from './spreadsheet.ts'
import { undoWordsOf } from './undo-words.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

const ball = { sku: '20668', name: 'Disco ball christmas decoration', inFirst: 169 }
/** More than a fifth of what either shop sells. */
const uploaded = 60

for (const language of storyLanguages('da')) {
  const width = language === 'da' ? 390 : 1280
  browserTest(`a spreadsheet of wrong numbers is held, approved and undone (25, ${language})`, async (browser) => {
    await using demo = await Demo.start()
    await using visitor = await Visitor.open(browser, {
      language,
      width,
      colorScheme: language === 'da' ? 'dark' : 'light',
    })
    const [words, forms, undo] = [wordsOf[language], formWordsOf[language], undoWordsOf[language]]
    const [one, two] = await openTwo(demo, visitor, words)
    await two.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
    for (const shop of [one, two]) await shop.findProduct(ball.sku, 1)
    const sheet = await inBoth(one, two)
    const looked: string[] = []
    const isSo = (sentence: string, shop: ShopPages, play: () => Promise<void>): Promise<void> =>
      clause(visitor, sentence, async () => {
        await play()
        looked.push(...(await accessibilityFindings(shop.admin)))
      })
    const cardOf = ({ admin }: ShopPages): Locator => admin.getByRole('article').filter({ hasText: undo.held })
    /** By its button, after the question. */
    async function decide(shop: ShopPages, action: string): Promise<void> {
      await cardOf(shop).getByRole('button', { name: action }).click()
      const question = shop.admin.getByRole('dialog', { name: undo.sure })
      looked.push(...(await accessibilityFindings(shop.admin)))
      await question.getByRole('button', { name: action }).click()
      await question.waitFor({ state: 'detached' })
      await shop.admin.getByText(words.noProblems, { exact: true }).waitFor()
    }

    await isSo('the overview says that something waits, and no other shop is told', one, async () => {
      await one.goTo('overview')
      await upload(one, sheet, 0)
      await one.card(ball.name).getByText(undo.soldOut, { exact: true }).waitFor()
      await one.admin.getByText(undo.problemWaits).waitFor()
      await two.shows(ball.name, ball.inFirst)
      await two.goTo('problems')
      await two.admin.getByText(words.noProblems, { exact: true }).waitFor()
    })
    await isSo('the card says how much it is, and of each product what would become of it', one, async () => {
      await one.admin.getByRole('link', { name: undo.lookAtProblem }).click()
      const card = cardOf(one)
      await card.getByText(undo.massChange).waitFor()
      await card.getByText(undo.goToZero).waitFor()
      const [largest] = sheet.toSorted((a, b) => (b.stock ?? 0) - (a.stock ?? 0))
      const first = card.getByRole('listitem').first()
      await first.getByText(largest?.sku ?? '', { exact: true }).waitFor()
      await first.getByText(undo.fromTo(largest?.stock ?? 0, 0)).waitFor()
      await card.getByRole('link', { name: /CSV/ }).first().waitFor()
      await card.getByRole('button', { name: undo.showProducts }).click()
      const row = card.getByRole('listitem').filter({ hasText: ball.sku }).last()
      await expect
        .poll(async () => (await row.innerText()).replaceAll(/\s+/g, ' '), { timeout: 15_000 })
        .toMatch(new RegExp(`${undo.level} ${ball.inFirst} ${undo.shopHas} 0$`))
    })
    await isSo('sales go on counting, and "use the network" gives this shop its numbers back', one, async () => {
      await two.buy(ball.name, 4)
      await two.shows(ball.name, ball.inFirst - 4)
      await cardOf(one).getByRole('button', { name: undo.useNetwork }).click()
      await one.admin.getByText(words.noProblems, { exact: true }).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, ball.inFirst - 4)
      await one.goTo('overview')
      await one.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
    })
    await isSo('approved after a question, the numbers of the spreadsheet are shown in both shops', one, async () => {
      await one.goTo('problems')
      await upload(one, sheet, 3)
      await cardOf(one).getByText(undo.massChange).waitFor()
      await one.shows(ball.name, 3)
      await two.shows(ball.name, ball.inFirst - 4)
      await decide(one, undo.approve)
      for (const shop of [one, two]) await shop.shows(ball.name, 3)
    })
    await isSo('a shop that is not asked about its own changes tells them at once', one, async () => {
      await one.admin.getByRole('link', { name: forms.settings }).click()
      await one.admin.getByLabel(undo.askOwn).uncheck()
      await one.admin.getByRole('button', { name: words.save, exact: true }).click()
      await one.admin.getByText(forms.saved).waitFor()
    })
    await isSo('the other shop asks before it follows, names the shop, and shows what it showed', two, async () => {
      await two.goTo('overview')
      await upload(one, sheet, 7)
      await two.admin.getByText(undo.problemWaits).waitFor()
      await two.admin.getByRole('link', { name: undo.lookAtProblem }).click()
      await cardOf(two).getByText(undo.massChangeOf(one.shop.name)).waitFor()
      await cardOf(two).getByRole('listitem').first().getByText(undo.fromTo(3, 7)).waitFor()
      await one.shows(ball.name, 7)
      await two.shows(ball.name, 3)
    })
    await isSo('taken back there, both shops show the numbers of before', two, async () => {
      await decide(two, undo.undoForAll)
      for (const shop of [one, two]) {
        await shop.shows(ball.name, 3)
        await shop.goTo('overview')
        await shop.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
      }
    })
    expect(looked).toEqual([])
    expect(visitor.complaints).toEqual([])
  })
}

/** What both shops sell, with the stock that they share. */
async function inBoth(one: ShopPages, two: ShopPages): Promise<readonly ListedProduct[]> {
  const there = new Set((await productsOf(two)).map(({ sku }) => sku))
  const shared = (await productsOf(one)).filter(({ sku, stock }) => there.has(sku) && (stock ?? 0) > 7)
  const ofBall = shared.filter(({ sku }) => sku === ball.sku)
  const sheet = [...ofBall, ...shared.filter(({ sku }) => sku !== ball.sku).slice(0, uploaded - 1)]
  assert.equal(sheet.length, uploaded)
  return sheet
}

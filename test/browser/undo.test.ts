/**
 * What is taken back as a shop owner meets it: all that one shop moved since a time, seen before it is done; an import,
 * whose old numbers come back; and those numbers as the network's.
 */
import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest, clause, storyLanguages } from './browser-test.ts'
import { Demo } from './demo.ts'
import { formWordsOf } from './form-words.ts'
import { openTwo } from './joining.ts'
import type { ShopPages } from './shop-pages.ts'
import { undoWordsOf } from './undo-words.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

const ball = { sku: '20668', name: 'Disco ball christmas decoration', inFirst: 169, inSecond: 24 }

for (const language of storyLanguages('en')) {
  const look = language === 'da' ? ({ width: 390, colorScheme: 'dark' } as const) : {}
  browserTest(`what a shop did and what an import did are taken back (${language})`, async (browser) => {
    await using demo = await Demo.start()
    await using visitor = await Visitor.open(browser, { language, ...look })
    const [words, forms, undo] = [wordsOf[language], formWordsOf[language], undoWordsOf[language]]
    const [one, two] = await openTwo(demo, visitor, words)
    await two.admin.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
    for (const shop of [one, two]) {
      await shop.findProduct(ball.sku, 1)
      await shop.goTo('shops')
    }
    const looked: string[] = []
    const isSo = (sentence: string, shop: ShopPages, play: () => Promise<void>): Promise<void> =>
      clause(visitor, sentence, async () => {
        await play()
        looked.push(...(await accessibilityFindings(shop.admin)))
      })
    /** Opens a question by its button, and answers it once it said this. */
    async function answer(open: string, title: string, said: string, button: string): Promise<void> {
      const { admin } = two
      await admin.getByRole('button', { name: open, exact: true }).click()
      const question = admin.getByRole('dialog', { name: title })
      await question.getByText(said).waitFor()
      looked.push(...(await accessibilityFindings(admin)))
      await question.getByRole('button', { name: button, exact: true }).click()
      await question.waitFor({ state: 'detached' })
    }
    const memberUndo = one.admin.getByRole('dialog', { name: undo.memberUndoTitle(two.shop.name) })
    async function openMemberUndo(): Promise<Locator> {
      await one.admin.getByRole('button', { name: `${undo.memberUndoOpen} ${two.shop.name}` }).click()
      await memberUndo.getByLabel(undo.since, { exact: true }).waitFor()
      return memberUndo
    }

    await isSo('what a shop did since a time is shown before it is undone, product by product', one, async () => {
      await two.buy(ball.name, 2)
      await one.buy(ball.name, 1)
      for (const shop of [one, two]) await shop.shows(ball.name, 166)
      await two.setStock(ball.name, 166, 1)
      await one.shows(ball.name, 1)
      const question = await openMemberUndo()
      expect(await question.getByRole('button', { name: undo.undo, exact: true }).isEnabled()).toBe(false)
      await question.getByRole('button', { name: undo.show }).click()
      await question.getByText(undo.would(1, 167)).waitFor()
      const [row] = await question.getByRole('listitem').filter({ hasText: ball.sku }).all()
      await row?.getByText(undo.fromTo(1, 168)).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, 1)
    })
    await isSo('another time is looked at anew before anything can be undone', one, async () => {
      const field = memberUndo.getByLabel(undo.since, { exact: true })
      const hourAgo = await field.inputValue()
      await field.fill(hourAgo.replace(/^\d+/, (year) => String(Number(year) - 1)))
      await memberUndo.getByText(undo.would(1, 167)).waitFor({ state: 'detached' })
      expect(await memberUndo.getByRole('button', { name: undo.undo, exact: true }).isEnabled()).toBe(false)
      await field.fill(hourAgo)
      await memberUndo.getByRole('button', { name: undo.show }).click()
      await memberUndo.getByText(undo.would(1, 167)).waitFor()
    })
    await isSo('undone, what the other shop sold stays, in both shops, and there is nothing left', one, async () => {
      await memberUndo.getByRole('button', { name: undo.undo, exact: true }).click()
      await memberUndo.getByText(undo.undone(1, 167)).waitFor()
      looked.push(...(await accessibilityFindings(one.admin)))
      await memberUndo.getByRole('button', { name: undo.close }).click()
      await memberUndo.waitFor({ state: 'detached' })
      for (const shop of [one, two]) await shop.shows(ball.name, 168)
      const again = await openMemberUndo()
      await again.getByRole('button', { name: undo.show }).click()
      await again.getByText(undo.wouldNothing).waitFor()
      await one.admin.keyboard.press('Escape')
      await again.waitFor({ state: 'detached' })
    })
    const importUndo = two.admin.getByRole('region', { name: undo.importUndo })
    await isSo('an import is undone after a question: the shop has its own numbers, and is paused', two, async () => {
      await importUndo.getByText(undo.importUndoUntil).waitFor()
      await answer(undo.importUndoOpen, undo.importUndoTitle, undo.importUndoOthers, undo.importUndo)
      await importUndo.getByText(undo.importUndone).waitFor()
      await two.admin.getByText(forms.pausedSince).waitFor()
      // What came from elsewhere since the import stands: two sold here and undone, and one sold there.
      await two.shows(ball.name, ball.inSecond - 1)
      await one.shows(ball.name, 168)
      await two.goTo('overview')
      await two.admin.getByRole('heading', { level: 1, name: undo.shopPaused }).waitFor()
    })
    await isSo('resumed, it takes the network’s numbers, and the import can be undone again', two, async () => {
      await two.goTo('shops')
      await two.admin.getByRole('button', { name: forms.resume, exact: true }).click()
      await two.shows(ball.name, 168)
      await importUndo.getByText(undo.importUndoUntil).waitFor()
      await one.buy(ball.name, 3)
      await two.shows(ball.name, 165)
    })
    await isSo('"use this shop’s numbers" gives every shop its old ones, less what was sold since', two, async () => {
      await answer(undo.useShopOpen, undo.useShopTitle, undo.useShopSales, undo.useShop)
      await importUndo.getByText(undo.usedShop).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, ball.inSecond - 4)
      await answer(undo.useShopOpen, undo.useShopTitle, undo.useShopSales, undo.useShop)
      await importUndo.getByText(undo.usedAlready).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, ball.inSecond - 4)
    })
    await isSo('a shop is removed with what it did', one, async () => {
      const question = await openMemberUndo()
      await question.getByLabel(undo.withRemoval).check()
      await question.getByRole('button', { name: undo.show }).click()
      await question.getByRole('heading', { level: 3 }).waitFor()
      await question.getByRole('button', { name: undo.undo, exact: true }).click()
      await two.goTo('overview')
      await two.admin.getByRole('heading', { level: 1, name: forms.evicted }).waitFor()
      await one.shows(ball.name, ball.inFirst - 4)
      // Its card is gone, and what became of its changes still stands there.
      await one.admin
        .getByRole('button', { name: `${undo.memberUndoOpen} ${two.shop.name}` })
        .waitFor({ state: 'detached' })
      await question.getByText(undo.undoneSome).waitFor()
      await question.getByRole('button', { name: undo.close }).click()
      await question.waitFor({ state: 'detached' })
    })
    expect(looked).toEqual([])
    expect(visitor.complaints).toEqual([])
  })
}

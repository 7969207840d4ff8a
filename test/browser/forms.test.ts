/**
 * What a merchant says and sets on the pages, in two shops of the demo: a stock count, received goods, the name and the
 * buffer, a pause, and a shop that is removed.
 */
import { stat } from 'node:fs/promises'
import { expect } from 'vitest'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest, clause, storyLanguages } from './browser-test.ts'
import { Demo } from './demo.ts'
import { formWordsOf } from './form-words.ts'
import { openTwo } from './joining.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

const ball = { sku: '20668', name: 'Disco ball christmas decoration' }

for (const language of storyLanguages('en')) {
  browserTest(`count, receive, set, pause and remove on the pages (35, ${language})`, async (browser) => {
    await using demo = await Demo.start()
    await using visitor = await Visitor.open(browser, { language, width: language === 'da' ? 390 : 1280 })
    const [words, forms] = [wordsOf[language], formWordsOf[language]]
    const [one, two] = await openTwo(demo, visitor, words)
    for (const shop of [one, two]) await shop.findProduct(ball.sku, 1)
    const { admin } = one
    const looked: string[] = []
    const isSo = (sentence: string, play: () => Promise<void>): Promise<void> =>
      clause(visitor, sentence, async () => {
        await play()
        looked.push(...(await accessibilityFindings(admin)))
      })

    await isSo('a stock count of one product is its number in every shop, less what is not sent yet', async () => {
      await one.goTo('products')
      await one.findStock(ball.sku)
      await admin.getByRole('button', { name: ball.sku, exact: true }).click()
      await admin.getByText(words.correctStock).click()
      await admin.getByLabel(forms.counted).fill('50')
      await admin.getByLabel(forms.unsent).fill('2')
      await admin.getByRole('button', { name: forms.saveCount }).click()
      await admin.getByText(forms.changed(169, 48)).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, 48)
    })
    await isSo('a list is shown as differences before it is counted, and what cannot be is named', async () => {
      await one.goTo('products')
      await admin.getByRole('link', { name: forms.countList }).click()
      for (const [counted, level] of [
        ['70', 70],
        ['50\t2', 48],
      ] as const) {
        await admin.getByLabel(forms.lines).fill(`${forms.head}\n${ball.sku}\t${counted}\nNOBODY-HAS-IT\t1\n`)
        await admin.getByRole('button', { name: forms.showDifferences }).click()
        const row = admin.getByRole('row').filter({ hasText: ball.sku })
        await row.getByText(String(level), { exact: true }).waitFor()
        await admin.getByRole('row').filter({ hasText: 'NOBODY-HAS-IT' }).getByText(forms.noSuchSku).waitFor()
        await admin.getByRole('button', { name: forms.saveList }).click()
        await admin.getByText(forms.listSaved).waitFor()
        for (const shop of [one, two]) await shop.shows(ball.name, level)
      }
      await one.goTo('products')
      await one.findStock(ball.sku)
      await admin.getByRole('button', { name: ball.sku, exact: true }).click()
      await admin.getByRole('img', { name: forms.lastDays }).waitFor()
      await admin.getByText(forms.showNumbers).click()
      await admin.getByText(words.correctStock).click()
    })
    await isSo('received goods are added in every shop, and the log shows the note', async () => {
      await admin.getByLabel(forms.received).fill('12')
      await admin.getByLabel(forms.note).fill('L-4711')
      await admin.getByRole('button', { name: forms.saveReceived }).click()
      await admin.getByText(forms.changed(48, 60)).waitFor()
      for (const shop of [one, two]) await shop.shows(ball.name, 60)
      await two.goTo('overview')
      await two.admin.getByRole('row').filter({ hasText: ball.sku }).getByText('L-4711').waitFor()
    })
    await isSo('while everything is stopped both shops sell the last one, and each is told what to do', async () => {
      await admin.getByLabel(forms.counted).fill('1')
      await admin.getByRole('button', { name: forms.saveCount }).click()
      for (const shop of [one, two]) await shop.shows(ball.name, 1)
      await one.goTo('shops')
      await admin.getByRole('button', { name: forms.stopAll, exact: true }).click()
      await two.admin.getByRole('heading', { level: 1, name: forms.stoppedAll }).waitFor()
      for (const shop of [one, two]) await shop.buy(ball.name, 1)
      await two.admin.getByRole('button', { name: forms.resumeAll, exact: true }).click()
      await one.goTo('overview')
      await admin.getByRole('link', { name: forms.oversoldLink }).click()
      const product = admin.getByRole('article').filter({ hasText: ball.sku })
      for (const told of [forms.twoOrders, forms.writeToBuyer, forms.sendAsUsual])
        await product.getByText(told).waitFor()
    })
    await isSo('what is oversold is off the list once there is enough again', async () => {
      await admin.getByRole('link', { name: forms.restock }).click()
      await admin.getByText(words.correctStock).click()
      await admin.getByLabel(forms.received).fill('61')
      await admin.getByRole('button', { name: forms.saveReceived }).click()
      for (const shop of [one, two]) await shop.shows(ball.name, 60)
      await admin.goBack()
      await admin.getByText(forms.nothingOversold).waitFor()
    })
    await isSo('another name is seen in the other shop, and a buffer is held back here alone', async () => {
      await admin.getByRole('link', { name: forms.settings }).click()
      await admin.getByLabel(forms.shopName).fill('Gavebod Aarhus')
      await admin.getByLabel(forms.buffer, { exact: true }).fill('3')
      await admin.getByRole('button', { name: words.save, exact: true }).click()
      await admin.getByText(forms.saved).waitFor()
      await one.shows(ball.name, 57)
      await two.shows(ball.name, 60)
      await two.admin.getByRole('heading', { name: 'Gavebod Aarhus' }).waitFor()
    })
    await isSo('a product has a buffer of its own, and stands in the list of those that have', async () => {
      await one.goTo('products')
      await one.findStock(ball.sku)
      await admin.getByRole('button', { name: ball.sku, exact: true }).click()
      await admin.getByText(forms.skuChoice).click()
      await admin.getByLabel(forms.ownBuffer).fill('3')
      await admin.getByRole('button', { name: forms.saveBuffer }).click()
      await admin.getByText(forms.choiceSaved, { exact: true }).waitFor()
      await admin.getByRole('link', { name: forms.settings }).click()
      const list = admin.getByRole('region', { name: forms.choices })
      await list.getByRole('listitem').filter({ hasText: ball.sku }).getByText(forms.ownBufferOf(3)).waitFor()
      expect(await list.getByRole('link', { name: /CSV/ }).count()).toBe(2)
    })
    await isSo('the shares while a shop is out of reach are set here, and the other shop knows them', async () => {
      const guard = admin.getByRole('region', { name: forms.guard })
      await guard.getByRole('checkbox').check()
      await guard.getByRole('combobox', { name: forms.shares }).selectOption('set')
      await guard.getByLabel('Gavebod Aarhus').fill('3')
      await guard.getByText(/75\s?%/).waitFor()
      await guard.getByRole('button', { name: forms.saveShares }).click()
      await guard.getByText(forms.sharesSaved).waitFor()
      await two.admin.getByRole('link', { name: forms.settings }).click()
      const there = two.admin.getByRole('region', { name: forms.guard })
      await there.getByText(/75\s?%/).waitFor()
      expect(await there.getByRole('checkbox').isChecked()).toBe(true)
      await two.goTo('overview')
    })
    await isSo('the connection to the shop is tried, and the catalogue is looked through', async () => {
      await admin.getByRole('button', { name: words.tryShop }).click()
      await admin.getByText(forms.mayWrite).waitFor()
      await admin.getByRole('button', { name: words.checkCatalogue }).click()
      await admin.getByText(words.allGood).waitFor()
    })
    await isSo('a wrong setting is refused with a sentence, and nothing is changed', async () => {
      await admin.getByLabel(forms.webhook).fill('ftp://nowhere.example')
      await admin.getByRole('button', { name: words.save, exact: true }).click()
      await admin.getByText(forms.formWrong).waitFor()
    })
    await isSo('a test of the alerts says that they are sent nowhere yet', async () => {
      await admin.getByRole('button', { name: forms.testAlerts }).click()
      await admin.getByText(forms.alertsNotSet).waitFor()
    })
    await isSo('a backup is downloaded', async () => {
      const coming = admin.waitForEvent('download')
      await admin.getByRole('link', { name: forms.backup }).click()
      const file = await coming
      expect(file.suggestedFilename()).toBe('stockmesh.backup')
      expect(await file.failure()).toBeNull()
      expect((await stat(await file.path())).size).toBeGreaterThan(10_000)
    })
    await isSo('a paused shop is left alone, and catches up when it is resumed', async () => {
      await one.goTo('shops')
      await admin.getByRole('button', { name: forms.pause, exact: true }).click()
      await admin.getByText(forms.pausedSince).waitFor()
      await two.buy(ball.name, 10)
      await two.shows(ball.name, 50)
      await one.buy(ball.name, 1)
      // What the shop itself sold, and nothing of what was sold elsewhere.
      await one.shows(ball.name, 56)
      await two.shows(ball.name, 50)
      await admin.getByRole('button', { name: forms.lookMeanwhile }).click()
      await admin.getByText(forms.changedMeanwhile).waitFor()
      await admin.getByRole('button', { name: forms.resume, exact: true }).click()
      await one.shows(ball.name, 46)
      await two.shows(ball.name, 49)
    })
    await isSo('a shop is removed after a question, keeps its numbers, and sells for itself', async () => {
      await admin.getByRole('button', { name: `${forms.remove} ${two.shop.name}` }).click()
      const question = admin.getByRole('dialog', { name: forms.removeTitle(two.shop.name) })
      await question.getByText(forms.removeStays).waitFor()
      await question.getByRole('button', { name: forms.removeConfirm }).click()
      await question.waitFor({ state: 'detached' })
      await two.admin.getByRole('heading', { level: 1, name: forms.evicted }).waitFor()
      await two.buy(ball.name, 5)
      await two.shows(ball.name, 44)
      await one.buy(ball.name, 1)
      await one.shows(ball.name, 45)
    })
    expect(looked).toEqual([])
    // The two refusals above stand in the console, as a browser writes every refused call there.
    expect(visitor.complaints).toEqual([
      expect.stringMatching(/status of 400 .*\/api\/v1\/settings\)$/),
      expect.stringMatching(/status of 409 .*\/api\/v1\/settings\/alerts\/test\)$/),
    ])
  })
}

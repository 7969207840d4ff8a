/**
 * The partition guard as a shop owner meets it: a shop is out of reach, this one shows only its share and says so on
 * the pages where somebody would wonder, the other one is reported as closed, and is open again when it is back.
 */
import { expect } from 'vitest'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest, clause } from './browser-test.ts'
import { PartedShops, signIn, sold } from './parted-shops.ts'
import { Visitor } from './visitor.ts'

const other = 'Gavebod Sverige'

browserTest('a shop that is out of reach, closed, and back again, as the pages tell it', async (browser) => {
  await using shops = await PartedShops.open()
  await shops.connect(browser)
  await using visitor = await Visitor.open(browser, { language: 'da', width: 390, colorScheme: 'dark' })
  const page = await visitor.visit(shops.adminUrl)
  await signIn(page)
  await page.getByRole('heading', { level: 1, name: 'Alt er synkroniseret.' }).waitFor()
  const notice = page.getByRole('region', { name: 'Butikken viser kun sin andel' })
  expect(await notice.count()).toBe(0)
  await shops.part()
  const isSo = (sentence: string, play: () => Promise<void>): Promise<void> => clause(visitor, sentence, play)

  await isSo('overview, problems and shops say that only a share is shown, and how much', async () => {
    for (const name of ['Overblik', 'Problemer', 'Butikker']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await notice.getByText(/^Gavebod Sverige er uden kontakt\. Imens vises her kun 75\s?% af det/).waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
    }
  })
  await isSo('the product says why its number is smaller', async () => {
    await page.goto(`${shops.adminUrl}#/products?q=${sold.sku}&open=${sold.sku}`)
    await page.getByText(/viser denne butik kun sin andel \(75\s?%\) af lageret/).waitFor()
    // Three quarters of ten.
    expect(await page.locator('td[data-label="Vises her"]').first().innerText()).toMatch(/^[78]$/)
  })
  await isSo('the shop is reported as closed after a question, and everything is shown', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Overblik' }).click()
    await notice.getByRole('button', { name: `Meld ${other} lukket …` }).click()
    const question = page.getByRole('dialog', { name: `Sælger ${other} slet ikke noget?` })
    expect(await accessibilityFindings(page)).toEqual([])
    await question.getByRole('button', { name: 'Ja, den er lukket' }).click()
    await question.waitFor({ state: 'detached' })
    await page.getByText(`${other} er meldt lukket: de andre butikker har dens andel.`).waitFor()
    await notice.waitFor({ state: 'detached' })
  })
  await isSo('it is back, is reported as open, and has a share again', async () => {
    await shops.two.node.start()
    await page.getByText(`${other} er meldt lukket, men har kontakt igen.`).waitFor()
    await page.getByRole('button', { name: `Meld ${other} åben igen` }).click()
    // Where a person sets the shares, the page to look at them is opened.
    const guard = page.getByRole('region', { name: 'Undgå oversalg, når en butik er uden kontakt' })
    // As the node has told the page by then.
    await expect.poll(() => guard.getByLabel(other).inputValue(), { timeout: 30_000 }).toBe('3')
    expect(await guard.getByText(/50\s?%/).count()).toBe(2)
  })
  expect(visitor.complaints).toEqual([])
  await isSo('numbers whose node does not answer are marked as old, until it does', async () => {
    await shops.one.node.kill()
    await page.getByText(/^Tal fra \d\d\.\d\d; ingen kontakt til noden$/).waitFor()
    await shops.one.node.start()
    await page.getByText('Live', { exact: true }).waitFor()
  })
})

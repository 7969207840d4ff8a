/**
 * The first run of a real node beside a shop of its own, on a phone and with the keyboard alone: the language, the code
 * that the node printed, a password; then an import that shows how far it is, because the shop answers slowly.
 */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest, clause, storyLanguages } from './browser-test.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

const password = 'correct horse battery'

for (const language of storyLanguages('da')) {
  browserTest(
    `the first run with the keyboard alone, and an import that shows its progress (${language})`,
    async (browser) => {
      await using network = await Network.open({ names: ['DK', 'SE'], httpFaults: true })
      const [dk, se] = [network.member('DK'), network.member('SE')]
      for (const [member, stock] of [
        [dk, 10],
        [se, 7],
      ] as const) {
        const products = Array.from({ length: 30 }, (_, index) => ({ sku: `F-${index}`, name: `Vare ${index}`, stock }))
        await fillShop(member, products)
      }
      await using visitor = await Visitor.open(browser, { language, width: 390, height: 840 })
      const words = wordsOf[language]
      const page = await visitor.visit(dk.node.url)
      const isSo = (sentence: string, play: () => Promise<void>): Promise<void> => clause(visitor, sentence, play)

      await isSo('the node is set up by the code it printed, and by no other', async () => {
        await page.getByRole('heading', { level: 1, name: words.setUp.title }).waitFor()
        expect(await accessibilityFindings(page)).toEqual([])
        // The first field has the focus, so that a code can be pasted at once.
        await type(page, words.setUp.code, 'not-the-code')
        await type(page, words.setUp.shopName, 'Butik Danmark')
        await type(page, words.setUp.password, password)
        await page.keyboard.press('Enter')
        await page.getByText(words.setUp.wrongCode).waitFor()
        const code = /token \(valid for 30 minutes\): (\S+)/.exec(dk.node.output)?.[1] ?? ''
        await page.getByLabel(words.setUp.code).focus()
        await page.keyboard.press('ControlOrMeta+A')
        await page.keyboard.type(code)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { level: 1, name: words.notConnected }).waitFor()
        // The node was started with another name; what a person writes later holds.
        await page.getByRole('heading', { name: 'Butik Danmark' }).waitFor()
      })
      await isSo('the catalogue is looked through before anything is shared', async () => {
        await press(page, 'button', words.checkCatalogue)
        await page.getByText(words.allGood).waitFor()
      })
      await isSo('an import shows how far the shop is read', async () => {
        dk.shopAnswers?.limitPages(10, ({ path }) => path.includes('/stock-rows'))
        const secondPage = hold(dk, (path) => path.includes('/stock-rows') && path.includes('after='))
        await press(page, 'button', words.import)
        await secondPage.arrived()
        await page.getByRole('heading', { level: 1, name: words.importListing }).waitFor()
        await page.getByRole('progressbar').waitFor()
        expect(await accessibilityFindings(page)).toEqual([])
        secondPage.release()
        await page.getByText(words.importDone).waitFor()
        await page.getByRole('heading', { level: 1, name: words.alone }).waitFor()
      })
      await isSo('the import of a shop that joined shows how many of how many are done', async () => {
        await se.api.join(dk.link.url, { importWhenAccepted: false })
        await press(page, 'link', words.nav.shops)
        await press(page, 'button', words.accept)
        await page.getByRole('dialog').waitFor()
        await press(page, 'button', words.acceptConfirm)
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await eventually('the second shop is ready', async () => (await se.api.importState()).state === 'ready')
        const adjustment = hold(se, (path) => path.includes('/adjust'))
        await se.api.startImport()
        await adjustment.arrived()
        await page.getByText(words.memberImporting).waitFor()
        adjustment.release()
        await press(page, 'link', words.nav.overview)
        await page.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
      })
      await isSo('who signs out comes in again with the password', async () => {
        await press(page, 'button', words.setUp.signOut)
        await page.getByRole('heading', { level: 1, name: 'Butik Danmark' }).waitFor()
        await type(page, words.setUp.signInPassword, password)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { level: 1, name: words.inStep }).waitFor()
      })
      // A wrong code is a refused call, and a browser writes every refused call into its console.
      expect(visitor.complaints).toEqual([expect.stringMatching(/status of 403 .*\/api\/v1\/setup\)$/)])
    },
  )
}

/** Stops the next such call of a node to its shop, until it is let go. */
function hold({ name, shopAnswers }: Member, matches: (path: string) => boolean): Held {
  if (shopAnswers === null) throw new Error(`No proxy stands in front of the shop ${name}.`)
  const stopped = shopAnswers.hold('before', ({ path }) => matches(path))
  let isHeld = false
  void stopped.arrived.then(() => {
    isHeld = true
  })
  return {
    release: () => stopped.release(),
    arrived: async () => void (await eventually(`${name} asks its shop`, () => isHeld)),
  }
}

interface Held {
  arrived(): Promise<void>
  release(): void
}

/** Goes on with the Tab key until the field has the focus, and types. */
async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, 'textbox', label)
  await page.keyboard.type(text)
}

async function press(page: Page, role: 'button' | 'link', name: string): Promise<void> {
  await tabTo(page, role, name)
  await page.keyboard.press('Enter')
}

async function tabTo(page: Page, role: 'button' | 'link' | 'textbox', name: string): Promise<void> {
  const target = role === 'textbox' ? page.getByLabel(name) : page.getByRole(role, { name, exact: true })
  await target.waitFor()
  const stopsMax = 60
  for (let stop = 0; stop < stopsMax; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The Tab key does not come to "${name}".`)
}

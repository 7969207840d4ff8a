/**
 * Every page as axe sees it: in both languages, light and dark, on a screen and on a phone; in use, with a problem, and
 * with a question open.
 */
import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest } from './browser-test.ts'
import { Demo } from './demo.ts'
import { ShopPages } from './shop-pages.ts'
import { Visitor } from './visitor.ts'
import { wordsOf } from './words.ts'

const twin = { sku: '20668', name: 'Disco ball, big', stock: 7 }

for (const [language, colorScheme, width] of [
  ['da', 'light', 390],
  ['en', 'dark', 1280],
] as const) {
  browserTest(`axe finds nothing on any page (${language}, ${colorScheme}, ${width} wide)`, async (browser) => {
    await using demo = await Demo.start()
    await using visitor = await Visitor.open(browser, { language, colorScheme, width })
    const words = wordsOf[language]
    const shop = await ShopPages.open(visitor, demo.shop(0), words)
    const { admin, storefront, backOffice } = shop
    const seen: string[] = []
    async function look(page: Page): Promise<void> {
      seen.push(...(await accessibilityFindings(page)))
      // What is wider than the window makes the whole page move sideways on a phone.
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      if (Number(overflow) > 0) seen.push(`${page.url()} is ${String(overflow)} px wider than the window`)
    }

    await look(admin)
    await shop.create(twin)
    await admin.getByRole('button', { name: words.import, exact: true }).click()
    await admin.getByText(words.importDone).waitFor()
    await look(admin)
    await shop.goTo('products')
    await shop.findStock(twin.sku)
    await admin.getByRole('button', { name: twin.sku, exact: true }).click()
    await admin.getByRole('heading', { name: words.explained }).waitFor()
    await look(admin)
    for (const page of ['problems', 'log', 'shops'] as const) {
      await shop.goTo(page)
      await look(admin)
    }
    await admin.getByRole('button', { name: words.leave }).click()
    await admin.getByRole('dialog', { name: words.leaveTitle }).waitFor()
    await look(admin)
    await look(storefront)
    await look(backOffice)
    await backOffice.getByRole('button', { name: words.newProduct }).click()
    await backOffice.getByRole('dialog', { name: words.newProduct }).waitFor()
    await look(backOffice)
    expect(seen).toEqual([])
  })
}

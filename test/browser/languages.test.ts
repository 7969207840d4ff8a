/**
 * Every page in every language on the smallest phone: drawn in that language from the first moment, nothing wider than
 * the window, and switched without loading anew.
 */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { languages } from '@stockmesh/protocol'
import { accessibilityFindings } from './accessibility.ts'
import { browserTest } from './browser-test.ts'
import { Demo } from './demo.ts'
import { Visitor } from './visitor.ts'

const phoneWidth = 360
/** Each page, and what it shows once it has read what it shows. */
const pages = [
  ['overview', 'table'],
  ['products?q=20668&open=20668', '.explained table'],
  ['problems', 'h1'],
  ['log', 'table'],
  ['shops', '.members'],
  ['settings', 'form.settings'],
  ['oversold', 'h1'],
  ['count', 'textarea'],
] as const

browserTest(`each of five languages fits a screen of ${phoneWidth} pixels on every page`, async (browser) => {
  await using demo = await Demo.start()
  const { adminUrl, storefrontUrl, backOfficeUrl } = demo.shop(0)
  const findings: string[] = []
  for (const language of languages) {
    await using visitor = await Visitor.open(browser, { language, width: phoneWidth, height: 740 })
    const admin = await visitor.visit(adminUrl)
    await admin.locator(`html[lang=${language}]`).waitFor()
    if (language === 'da') await fill(admin)
    for (const [page, content] of pages) {
      await admin.goto(`${adminUrl}#/${page}`)
      await admin.locator('main h1').waitFor()
      await admin.locator(`main ${content}`).first().waitFor()
      const folded = await admin.locator('.chart summary').all()
      for (const summary of folded) await summary.click()
      findings.push(...(await widerThanTheWindow(admin, language)))
      // The other test of accessibility looks in Danish and English.
      if (language !== 'da' && language !== 'en') findings.push(...(await accessibilityFindings(admin)))
    }
    for (const url of [storefrontUrl, backOfficeUrl]) {
      const shop = await visitor.visit(url)
      await shop.locator(`html[lang=${language}]`).waitFor()
      await shop.locator('main h1').waitFor()
      findings.push(...(await widerThanTheWindow(shop, language)))
    }
    findings.push(...visitor.complaints)
  }
  expect(findings).toEqual([])
})

browserTest('the language is changed on the page as it stands, and kept for the next visit', async (browser) => {
  await using demo = await Demo.start()
  await using visitor = await Visitor.open(browser, { language: 'sv' })
  const admin = await visitor.visit(demo.shop(0).adminUrl)
  await admin.getByRole('link', { name: 'Inställningar' }).click()
  await admin.getByLabel('Butikens namn').fill('Under arbete')
  await admin.getByRole('combobox', { name: 'Språk', exact: true }).selectOption('de')
  // What was typed is still there, so nothing was loaded anew.
  await admin.getByRole('link', { name: 'Einstellungen' }).waitFor()
  expect(await admin.getByLabel('Name des Shops').inputValue()).toBe('Under arbete')
  const again = await visitor.visit(demo.shop(0).adminUrl)
  await again.getByRole('link', { name: 'Einstellungen' }).waitFor()
  await again.locator('html[lang=de]').waitFor()
})

/** The pages have something to show. */
async function fill(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Importér', exact: true }).click()
  await page.getByText(/færdig/).waitFor()
}

/** Names what has more in it than fits, the innermost last. */
async function widerThanTheWindow(page: Page, language: string): Promise<readonly string[]> {
  const wide = await page.evaluate<
    readonly string[]
  >(`[document.documentElement, ...document.querySelectorAll('.table-frame')]
    .every((one) => one.scrollWidth <= one.clientWidth) ? [] :
    [...document.querySelectorAll('body *')]
      .filter((one) => one.scrollWidth > one.clientWidth && one.clientWidth > 0)
      .map((one) => one.outerHTML.slice(0, 150))`)
  return wide.slice(-1).map((one) => `${page.url()} in ${language} is wider than the window: ${one}`)
}

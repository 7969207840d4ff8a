/**
 * Pages that the demo cannot show: a node that nobody has set up, the sign-in, and what a shop says while another one is
 * out of reach, with a share for each.
 */
import { PartedShops, signIn, sold } from './parted-shops.ts'
import type { Studio } from './studio.ts'

export async function pictureGuard({ browser, each }: Studio): Promise<void> {
  await using shops = await PartedShops.open()
  const { adminUrl } = shops
  await each(async (visitor, picture) => {
    const page = await visitor.visit(adminUrl)
    await page.locator('input[name=token]').waitFor()
    await picture(page, 'set-up')
  })
  await shops.connect(browser)
  await shops.part()
  await each(async (visitor, picture) => {
    const page = await visitor.visit(adminUrl)
    await page.locator('input[name=password]').waitFor()
    await picture(page, 'sign-in')
    await signIn(page)
    await page.locator('#guard-notice').waitFor()
    await picture(page, 'guard')
    const settings = await visitor.visit(`${adminUrl}#/settings`)
    await settings.locator('#guard').waitFor()
    await picture(settings, 'guard-settings')
    const product = await visitor.visit(`${adminUrl}#/products?q=${sold.sku}&open=${sold.sku}`)
    await product.locator('.explained').waitFor()
    await picture(product, 'guard-product')
  })
}

/**
 * The pages of one shop as a person uses them: its admin page, its storefront and its back office, each opened once and
 * never reloaded. Everything is found by its role, its name or its text, in the language of the person.
 */
import type { Locator, Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import type { DemoShop } from './demo.ts'
import type { Visitor } from './visitor.ts'
import type { Words } from './words.ts'

export interface NewProduct {
  readonly sku: string
  readonly name: string
  readonly stock: number
}

export class ShopPages {
  readonly shop: DemoShop
  readonly admin: Page
  readonly storefront: Page
  readonly backOffice: Page
  readonly #words: Words

  private constructor(shop: DemoShop, words: Words, pages: readonly [Page, Page, Page]) {
    this.shop = shop
    this.#words = words
    ;[this.admin, this.storefront, this.backOffice] = pages
  }

  static async open(visitor: Visitor, shop: DemoShop, words: Words): Promise<ShopPages> {
    // The admin page first: in the demo it is where a browser is signed in.
    const admin = await visitor.visit(shop.adminUrl)
    await admin.getByRole('navigation').waitFor()
    return new ShopPages(shop, words, [
      admin,
      await visitor.visit(shop.storefrontUrl),
      await visitor.visit(shop.backOfficeUrl),
    ])
  }

  /** Goes to a page of the admin by its link. */
  async goTo(page: keyof Words['nav']): Promise<void> {
    const name = this.#words.nav[page]
    await this.admin.getByRole('navigation').getByRole('link', { name }).click()
    await this.admin.getByRole('main', { name, exact: true }).waitFor()
  }

  /** The code that is compared aloud. */
  async codeIn(place: Locator): Promise<string> {
    return place
      .getByRole('status')
      .filter({ hasText: /^[0-9A-Z]+(-[0-9A-Z]+)*$/ })
      .innerText()
  }

  /** A product's card on the storefront, by its exact name. */
  card(name: string): Locator {
    return this.storefront
      .getByRole('listitem')
      .filter({ has: this.storefront.getByRole('heading', { name, exact: true }) })
  }

  /** What stands on the storefront now: each name, and the words about its stock. */
  async goods(): Promise<ReadonlyMap<string, string>> {
    const cards = await this.storefront.getByRole('listitem').allInnerTexts()
    return new Map(
      cards.map((card) => {
        const [name = '', , stock = ''] = card.split('\n').filter((line) => line.trim() !== '')
        return [name, stock]
      }),
    )
  }

  /** Searches storefront and back office, and waits until they list what was found and nothing else. */
  async findProduct(query: string, found: number): Promise<void> {
    const lists = [
      this.storefront.getByRole('listitem'),
      this.backOffice.getByRole('button', { name: this.#words.edit }),
    ]
    for (const page of [this.storefront, this.backOffice]) await page.getByRole('searchbox').fill(query)
    for (const list of lists) {
      await eventually(`the search for ${query} finds ${found}`, async () => (await list.count()) === found)
    }
  }

  /** Searches the products of the admin page. */
  async findStock(query: string): Promise<void> {
    await this.admin.getByRole('searchbox').fill(query)
  }

  /** Waits until the products of the admin page show this level. */
  async stockRow(sku: string, level: number): Promise<void> {
    const row = this.admin.getByRole('row').filter({ has: this.admin.getByRole('button', { name: sku, exact: true }) })
    await row
      .getByRole('cell', { name: String(level), exact: true })
      .first()
      .waitFor()
  }

  /** Waits until the storefront shows this number under this name. */
  async shows(name: string, stock: number): Promise<void> {
    await this.card(name).getByText(this.#words.inStock(stock), { exact: true }).waitFor()
  }

  /** Buys one by one quantity; the shop's thanks name the order. */
  async buy(name: string, quantity: number): Promise<string> {
    await this.card(name).getByRole('spinbutton').fill(String(quantity))
    await this.card(name).getByRole('button', { name: this.#words.buy }).click()
    const thanks = await this.storefront.getByText(this.#words.ordered).innerText()
    return this.#words.ordered.exec(thanks)?.[1] ?? ''
  }

  async create({ sku, name, stock }: NewProduct): Promise<void> {
    const words = this.#words
    await this.backOffice.getByRole('button', { name: words.newProduct }).click()
    const dialog = this.backOffice.getByRole('dialog', { name: words.newProduct })
    await dialog.getByLabel(words.sku, { exact: true }).fill(sku)
    await dialog.getByLabel(words.name, { exact: true }).fill(name)
    await dialog.getByLabel(words.stock, { exact: true }).fill(String(stock))
    await dialog.getByRole('button', { name: words.newProduct }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  async changeSku(name: string, sku: string): Promise<void> {
    const words = this.#words
    await this.backOffice.getByRole('button', { name: `${words.edit}: ${name}`, exact: true }).click()
    const dialog = this.backOffice.getByRole('dialog', { name: words.edit })
    await dialog.getByLabel(words.sku, { exact: true }).fill(sku)
    await dialog.getByRole('button', { name: words.save }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  /** Types another number into the shop, as its owner does after a delivery, once the one before it is seen. */
  async setStock(name: string, before: number, stock: number): Promise<void> {
    const field = this.backOffice.getByLabel(`${this.#words.stock}: ${name}`, { exact: true })
    await untilValue(field, before)
    await field.fill(String(stock))
    const save = this.backOffice.getByRole('button', { name: this.#words.save })
    await save.click()
    await save.waitFor({ state: 'detached' })
    await untilValue(field, stock)
  }

  /** The lines of the latest log as they are read, without the column of the time of day. */
  async latestLog(): Promise<readonly string[]> {
    const rows = this.admin.getByRole('region', { name: this.#words.latestLog }).getByRole('row')
    return (await rows.allInnerTexts()).slice(1).map((row) => row.replaceAll(/\s+/g, ' '))
  }

  /** The shops that the page shows as connected. */
  async connectedShops(): Promise<readonly string[]> {
    const cards = this.admin.getByRole('listitem').filter({ hasText: this.#words.connected })
    return (await cards.getByRole('heading').allInnerTexts()).toSorted()
  }
}

async function untilValue(field: Locator, value: number): Promise<void> {
  await eventually(`the field shows ${value}`, async () => (await field.inputValue()) === String(value))
}

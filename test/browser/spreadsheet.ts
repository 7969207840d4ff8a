/** A spreadsheet as it is uploaded to a shop of the demo: one number for many of its products, all at once. */
import type { ShopPages } from './shop-pages.ts'

export interface ListedProduct {
  readonly id: string
  readonly sku: string | null
  readonly name: string
  readonly stock: number | null
}

export async function productsOf(shop: ShopPages): Promise<readonly ListedProduct[]> {
  const { items } = (await call(shop, 'get', 'shop/v1/products?limit=1000')) as { items: readonly ListedProduct[] }
  return items
}

export async function upload(shop: ShopPages, products: readonly ListedProduct[], stock: number): Promise<void> {
  await Promise.all(products.map(({ id }) => call(shop, 'patch', `shop/v1/products/${id}`, { stock })))
}

/** As a page of the shop calls its node. */
export async function call(
  shop: ShopPages,
  method: 'get' | 'post' | 'patch',
  path: string,
  data?: object,
): Promise<unknown> {
  const headers = { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' }
  const options = data === undefined ? { headers } : { headers, data }
  const answer = await shop.admin.request[method](shop.shop.adminUrl + path, options)
  if (!answer.ok()) throw new Error(`${method} ${path} was refused: ${await answer.text()}`)
  return await answer.json()
}

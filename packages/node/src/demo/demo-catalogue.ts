/**
 * What the demo's shops sell: articles of a real gift retailer (see `demo/README.md` for the source). The shops
 * overlap as two real shops do: some articles stand in both, with other numbers and at times another spelling.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

export interface DemoProduct {
  readonly sku: string
  readonly name: string
  readonly stock: number
}

const article = z.object({
  sku: z.string(),
  otherSpelling: z.string(),
  name: z.string(),
  home: z.int().nullable(),
  abroad: z.int().nullable(),
})

/** The first shop sells what sells at home, every other one what sells abroad and a part of the rest. */
export async function demoProducts(shop: number): Promise<DemoProduct[]> {
  const file = new URL('../../demo/catalogue.json', import.meta.url)
  const articles = z.array(article).parse(JSON.parse(await readFile(file, 'utf8')))
  const products: DemoProduct[] = []
  for (const [index, { sku, otherSpelling, name, home, abroad }] of articles.entries()) {
    if (shop === 0 && home !== null) products.push({ sku, name, stock: home })
    else if (shop > 0 && abroad !== null && (shop === 1 || (index + shop) % 3 !== 0)) {
      products.push({ sku: otherSpelling, name, stock: abroad + shop - 1 })
    }
  }
  return products
}

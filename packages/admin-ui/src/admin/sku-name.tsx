/** A product by its SKU, which leads to its number explained, and its name. */
import type { JSX } from 'preact'
import { formatRoute } from './route.ts'

export function SkuName({ sku, name }: { readonly sku: string; readonly name: string }): JSX.Element {
  return (
    <span>
      <a class="mono" href={formatRoute('products', { q: sku, open: sku })}>
        {sku}
      </a>{' '}
      {name}
    </span>
  )
}

/** This shop's own products under one SKU; of a duplicate, the colliding ones with links to where they are repaired. */
import type { ProductRow } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { Count } from '../parts/count.tsx'
import { SafeLink } from '../parts/safe-link.tsx'
import { text } from '../text/admin-language.ts'

export function ProductRows({ products }: { readonly products: readonly ProductRow[] }): JSX.Element {
  const words = text.value.common
  return (
    <ul class="rows">
      {products.map((product) => (
        <li key={product.id}>
          <span>
            {product.name === '' ? words.noName : product.name}
            <span class="muted mono"> {product.sku ?? words.noSku}</span>
          </span>
          <span class="rows-end">
            {product.adminUrl !== null && <SafeLink href={product.adminUrl}>{text.value.products.openInShop}</SafeLink>}
            <Count value={product.stock} />
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The product that a link names behind `#`, as the node's pages link to one of several that carry the same SKU. */
import { useEffect, useState } from 'preact/hooks'
import { type ApiFailure, failureOf, readApi } from '../api/client.ts'
import type { ShopProduct } from './shop-api.ts'

/** null: none is named, or it has not been read yet. */
export function useLinkedProduct(onFailure: (failure: ApiFailure) => void): ShopProduct | null {
  const [product, setProduct] = useState<ShopProduct | null>(null)
  useEffect(() => {
    let isGone = false
    async function read(): Promise<void> {
      const id = decodeId(location.hash.slice(1))
      if (id === '') return
      try {
        const found = await readApi<ShopProduct>(`/shop/v1/products/${encodeURIComponent(id)}`)
        if (!isGone) setProduct(found)
      } catch (thrown) {
        if (!isGone) onFailure(failureOf(thrown))
      }
    }
    const onHash = (): void => void read()
    addEventListener('hashchange', onHash)
    onHash()
    return () => {
      isGone = true
      removeEventListener('hashchange', onHash)
    }
  }, [])
  return product
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not a link of ours.
    return ''
  }
}

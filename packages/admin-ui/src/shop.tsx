/** Starts the storefront, once it is known in which language. */
import { render } from 'preact'
import { languageReady } from './shop/shop-language.ts'
import { loadShopSession } from './shop/shop-session.ts'
import { Storefront } from './shop/storefront.tsx'

await loadShopSession()
await languageReady()
render(<Storefront />, document.body)

/** Starts the shop's own admin page, once it is known in which language. */
import { render } from 'preact'
import { ShopAdmin } from './shop/shop-admin-page.tsx'
import { languageReady } from './shop/shop-language.ts'
import { loadShopSession } from './shop/shop-session.ts'

await loadShopSession()
await languageReady()
render(<ShopAdmin />, document.body)

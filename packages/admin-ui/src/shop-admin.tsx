/** Starts the shop's own admin page. */
import { render } from 'preact'
import { ShopAdmin } from './shop/shop-admin-page.tsx'
import { loadShopSession } from './shop/shop-session.ts'

void loadShopSession()
render(<ShopAdmin />, document.body)

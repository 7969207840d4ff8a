/** Starts the storefront. */
import { render } from 'preact'
import { loadShopSession } from './shop/shop-session.ts'
import { Storefront } from './shop/storefront.tsx'

void loadShopSession()
render(<Storefront />, document.body)

/**
 * A running WooCommerce shop, for whoever has one to try with, and never one that sells: the plugin active in it, and
 * `integrations/woocommerce-plugin/test/lab.php` among its mu-plugins with a secret of 32 characters or more in the
 * environment of PHP.
 */
import { it } from 'vitest'
import { conformance } from '../connectors/conformance.ts'
import { Owned } from '../harness/owned.ts'
import { openAskedShop } from './asked-shop.ts'
import { lab, withoutLab } from './lab.ts'

if (lab === null) it.skip(`conformance of a running WooCommerce shop (${withoutLab})`, () => undefined)
else {
  const { send, ...settings } = lab
  conformance('a running WooCommerce shop with the companion', async () => {
    await send('begin', {})
    return openAskedShop(new Owned(), settings, send)
  })
}

/**
 * A running WooCommerce shop, for whoever has one to try with, and never one that sells: the plugin active in it, and
 * `integrations/woocommerce-plugin/test/lab.php` among its mu-plugins with a secret of 32 characters or more in the
 * environment of PHP.
 */
import { it } from 'vitest'
import { conformance } from '../connectors/conformance.ts'
import { Owned } from '../harness/owned.ts'
import { openAskedShop } from './asked-shop.ts'

const {
  STOCKMESH_WOOCOMMERCE_URL: url,
  STOCKMESH_WOOCOMMERCE_CONSUMER_KEY: consumerKey = '',
  STOCKMESH_WOOCOMMERCE_CONSUMER_SECRET: consumerSecret = '',
  STOCKMESH_LAB: secret = '',
} = process.env

if (url === undefined) {
  it.skip('a running WooCommerce shop (needs STOCKMESH_WOOCOMMERCE_URL, its keys, and STOCKMESH_LAB)', () => undefined)
} else {
  const send = (what: string, body: object): Promise<Response> =>
    fetch(`${url}/wp-json/stockmesh-lab/v1/do`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-stockmesh-lab': secret },
      body: JSON.stringify({ ...body, do: what }),
    })
  conformance('a running WooCommerce shop with the companion', async () => {
    await send('begin', {})
    return openAskedShop(new Owned(), { url, consumerKey, consumerSecret }, send)
  })
}

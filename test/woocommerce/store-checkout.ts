/** A customer of a WooCommerce shop: cart and checkout through its Store API, as its own pages do it. */

const address = {
  first_name: 'A',
  last_name: 'Customer',
  address_1: 'Street 1',
  city: 'Town',
  postcode: '1000',
  country: 'DK',
  email: 'a.customer@shop.example',
}

/** An order that waits for a cheque, so that the goods are taken from the stock at once. */
export async function checkOut(shop: string, product: number, units: number): Promise<void> {
  const base = `${shop}/wp-json/wc/store/v1`
  const cart = await fetch(`${base}/cart`)
  const headers = {
    'content-type': 'application/json',
    'cart-token': cart.headers.get('cart-token') ?? '',
    nonce: cart.headers.get('nonce') ?? '',
  }
  const ask = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${(await answer.text()).slice(0, 300)}`)
    await answer.body?.cancel()
  }
  await ask('/cart/add-item', { id: product, quantity: units })
  await ask('/checkout', { billing_address: address, shipping_address: address, payment_method: 'cheque' })
}

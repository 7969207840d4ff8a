/** A running WooCommerce shop with the route of the tests inside, named by the environment; see `live.test.ts`. */

interface Lab {
  readonly url: string
  readonly consumerKey: string
  readonly consumerSecret: string
  /** Has the shop do one thing, as `sell`, in a request of its own. */
  readonly send: (what: string, body: object) => Promise<Response>
}

const {
  STOCKMESH_WOOCOMMERCE_URL: url,
  STOCKMESH_WOOCOMMERCE_CONSUMER_KEY: consumerKey = '',
  STOCKMESH_WOOCOMMERCE_CONSUMER_SECRET: consumerSecret = '',
  STOCKMESH_LAB: secret = '',
} = process.env

/** null: there is none to try with. */
export const lab: Lab | null =
  url === undefined
    ? null
    : {
        url,
        consumerKey,
        consumerSecret,
        send: (what, body) =>
          fetch(`${url}/wp-json/stockmesh-lab/v1/do`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-stockmesh-lab': secret },
            body: JSON.stringify({ ...body, do: what }),
          }),
      }

export const withoutLab = 'needs STOCKMESH_WOOCOMMERCE_URL, its keys, and STOCKMESH_LAB'

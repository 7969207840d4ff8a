/**
 * Places orders in several shops at once, several at a time in each. An order whose answer did not come, or came as a
 * 5xx, is sent again under the same key until it is answered, so that each is placed exactly once.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ApiRefusal, type ShopClient } from '../harness/client.ts'
import type { Invoice } from '../harness/orders.ts'

export interface PlacedOrder {
  readonly invoice: Invoice
  /** Index of the shop. */
  readonly shop: number
}

const retryMsMin = 20
const retryMsMax = 400
const giveUpMs = 120_000

export class OrdersInFlight {
  readonly #shops: readonly ShopClient[]
  readonly #perShop: number
  #sent = 0
  #retries = 0

  constructor(shops: readonly ShopClient[], perShop: number) {
    this.#shops = shops
    this.#perShop = perShop
  }

  /** Requests on their way now: sent and not answered. One that waits to be sent again does not count. */
  get count(): number {
    return this.#sent
  }

  get retries(): number {
    return this.#retries
  }

  /** Resolves when every order was answered; `answered` is called after each with how many there were so far. */
  async place(orders: readonly PlacedOrder[], answered: (count: number) => void): Promise<void> {
    let count = 0
    const placeFrom = async (shop: number, queue: IterableIterator<PlacedOrder>) => {
      for (const { invoice } of queue) {
        await this.#placeOne(shop, invoice)
        count += 1
        answered(count)
      }
    }
    await Promise.all(
      this.#shops.flatMap((_, shop) => {
        const queue = orders.filter((order) => order.shop === shop).values()
        return Array.from({ length: this.#perShop }, () => placeFrom(shop, queue))
      }),
    )
  }

  async #placeOne(shop: number, invoice: Invoice): Promise<void> {
    const client = this.#shops[shop]
    if (client === undefined) throw new Error(`There is no shop ${shop}.`)
    const order = { lines: invoice.lines.map(({ sku, quantity }) => ({ sku, quantity })), allowBackorder: true }
    const from = performance.now()
    for (let waitMs = retryMsMin; ; waitMs = Math.min(2 * waitMs, retryMsMax)) {
      this.#sent += 1
      try {
        await client.placeOrder(order, invoice.number)
        return
      } catch (error) {
        if (error instanceof ApiRefusal && error.status < 500) throw error
        if (performance.now() - from > giveUpMs) {
          throw new Error(`Order ${invoice.number} found no answer in ${giveUpMs} ms.`, { cause: error })
        }
      } finally {
        this.#sent -= 1
      }
      this.#retries += 1
      await pause(waitMs)
    }
  }
}

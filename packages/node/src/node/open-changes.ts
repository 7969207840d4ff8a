/**
 * What people change of the stock at this node: received goods, counts, what is undone; and whom they let in. What was
 * answered as done must be heard of by another shop, so a shop that leaves takes no more of it, and goes when what is
 * under way is done.
 */
import { ApiFailure } from '../http/node-api.ts'

export class OpenChanges {
  #open = 0
  #departures = 0

  get isEmpty(): boolean {
    return this.#open === 0
  }

  /** Error: 409 `shop-leaving`. */
  async run<T>(change: () => Promise<T>): Promise<T> {
    if (this.#departures > 0) {
      const message =
        'This shop is leaving its network, and nobody would hear of it. Do it again once the shop has left.'
      throw new ApiFailure(409, 'shop-leaving', message)
    }
    this.#open += 1
    try {
      return await change()
    } finally {
      this.#open -= 1
    }
  }

  /** No change begins while `departure` is under way. */
  async refuseDuring<T>(departure: () => Promise<T>): Promise<T> {
    this.#departures += 1
    try {
      return await departure()
    } finally {
      this.#departures -= 1
    }
  }
}

/**
 * Watches a shop as its own admin page or a script beside it would: a long poll on its movement feed, which answers
 * when a row is on disk. It costs the shop one waiting request and one answer a batch of rows; what it costs in time is
 * part of every latency measured with it: one HTTP answer over loopback.
 */
import type { FeedRow } from '@stockmesh/protocol'
import type { Pair } from './programs.ts'

const rowsPerRead = 1_000
const waitMs = 1_000

export class ShopWatch {
  readonly #running: Promise<void>
  #stopped = false

  /** Tells each row that comes from now on, with the time at which the answer was there. */
  static async open(pair: Pair, told: (row: FeedRow, at: number) => void): Promise<ShopWatch> {
    const { node, network } = await pair.api.status()
    if (network === null) throw new Error(`${pair.name} is in no network.`)
    const attach = { network: network.id, node: node.id, fresh: false }
    const { epoch, start } = await pair.shopApi.call<{ epoch: string; start: number }>('POST', '/feed/attach', {
      body: attach,
    })
    const read = async (after: number, wait: number): Promise<{ rows: FeedRow[]; end: number }> =>
      pair.shopApi.call('GET', `/feed?epoch=${epoch}&after=${after}&limit=${rowsPerRead}&wait=${wait}`)
    const { end } = await read(start, 0)
    return new ShopWatch(read, end, told)
  }

  private constructor(
    read: (after: number, wait: number) => Promise<{ rows: FeedRow[] }>,
    from: number,
    told: (row: FeedRow, at: number) => void,
  ) {
    this.#running = this.#run(read, from, told)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(
    read: (after: number, wait: number) => Promise<{ rows: FeedRow[] }>,
    from: number,
    told: (row: FeedRow, at: number) => void,
  ): Promise<void> {
    let after = from
    while (!this.#stopped) {
      const { rows } = await read(after, waitMs)
      const at = performance.now()
      for (const row of rows) told(row, at)
      after = rows.at(-1)?.id ?? after
    }
  }
}

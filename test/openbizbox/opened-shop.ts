/** A stand-in with the connector's side of it opened, for tests of one piece. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ObservedRow, ObservedShop } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import { openShop } from '../../packages/node/src/connectors/openbizbox/platform.ts'
import { schema, type Settings } from '../../packages/node/src/connectors/openbizbox/settings.ts'
import { systemTimers } from '../../packages/node/src/ports.ts'
import { Owned } from '../harness/owned.ts'
import { clientId, clientSecret, StandIn, type Switches, webhookSecret } from './stand-in.ts'

export const untroubled: NonNullable<Settings['probe']> = {
  at: 1,
  reachesVariant: true,
  isAtomic: true,
  stopsAtZero: false,
  worksInBatch: false,
}

export class OpenedShop implements AsyncDisposable {
  readonly standIn: StandIn
  readonly signal: AbortSignal = new AbortController().signal
  readonly #owned: Owned
  readonly #directory: string
  #now = 1_750_000_000_000

  private constructor(standIn: StandIn, owned: Owned, directory: string) {
    this.standIn = standIn
    this.#owned = owned
    this.#directory = directory
    standIn.useClock(() => this.#now)
  }

  static async open(switches: Partial<Switches> = {}): Promise<OpenedShop> {
    const owned = new Owned()
    const standIn = owned.use(await StandIn.open(switches))
    const directory = await mkdtemp(join(tmpdir(), 'stockmesh-openbizbox-'))
    owned.defer(() => rm(directory, { recursive: true, force: true }))
    return new OpenedShop(standIn, owned, directory)
  }

  /** Closed when the test that runs has ended. */
  static async forThisTest(switches: Partial<Switches> = {}): Promise<OpenedShop> {
    const shop = await OpenedShop.open(switches)
    onTestFinished(() => shop[Symbol.asyncDispose]())
    return shop
  }

  /** Moves the clock of both sides. */
  advance(ms: number): void {
    this.#now += ms
  }

  settings(more: Partial<Settings> = {}): Settings {
    return { ...schema.parse({ url: this.standIn.url, clientId, clientSecret, webhookSecret }), ...more }
  }

  /** `clockMs`: how far our clock is ahead of what it was. */
  async connect(more: Partial<Settings> = {}, clockMs: () => number = () => 0): Promise<ObservedShop> {
    const clock = { now: () => this.#now + clockMs() }
    const parts = { directory: join(this.#directory, 'connector'), clock, timers: systemTimers }
    return this.#owned.use(await openShop(this.settings(more), parts))
  }

  async listAll(shop: ObservedShop, limit = 1_000): Promise<readonly ObservedRow[]> {
    const rows: ObservedRow[] = []
    for (let after: string | null = null; ; ) {
      const page = await shop.list({ after, limit }, this.signal)
      rows.push(...page.items)
      if (page.next === null) return rows
      after = page.next
    }
  }

  async changedAfter(shop: ObservedShop, cursor: string): Promise<{ stockIds: readonly string[]; cursor: string }> {
    const stockIds = new Set<string>()
    for (let at = cursor; ; ) {
      const changes = await shop.changes(at, this.signal)
      for (const stockId of changes.stockIds) stockIds.add(stockId)
      at = changes.cursor
      if (!changes.hasMore) return { stockIds: [...stockIds], cursor: at }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }
}

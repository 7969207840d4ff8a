/**
 * A connector that is opened by the first call that needs it, and again by the next one if that failed: a node whose
 * shop is out of reach when it starts serves its network all the same.
 */
import type { ConnectorPromise } from '@stockmesh/protocol'
import type { Adjustment, AdjustmentResult, Attachment, FeedPage, LedgerConnector, StockRowPage } from './connector.ts'
import type { OpenConnector } from './platform.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface LateConnectorOptions {
  readonly name: string
  /** What the trial found; the open connector's own word beats it. */
  readonly promise: ConnectorPromise
  /** The storefront's address until the connector is open. */
  readonly shopUrl: () => string | null
  readonly open: () => Promise<OpenConnector>
}

export class LateConnector implements LedgerConnector, AsyncDisposable {
  readonly name: string
  readonly #options: LateConnectorOptions
  #opened: OpenConnector | null = null
  #opening: Promise<OpenConnector> | null = null

  constructor(options: LateConnectorOptions) {
    this.name = options.name
    this.#options = options
  }

  get promise(): ConnectorPromise {
    return this.#opened?.promise ?? this.#options.promise
  }

  get shopUrl(): string | null {
    return this.#opened === null ? this.#options.shopUrl() : this.#opened.shopUrl
  }

  /** null until the connector is open. */
  get writeStop(): string | null {
    return this.#opened?.writeStop ?? null
  }

  async attach(request: Parameters<LedgerConnector['attach']>[0], signal: AbortSignal): Promise<Attachment> {
    return await (await this.#open(signal)).attach(request, signal)
  }

  async list(request: Parameters<LedgerConnector['list']>[0], signal: AbortSignal): Promise<StockRowPage> {
    return await (await this.#open(signal)).list(request, signal)
  }

  async feed(request: Parameters<LedgerConnector['feed']>[0], signal: AbortSignal): Promise<FeedPage> {
    return await (await this.#open(signal)).feed(request, signal)
  }

  async adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly AdjustmentResult[]> {
    return await (await this.#open(signal)).adjust(adjustments, signal)
  }

  hint(): void {
    this.#opened?.hint?.()
  }

  /** null until the connector is open. */
  adminUrl(productId: string): string | null {
    return this.#opened?.adminUrl?.(productId) ?? null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that could not be opened holds nothing.
    const connector = await this.#opening?.catch(() => null)
    await connector?.[Symbol.asyncDispose]()
  }

  /** A caller who aborts does not wait for an opening that takes its time; the next one finds it under way. */
  async #open(signal: AbortSignal): Promise<OpenConnector> {
    if (this.#opened !== null) return this.#opened
    signal.throwIfAborted()
    this.#opening ??= this.#options.open().then(
      (connector) => (this.#opened = connector),
      (error: unknown) => {
        this.#opening = null
        throw error
      },
    )
    return await unlessAborted(this.#opening, signal)
  }
}

/**
 * Tells the node, after the commit, that there is news. A hint carries no number: one that is lost, doubled or late
 * changes nothing, so that none is repeated and a node that does not answer costs the shop nothing.
 */
import { createHmac } from 'node:crypto'
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { EventBus, ProductVariantEvent, StockMovementEvent } from '@vendure/core'
import { pluginOptions, type StockmeshPluginOptions } from './options'
import { Wakeup } from './wakeup'

/** Hints that follow within this time are one, in milliseconds. */
const gatherMs = 20
const answerMsMax = 5_000

@Injectable()
export class Hints implements OnApplicationBootstrap {
  private timer: NodeJS.Timeout | null = null

  constructor(
    @Inject(EventBus) private readonly eventBus: EventBus,
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(Wakeup) private readonly wakeup: Wakeup,
  ) {}

  onApplicationBootstrap(): void {
    // These come after the commit.
    for (const type of [StockMovementEvent, ProductVariantEvent]) {
      this.eventBus.ofType(type as typeof StockMovementEvent).subscribe(() => this.tell())
    }
  }

  private tell(): void {
    this.wakeup.wake()
    if (this.options.nodeUrl === undefined || this.timer !== null) return
    this.timer = setTimeout(() => {
      this.timer = null
      void this.send()
    }, gatherMs)
    this.timer.unref()
  }

  private async send(): Promise<void> {
    const body = JSON.stringify({ at: Date.now() })
    const signature = `v1=${createHmac('sha256', this.options.key).update(body).digest('hex')}`
    const url = `${(this.options.nodeUrl ?? '').replace(/\/+$/, '')}/hooks/vendure`
    const headers = { 'content-type': 'application/json', 'stockmesh-signature': signature }
    // Lost is as good as late: the node reads the feed by itself as well.
    await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(answerMsMax),
    }).then(
      (answer) => answer.body?.cancel(),
      () => undefined,
    )
  }
}

/**
 * "Stop everything" as the HTTP interface asks for it: said to the network, and who has not heard is named.
 */
import type { StopAllAnswer } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import type { StopAllApi } from '../http/stop-all-routes.ts'
import type { NetworkSide } from '../network/network-side.ts'
import type { Timers } from '../ports.ts'
import { stopAllAnswerOf } from './stop-all-answer.ts'

/** A member in reach hears within a round of messages; whoever stops does not wait longer for one that is busy. */
const heardMsMax = 3_000

export class StopAllDesk implements StopAllApi {
  readonly #network: () => NetworkSide
  readonly #timers: Timers

  /** `network` may throw an `ApiFailure` while there is none. */
  constructor(network: () => NetworkSide, timers: Timers) {
    this.#network = network
    this.#timers = timers
  }

  stopAllState(): StopAllAnswer {
    return stopAllAnswerOf(this.#network())
  }

  async stopAll(stopped: boolean): Promise<StopAllAnswer> {
    const network = this.#network()
    if (network.document === null) {
      throw new ApiFailure(409, 'no-network', 'This shop is in no network, so there is nothing to stop. Pause it.')
    }
    await network.stopAll.say(stopped)
    await this.#untilHeard(network)
    return stopAllAnswerOf(network)
  }

  async #untilHeard(network: NetworkSide): Promise<void> {
    const isHeard = (): boolean => [...network.link.connected()].every((member) => network.stopAll.isHeardBy(member))
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        cancel()
        unsubscribe?.()
        resolve()
      }
      const cancel = this.#timers.after(heardMsMax, finish)
      const unsubscribe = network.document?.onChange(() => {
        if (isHeard()) finish()
      })
      if (isHeard()) finish()
    })
  }
}

/**
 * The partition guard as the HTTP interface asks for it, and its weights kept up with who is a member and what was sold.
 * The shop that said the last word renews them, once a day and only while all members are in reach.
 */
import {
  equalWeights,
  type GuardAnswer,
  setWeights,
  type ShopId,
  type Weights,
  weightsBySales,
} from '@stockmesh/protocol'
import type { GuardApi, GuardChange } from '../http/guard-routes.ts'
import { ApiFailure, memberUnknown } from '../http/node-api.ts'
import type { Cancel, Clock, Timers } from '../ports.ts'
import { guardAnswerOf, guardTermsOf } from './guard-answer.ts'
import type { StockNode } from './stock-node.ts'

const renewMs = 3_600_000
const renewalsPerDay = 24
const salesMs = 7 * 24 * 3_600_000

export class GuardDesk implements GuardApi {
  readonly #node: () => StockNode
  readonly #clock: Clock
  readonly #timers: Timers
  #cancel: Cancel
  #looks = 0

  /** `node` may throw an `ApiFailure` while there is none. */
  constructor(node: () => StockNode, clock: Clock, timers: Timers) {
    this.#node = node
    this.#clock = clock
    this.#timers = timers
    this.#cancel = this.#schedule()
  }

  stop(): void {
    this.#cancel()
  }

  guardState(): GuardAnswer {
    return guardAnswerOf(this.#node())
  }

  async changeGuard(change: GuardChange): Promise<GuardAnswer> {
    const node = this.#node()
    if (node.network.document === null) {
      throw new ApiFailure(409, 'no-network', 'This shop is in no network, so nobody can be out of its reach.')
    }
    const members = memberIds(node)
    const named = [...Object.keys(change.weights ?? {}), ...(change.closed ?? [])]
    const unknown = named.find((shop) => !members.includes(shop as ShopId))
    if (unknown !== undefined) {
      throw memberUnknown()
    }
    const before = guardTermsOf(node)
    const shares = change.shares ?? (change.weights === undefined ? before.shares : 'set')
    const closed = change.closed === undefined ? before.closed : new Set(change.closed as readonly ShopId[])
    const set = new Map(Object.entries(change.weights ?? {}) as [ShopId, number][])
    const outOfReachMs = change.outOfReachSeconds === undefined ? before.outOfReachMs : 1_000 * change.outOfReachSeconds
    await node.network.guardTerms.say({
      isOn: change.on ?? before.isOn,
      outOfReachMs,
      shares,
      weights: shares === 'set' ? setWeights(members, closed, before, set) : await this.#weights(node, shares, closed),
      closed,
    })
    return guardAnswerOf(node)
  }

  #schedule(): Cancel {
    return this.#timers.after(renewMs, () => {
      this.#looks += 1
      // A node that is between two lives looks again in an hour.
      void this.#renew().catch(() => undefined)
      this.#cancel = this.#schedule()
    })
  }

  async #renew(): Promise<void> {
    const node = this.#node()
    const { network, guard, self } = node
    const terms = guardTermsOf(node)
    if (!terms.isOn || terms.by !== self || terms.shares === 'set') return
    const members = memberIds(node)
    const isOther = members.length !== terms.weights.size || members.some((member) => !terms.weights.has(member))
    if (!isOther && this.#looks % renewalsPerDay !== 0) return
    if (network.guardTerms.unheard.length > 0 || guard.out.size > 0 || guard.side !== null) return
    await network.guardTerms.say({ ...terms, weights: await this.#weights(node, terms.shares, terms.closed) })
  }

  async #weights(node: StockNode, shares: 'equal' | 'sales', closed: ReadonlySet<ShopId>): Promise<Weights> {
    const members = memberIds(node)
    if (shares === 'equal') return equalWeights(members, closed)
    return weightsBySales(members, closed, await node.log.salesSince(this.#clock.now() - salesMs))
  }
}

function memberIds({ network }: StockNode): readonly ShopId[] {
  return network.members.map(({ shopId }) => shopId)
}

/**
 * The exchange of history with the other nodes: it asks for what is missing, answers what is asked from the disk, and
 * commits what came through the ledger. Whom to ask is decided in `protocol/history-pull.ts`, what is taken in
 * `protocol/history.ts`. Of each peer one question is being answered and the newest one waits.
 */
import {
  answerQuestion,
  closeQuestion,
  createHistoryPulls,
  type HistoryFacts,
  type HistoryMessage,
  type HistoryPart,
  type HistoryPulls,
  type HistoryWant,
  limits,
  type Message,
  nextQuestions,
  openPulls,
  restPeer,
  type Rid,
  type ShopId,
} from '@stockmesh/protocol'
import { movementRange, parseMovementRow } from '../ledger/history-rows.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'

export interface HistoryExchangeParts {
  readonly ledger: Ledger
  readonly storage: Storage
  readonly clock: Clock
  /** What a connected peer claims of a replica; 0 for nothing. */
  readonly claimed: (peer: ShopId, rid: Rid) => number
  readonly send: (peer: ShopId, message: Message) => void
}

export class HistoryExchange implements AsyncDisposable {
  readonly #parts: HistoryExchangeParts
  readonly #pulls: HistoryPulls = createHistoryPulls()
  readonly #facts: HistoryFacts
  /** The question of each peer that waits while an earlier one is being answered; null for none. */
  readonly #answering = new Map<ShopId, HistoryWant | null>()
  readonly #running = new Set<Promise<void>>()
  readonly #unsubscribe: () => void
  #closed = false

  constructor(parts: HistoryExchangeParts) {
    this.#parts = parts
    const { ledger } = parts
    this.#facts = { complete: (rid) => ledger.histories.get(rid)?.complete ?? 0, claimed: parts.claimed }
    for (const [rid, { high }] of ledger.claims()) this.#weigh(rid, high)
    this.#unsubscribe = ledger.subscribe(({ claims }) => {
      for (const { rid, high } of claims) this.#weigh(rid, high)
      if (claims.length > 0) this.ask()
    })
  }

  close(peer: ShopId): void {
    this.#pulls.peers.delete(peer)
    this.ask()
  }

  receive(peer: ShopId, message: Message): void {
    switch (message.type) {
      case 'hello':
        if (message.history) openPulls(this.#pulls, peer)
        break
      case 'have':
        this.ask()
        break
      case 'history-want':
        if (this.#answering.has(peer)) this.#answering.set(peer, message)
        else this.#run(this.#answer(peer, message))
        break
      case 'history':
        if (answerQuestion(this.#pulls, { peer, rid: message.rid })) this.#run(this.#take(peer, message))
        break
      default:
        // Everything else is not about history.
        break
    }
  }

  /** Puts the questions that are due. */
  ask(): void {
    if (this.#closed) return
    const { ledger, clock, send } = this.#parts
    const claims = ledger.holdings.replicas
    for (const { peer, rid } of nextQuestions(this.#pulls, this.#facts, clock.now())) {
      const above = ledger.histories.get(rid)?.through ?? 0
      send(peer, { type: 'history-want', rid, above, high: claims.get(rid)?.high ?? 0 })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#unsubscribe()
    await Promise.all(this.#running)
  }

  #weigh(rid: Rid, high: number): void {
    if (this.#facts.complete(rid) < high) this.#pulls.lagging.add(rid)
    else this.#pulls.lagging.delete(rid)
  }

  #run(work: Promise<void>): void {
    // A failed read or write ends the ledger, which tells its owner.
    const running = work.catch(() => undefined)
    this.#running.add(running)
    void running.then(() => this.#running.delete(running))
  }

  async #take(peer: ShopId, { rid, part }: HistoryMessage): Promise<void> {
    const { ledger, clock } = this.#parts
    const before = ledger.histories.get(rid)
    const taken = await ledger.commit((draft) => draft.receiveHistory(rid, part))
    closeQuestion(this.#pulls, peer)
    const after = ledger.histories.get(rid)
    const helped = after?.through !== before?.through || after?.complete !== before?.complete
    if (!taken.ok || !helped) restPeer(this.#pulls, { peer, rid }, clock.now())
    this.#weigh(rid, ledger.holdings.replicas.get(rid)?.high ?? 0)
    this.ask()
  }

  async #answer(peer: ShopId, want: HistoryWant): Promise<void> {
    let question: HistoryWant | null = want
    try {
      while (question !== null && !this.#closed) {
        this.#answering.set(peer, null)
        const { rid } = question
        const part = await this.#read(question)
        if (!this.#closed) this.#parts.send(peer, { type: 'history', rid, part })
        question = this.#answering.get(peer) ?? null
      }
    } finally {
      this.#answering.delete(peer)
    }
  }

  /** What is on disk of a replica's history from a number on, as much as one answer holds. */
  async #read({ rid, above, high }: HistoryWant): Promise<HistoryPart> {
    const history = this.#parts.ledger.histories.get(rid)
    if (history === undefined) return { first: above + 1, rows: [], complete: 0, floor: 1 }
    const { first: floor, through, complete } = history
    const from = Math.max(above + 1, floor)
    const rows: Uint8Array[] = []
    let first = from
    let bytes = 0
    const part = (done: number): HistoryPart => ({ first, rows, complete: done, floor: Math.max(floor, first) })
    if (from > through) return part(Math.min(high, complete))
    for await (const entry of this.#parts.storage.scan(movementRange(rid, from, through))) {
      const { n, row } = parseMovementRow(entry)
      // What is damaged here is fetched elsewhere.
      if (row === null || (rows.length > 0 && n !== first + rows.length)) return part(0)
      if (row.seq > high) return part(Math.min(high, complete))
      const size = bytes + entry[1].length
      if (rows.length === limits.historyPartRowsMax || (rows.length > 0 && size > limits.historyPartBytesMax)) {
        return part(0)
      }
      // Older ones were dropped meanwhile.
      if (rows.length === 0) first = n
      rows.push(entry[1])
      bytes = size
    }
    return part(Math.min(high, complete))
  }
}

/**
 * Questions to other members that a page waits for: "how does your shop stand with this SKU?", "what are your
 * problems?". A member that does not answer in time has no answer; nothing is kept of it.
 */
import type { Answer, Question, ShopId } from '@stockmesh/protocol'
import type { Timers } from '../ports.ts'
import type { Peer } from './link.ts'

/** How long a page waits for the other shops, in milliseconds. */
const answerMsMax = 2_000

export class LiveQuestions {
  readonly #timers: Timers
  readonly #waiting = new Map<string, (body: string) => void>()
  #nextId = 1

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** The answer's body, or null after 2 s. */
  ask(peer: Peer, about: Question, key: string): Promise<string | null> {
    const id = this.#nextId
    this.#nextId += 1
    const question = `${peer.shopId} ${id}`
    return new Promise((resolve) => {
      const cancel = this.#timers.after(answerMsMax, () => {
        this.#waiting.delete(question)
        resolve(null)
      })
      this.#waiting.set(question, (body) => {
        cancel()
        this.#waiting.delete(question)
        resolve(body)
      })
      peer.send({ type: 'ask', id, key, about })
    })
  }

  receive(from: ShopId, answer: Answer): void {
    this.#waiting.get(`${from} ${answer.id}`)?.(answer.body)
  }
}

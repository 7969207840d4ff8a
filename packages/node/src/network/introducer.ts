/**
 * Brings the records by which this shop is a member to one that does not know it, or takes it for removed: whoever let it
 * in, or removed who removed it, may be gone before anybody else has heard. The member takes them in, or shows this shop
 * that it is out.
 */
import { limits, type ShopId } from '@stockmesh/protocol'
import { callShop, type JoinCallParts } from './join-call.ts'
import type { LinkMember } from './link.ts'
import type { Membership } from './membership.ts'
import type { Session, SessionMessage } from './session.ts'

/** Room for a message around its records, in bytes. */
const aroundBytes = 1_024

export interface IntroducerParts extends JoinCallParts {
  readonly self: ShopId
  readonly membership: Membership
  /** A member took this shop in: it can be dialed as one. */
  readonly onKnown: () => void
  readonly onFailure: (error: unknown) => void
}

export class Introducer {
  readonly #parts: IntroducerParts
  readonly #underWay = new Set<ShopId>()
  readonly #stopping = new AbortController()

  constructor(parts: IntroducerParts) {
    this.#parts = parts
  }

  /** This member, at this address, said that it does not know this shop, or that it was removed. */
  introduce({ shopId, key }: LinkMember, url: string): void {
    const { membership, self, timers } = this.#parts
    const { network } = membership
    const records = membership.admissionOf(self)
    // The founder was let in by nobody, and a shop that is out has seen for itself.
    if (network === null || records.length === 0 || membership.isEvicted || this.#underWay.has(shopId)) return
    this.#underWay.add(shopId)
    const events = {
      onMessage: (session: Session, message: SessionMessage) => this.#receive(session, message),
      onClose: () => undefined,
    }
    void callShop(this.#parts, { url, expected: key }, events, this.#stopping.signal)
      .then((contact) => {
        if (!contact.ok) return
        const { session } = contact.value
        const parts = partsOf(records)
        for (const [index, part] of parts.entries()) {
          session.send({ type: 'admission', network, records: part, more: index < parts.length - 1 })
        }
        timers.after(limits.handshakeMsMax, () =>
          session.close('join-closed', 'The other shop did not answer in time.'),
        )
      })
      .finally(() => this.#underWay.delete(shopId))
  }

  stop(): void {
    this.#stopping.abort()
  }

  #receive(session: Session, message: SessionMessage): void {
    const { membership, onKnown, onFailure } = this.#parts
    if (message.type === 'join-state') {
      if (message.state === 'accepted') onKnown()
      else membership.receive(message.records).catch(onFailure)
    }
    session.close('join-closed', 'The answer was heard.')
  }
}

/** One part at least; each fits into a message to a node that does not trust this one yet. */
export function partsOf(records: readonly Uint8Array[]): Uint8Array[][] {
  const parts: Uint8Array[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    bytes += record.length + 4
    if (bytes > limits.frameBytesMaxBeforeProof - aroundBytes) {
      parts.push([])
      bytes = record.length + 4
    }
    parts.at(-1)?.push(record)
  }
  return parts.length === 0 ? [[]] : parts
}

/**
 * Brings the shared events of the network document (joins, imports, departures) into this node's log, each once.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { DocumentEvent, NetworkDocument } from '../network/network-document.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export class SharedEvents {
  readonly #ledger: Ledger
  readonly #document: () => NetworkDocument | null
  readonly #seen = new Set<string>()
  #looked: readonly DocumentEvent[] = []

  constructor(ledger: Ledger, document: () => NetworkDocument | null) {
    this.#ledger = ledger
    this.#document = document
  }

  async load(storage: Storage): Promise<void> {
    for await (const [key] of storage.scan(prefixRange(tables.event))) this.#seen.add(firstText(key))
    this.notice()
  }

  /** Looks for events that are not in the log yet. */
  notice(): void {
    const events = this.#document()?.list() ?? []
    if (events === this.#looked) return
    this.#looked = events
    const fresh = events.filter((event) => !this.#seen.has(identityOf(event)))
    if (fresh.length === 0) return
    for (const event of fresh) this.#seen.add(identityOf(event))
    const committed = this.#ledger.commit((draft) => {
      for (const event of fresh) {
        const { at, member, kind, ...about } = event
        draft.log(eventLine(at, member, kind, { result: resultOf(about) }))
        draft.put(put(encodeKey(tables.event, identityOf(event)), new Uint8Array()))
      }
    })
    // A failed write ends the ledger, which tells its owner.
    committed.catch(() => undefined)
  }
}

function identityOf(event: DocumentEvent): string {
  return JSON.stringify([event.at, event.member, event.kind]).slice(0, 300)
}

function resultOf(about: Readonly<Record<string, string | number>>): string {
  return Object.entries(about)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')
}

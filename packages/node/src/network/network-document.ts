/**
 * The network document: the low-rate state that every shop shows alike, a Yjs document. Membership records and
 * profiles in it are signed by their authors, so whatever a peer writes here, others judge it for themselves.
 *
 * A change is durable before a peer hears of it. An update from a peer goes into a second copy first, and into the
 * document what came of it there: Yjs may stop halfway through bytes that it cannot read, and then only the copy is
 * thrown away; and what refers to things that have not come yet waits in the copy alone.
 */
import {
  equalBytes,
  failure,
  hashMembershipRecord,
  limits,
  type NetworkId,
  type Result,
  type ShopId,
  success,
} from '@stockmesh/protocol'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { encodeKey, lastNumber, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'

/** A peer as the document sees it: something that takes the bytes of a DOC message. */
export interface DocumentPeer {
  sendDocument(bytes: Uint8Array): void
}

/** One line of the shared log of rare events. Unsigned: any member could have written it. */
export interface DocumentEvent {
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number
  readonly member: ShopId
  readonly kind: string
  /** More texts, by their names. */
  readonly [field: string]: string | number
}

/** An alarm, as the member that found it tells the others. Unsigned: it changes no number. */
export interface DocumentProof {
  readonly code: string
  /** The shop that it is about, and who found it. */
  readonly shop: string
  readonly by: string
  /** What of the shop: a replica, or a process. */
  readonly about: string
}

/** Updates above this are sent in pieces, with room for the message around them, in bytes. */
const pieceBytesMax = limits.documentUpdateBytesMax - 64 * 1024

/** Loads the document of a network; each network has rows of its own under the table. */
export async function openNetworkDocument(
  storage: Storage,
  table: number,
  network: NetworkId,
  self: ShopId,
): Promise<NetworkDocument> {
  const updates: Uint8Array[] = []
  let next = 0
  for await (const [key, value] of storage.scan(prefixRange(table, network))) {
    updates.push(value)
    next = lastNumber(key) + 1
  }
  return new NetworkDocument(storage, table, network, self, updates, next)
}

export class NetworkDocument implements AsyncDisposable {
  /** For readers, such as the admin pages' channel. Written through this class only. */
  readonly doc: Y.Doc = new Y.Doc()
  readonly #storage: Storage
  readonly #table: number
  readonly #network: NetworkId
  readonly #self: ShopId
  readonly #peers = new Set<DocumentPeer>()
  readonly #listeners = new Set<() => void>()
  /** What peers sent, with what of it still waits for something else. */
  #trial: Y.Doc
  /** What has come into the copy, and is not in the document yet. */
  #gained: Uint8Array[] = []
  /** Never less than the size of the document. */
  #bytesAtMost: number
  #firstRow: number
  #nextRow: number
  #written: Promise<void> = Promise.resolve()
  /** The events in their order; null where they have changed since. */
  #events: readonly DocumentEvent[] | null = null

  constructor(
    storage: Storage,
    table: number,
    network: NetworkId,
    self: ShopId,
    updates: readonly Uint8Array[],
    nextRow: number,
  ) {
    this.#storage = storage
    this.#table = table
    this.#network = network
    this.#self = self
    this.#nextRow = nextRow
    this.#firstRow = nextRow - updates.length
    for (const update of updates) Y.applyUpdate(this.doc, update)
    this.#trial = this.#copy()
    this.#bytesAtMost = updates.reduce((sum, update) => sum + update.length, 0)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => this.#changed(update, origin))
    this.doc.getArray('events').observe(() => {
      this.#events = null
    })
  }

  /** From now on the peer hears of every change; answers by `receive` bring both ends to the same state. */
  attach(peer: DocumentPeer): void {
    this.#peers.add(peer)
    this.#ask(peer)
  }

  detach(peer: DocumentPeer): void {
    this.#peers.delete(peer)
  }

  /**
   * Takes the bytes of a DOC message. After a failure the document is as it was and the session should end. Codes:
   * `malformed`, `document-update-too-large`, `document-too-large`.
   */
  receive(peer: DocumentPeer, bytes: Uint8Array): Result<void> {
    const message = decodeSyncMessage(bytes)
    if (!message.ok) return message
    const { type, content } = message.value
    return type === sync.messageYjsSyncStep1 ? this.#answer(peer, content) : this.#apply(peer, content)
  }

  /** Called after each change, whoever made it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Bytes that may be membership records, by the names under which they stand in the document: their hashes, if true. */
  records(): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>()
    for (const [name, bytes] of this.doc.getMap<unknown>('records').entries()) {
      if (isSmallBytes(bytes)) found.set(name, bytes)
    }
    return found
  }

  /** Puts records into the document that are not there, under their hashes. */
  putRecords(records: Iterable<Uint8Array>): void {
    const map = this.doc.getMap<unknown>('records')
    this.doc.transact(() => {
      for (const record of records) {
        const hash = hashMembershipRecord(record)
        const held = map.get(hash)
        if (!(held instanceof Uint8Array) || hashMembershipRecord(held) !== hash) map.set(hash, record)
      }
    })
  }

  /** Bytes that may be the signed profile of a shop. */
  profile(shop: ShopId): Uint8Array | null {
    const value = this.doc.getMap<unknown>('profiles').get(shop)
    return isSmallBytes(value) ? value : null
  }

  putProfile(signed: Uint8Array): void {
    this.doc.getMap<unknown>('profiles').set(this.#self, signed)
  }

  /** What stands under a name; null where that is no object. Unsigned: whoever reads it judges it. */
  setting(name: string): Readonly<Record<string, unknown>> | null {
    const value = this.doc.getMap<unknown>('settings').get(name)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  }

  settingNames(): string[] {
    return [...this.doc.getMap<unknown>('settings').keys()]
  }

  putSetting(name: string, value: Readonly<Record<string, unknown>>): void {
    this.doc.getMap<unknown>('settings').set(name, { ...value })
  }

  /** Adds a line to the shared log; the oldest lines of this shop make room. */
  append(event: { readonly at: number; readonly kind: string; readonly [field: string]: string | number }): void {
    const array = this.doc.getArray<unknown>('events')
    this.doc.transact(() => {
      array.push([{ ...event, member: this.#self }])
      let excess = array.length - limits.documentEventsMax
      for (let index = 0; index < array.length && excess > 0; ) {
        if (parseEvent(array.get(index))?.member === this.#self) {
          array.delete(index)
          excess -= 1
        } else index += 1
      }
    })
  }

  /** The shared log, the oldest line first; the same list until an event comes or goes. */
  list(): readonly DocumentEvent[] {
    this.#events ??= this.doc
      .getArray<unknown>('events')
      .toArray()
      .map(parseEvent)
      .filter((event) => event !== null)
      .sort((a, b) => a.at - b.at)
      .slice(-limits.documentEventsMax)
    return this.#events
  }

  /** Adds an alarm that every member shall have; each stands once, under its identity. */
  putProof(identity: string, proof: DocumentProof): void {
    const map = this.doc.getMap<unknown>('proofs')
    if (!map.has(identity) && map.size < limits.documentProofsMax) map.set(identity, { ...proof })
  }

  /** What members found that every shop must hear of. */
  proofs(): DocumentProof[] {
    return [...this.doc.getMap<unknown>('proofs').values()].map(parseProof).filter((proof) => proof !== null)
  }

  /** Resolves when everything so far is durable; rejects when it cannot be. */
  flush(): Promise<void> {
    return this.#written
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#peers.clear()
    this.#listeners.clear()
    // The one who wrote has heard of a failure by `flush`; closing goes on.
    await this.#written.catch(() => undefined)
    this.doc.destroy()
    this.#trial.destroy()
  }

  #answer(peer: DocumentPeer, stateVector: Uint8Array): Result<void> {
    const update = attempt(() => Y.encodeStateAsUpdate(this.doc, stateVector))
    if (!update.ok) return update
    for (const [index, piece] of piecesOf(update.value).entries()) {
      const encoder = encoding.createEncoder()
      encoding.writeVarUint(encoder, index === 0 ? sync.messageYjsSyncStep2 : sync.messageYjsUpdate)
      encoding.writeVarUint8Array(encoder, piece)
      peer.sendDocument(encoding.toUint8Array(encoder))
    }
    return success(undefined)
  }

  #apply(peer: DocumentPeer, update: Uint8Array): Result<void> {
    if (update.length > limits.documentUpdateBytesMax) {
      return failure('document-update-too-large', 'An update of the network document is over its limit.')
    }
    if (!isSound(update)) return unreadable
    const tried = this.#try(update)
    const taken = tried.ok ? this.#settle(peer) : tried
    if (!taken.ok) this.#renewTrial(peer)
    return taken
  }

  #try(update: Uint8Array): Result<void> {
    const applied = attempt(() => Y.applyUpdate(this.#trial, update))
    if (!applied.ok) return applied
    this.#bytesAtMost += update.length
    // The sum of all updates is far above the size after a while: only then is it worth measuring.
    if (this.#bytesAtMost > limits.documentBytesMax) this.#bytesAtMost = Y.encodeStateAsUpdate(this.#trial).length
    if (this.#bytesAtMost <= limits.documentBytesMax) return success(undefined)
    this.#bytesAtMost = limits.documentBytesMax
    return failure('document-too-large', 'The network document would be over its limit.')
  }

  /** Takes a change of this node's own into the copy. What waited there for it comes with the next one of a peer. */
  #follow(update: Uint8Array): void {
    const followed = attempt(() => Y.applyUpdate(this.#trial, update))
    if (!followed.ok) return this.#renewTrial(null)
    const gained = this.#gained.at(-1)
    if (gained !== undefined && equalBytes(gained, update)) this.#gained.pop()
  }

  /** Takes into the document what has come into the copy. After a failure, what came in before it stays. */
  #settle(peer: DocumentPeer): Result<void> {
    return attempt(() => {
      for (const gained of this.#gained.splice(0)) Y.applyUpdate(this.doc, gained, peer)
    })
  }

  #renewTrial(blamed: DocumentPeer | null): void {
    this.#trial.destroy()
    this.#trial = this.#copy()
    // With the old copy went what others had sent that still waited there.
    for (const peer of this.#peers) if (peer !== blamed) this.#ask(peer)
  }

  #copy(): Y.Doc {
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.doc))
    this.#gained = []
    copy.on('update', (gained: Uint8Array) => void this.#gained.push(gained))
    return copy
  }

  /** Asks for all that this document has not. */
  #ask(peer: DocumentPeer): void {
    const encoder = encoding.createEncoder()
    sync.writeSyncStep1(encoder, this.doc)
    peer.sendDocument(encoding.toUint8Array(encoder))
  }

  #changed(update: Uint8Array, origin: unknown): void {
    if (origin === null) {
      this.#bytesAtMost += update.length
      this.#follow(update)
    }
    const written = this.#storage.write(this.#rowsFor(update))
    this.#written = Promise.all([this.#written, written]).then(() => undefined)
    // Nobody waits for every write: the storage port reports a failure to its owner, and `flush` to who asks.
    this.#written.catch(() => undefined)
    void written.then(
      () => this.#tell(update, origin),
      () => undefined,
    )
    for (const listener of this.#listeners) listener()
  }

  /** A row for the update, or, when there are many, one row for all of them. */
  #rowsFor(update: Uint8Array): Operation[] {
    const row = this.#nextRow
    this.#nextRow += 1
    if (row - this.#firstRow < limits.documentRowsMax) {
      return [put(encodeKey(this.#table, this.#network, row), update)]
    }
    const operations: Operation[] = []
    for (let old = this.#firstRow; old < row; old += 1) {
      operations.push(del(encodeKey(this.#table, this.#network, old)))
    }
    this.#firstRow = row
    operations.push(put(encodeKey(this.#table, this.#network, row), Y.encodeStateAsUpdate(this.doc)))
    return operations
  }

  #tell(update: Uint8Array, origin: unknown): void {
    for (const piece of piecesOf(update)) {
      const encoder = encoding.createEncoder()
      sync.writeUpdate(encoder, piece)
      const bytes = encoding.toUint8Array(encoder)
      for (const peer of this.#peers) if (peer !== origin) peer.sendDocument(bytes)
    }
  }
}

/** A DOC message that brings these membership records and nothing else of the document. */
export function recordsMessage(records: readonly Uint8Array[]): Uint8Array {
  const carrier = new Y.Doc()
  const map = carrier.getMap<unknown>('records')
  carrier.transact(() => {
    for (const record of records) map.set(hashMembershipRecord(record), record)
  })
  const encoder = encoding.createEncoder()
  sync.writeUpdate(encoder, Y.encodeStateAsUpdate(carrier))
  carrier.destroy()
  return encoding.toUint8Array(encoder)
}

function isSmallBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= limits.membershipRecordBytesMax
}

const unreadable = failure('malformed', 'A message about the network document could not be read.')

/** Yjs throws whatever it comes upon. */
function attempt<Value>(work: () => Value): Result<Value> {
  try {
    return success(work())
  } catch {
    return unreadable
  }
}

function decodeSyncMessage(bytes: Uint8Array): Result<{ readonly type: number; readonly content: Uint8Array }> {
  const read = attempt(() => {
    const decoder = decoding.createDecoder(bytes)
    return { type: decoding.readVarUint(decoder), content: decoding.readVarUint8Array(decoder) }
  })
  return read.ok && read.value.type > sync.messageYjsUpdate ? unreadable : read
}

/** Where the history of one writer ends at most: no shop writes as much in a thousand years, and sums of it are exact. */
const clockMax = 2 ** 40

/**
 * Whether everything in an update has a length, and an end that can be told. Yjs takes what has none, and throws when it
 * is written over or taken out later: by this node itself, or by others that this node's own change would then reach.
 */
function isSound(update: Uint8Array): boolean {
  try {
    const { structs, ds } = Y.decodeUpdate(update)
    const fits = (clock: number, length: number): boolean => length > 0 && clock + length <= clockMax
    return (
      structs.every(({ id, length }) => fits(id.clock, length)) &&
      [...ds.clients.values()].flat().every(({ clock, len }) => fits(clock, len))
    )
  } catch {
    return false
  }
}

/**
 * An update that is too large for a frame, as one update for each Yjs client that wrote some of it. What a member sent in
 * bad faith may not be readable in pieces: then there are none, nobody waits for them, and no node ends of it.
 */
function piecesOf(update: Uint8Array): readonly Uint8Array[] {
  if (update.length <= pieceBytesMax) return [update]
  try {
    const ends = Y.parseUpdateMeta(update).to
    return [...ends.keys()].map((client) => {
      const others = new Map([...ends].filter(([each]) => each !== client))
      return Y.diffUpdate(update, Y.encodeStateVector(others))
    })
  } catch {
    return []
  }
}

function parseProof(value: unknown): DocumentProof | null {
  if (typeof value !== 'object' || value === null) return null
  const { code, shop, by, about } = value as Record<string, unknown>
  const fits = (text: unknown): text is string =>
    typeof text === 'string' && text.length <= limits.documentTextCharactersMax
  return fits(code) && fits(shop) && fits(by) && fits(about) ? { code, shop, by, about } : null
}

function parseEvent(value: unknown): DocumentEvent | null {
  if (typeof value !== 'object' || value === null) return null
  const event = value as Record<string, unknown>
  if (typeof event.at !== 'number' || typeof event.member !== 'string' || typeof event.kind !== 'string') return null
  const fits = (field: unknown): boolean =>
    typeof field === 'number' || (typeof field === 'string' && field.length <= limits.documentTextCharactersMax)
  return Object.values(event).every(fits) ? (event as unknown as DocumentEvent) : null
}

/**
 * What an import did to each SKU of the shop, kept while it may be undone: the number that the shop had, what all shops
 * had moved by then, and by how much the first adjustment moved the shop. A note is written in the batch that opens
 * the adjustment, and filled in by the batch that hears of its end.
 *
 *   adjusting --the feed tells of it--> kept --undo--> undoing --the feed tells of it--> undone
 *   adjusting --refused--> (no note: the next adjustment is the first one)    undoing --refused--> refused
 *   kept --another adjustment while the import runs--> following --told or refused--> kept
 *
 * A SKU that was equal is kept with a delta of 0. What follows is other shops' doing: it is taken back only with an
 * import that is cancelled, after which the shop is as if nothing had been written to it.
 */
import type { SkuKey } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export interface ImportNote {
  readonly key: SkuKey
  readonly stockId: string
  /** The shop's number before the import, in units. */
  readonly before: number
  /** Sum of what all replicas had added and removed by then, in units. */
  readonly net: number
  readonly state: 'adjusting' | 'kept' | 'following' | 'undoing' | 'undone' | 'refused'
  /** What the import moved the shop's number by; 0 while that is not known. */
  readonly delta: number
  /** What other adjustments moved it by while the import ran; absent for 0. */
  readonly later?: number
  /** The adjustment that is under way; null for none. */
  readonly opId: string | null
}

export class ImportNotes {
  readonly #storage: Storage
  readonly #generation: () => number
  /** What the running import noted, by SKU. */
  readonly #noted = new Map<SkuKey, ImportNote>()
  /** Notes of adjustments that are under way, by their operation. */
  readonly #open = new Map<string, ImportNote>()
  #counts = { undone: 0, refused: 0 }

  /** `generation` tells the notes of one import from those of another. */
  static async open(storage: Storage, generation: () => number, isAtWork: boolean): Promise<ImportNotes> {
    const notes = new ImportNotes(storage, generation)
    if (isAtWork) await notes.#load()
    return notes
  }

  private constructor(storage: Storage, generation: () => number) {
    this.#storage = storage
    this.#generation = generation
  }

  /** Adjustments of the import or of its undoing that are under way. */
  get openCount(): number {
    return this.#open.size
  }

  open(): readonly ImportNote[] {
    return [...this.#open.values()]
  }

  /** How many SKUs an undo has put back, and how many the shop refused. */
  get counts(): { readonly undone: number; readonly refused: number } {
    return this.#counts
  }

  /** The import decides on a SKU. `opId`: its adjustment; null where its number is right already. */
  note(draft: Draft, { opId, ...known }: Pick<ImportNote, 'key' | 'stockId' | 'before' | 'net' | 'opId'>): void {
    if (this.#noted.has(known.key)) return
    this.#set(draft, { ...known, state: opId === null ? 'kept' : 'adjusting', delta: 0, opId })
  }

  /** A SKU that the running import has settled is adjusted again. */
  follow(draft: Draft, key: SkuKey, opId: string): void {
    const note = this.#noted.get(key)
    if (note?.state === 'kept') this.#set(draft, { ...note, state: 'following', opId })
  }

  /** As it is now, of a note that was read a while ago. */
  latest(note: ImportNote): ImportNote {
    return this.#noted.get(note.key) ?? note
  }

  /** The shop made an adjustment, by its feed. */
  apply(draft: Draft, opId: string, delta: number): void {
    const note = this.#open.get(opId)
    if (note === undefined) return
    if (note.state === 'adjusting') this.#set(draft, { ...note, state: 'kept', delta, opId: null })
    else if (note.state === 'following') {
      this.#set(draft, { ...note, state: 'kept', later: (note.later ?? 0) + delta, opId: null })
    } else this.#set(draft, { ...note, state: 'undone', opId: null })
    this.#open.delete(opId)
  }

  /** The shop will not make an adjustment. */
  refuse(draft: Draft, opId: string): void {
    const note = this.#open.get(opId)
    if (note === undefined) return
    this.#open.delete(opId)
    if (note.state === 'undoing') this.#set(draft, { ...note, state: 'refused', opId: null })
    else if (note.state === 'following') this.#set(draft, { ...note, state: 'kept', opId: null })
    else {
      this.#noted.delete(note.key)
      draft.put(del(this.#rowOf(note.key)))
    }
  }

  /** An undo takes a SKU on; `opId` is null where the shop has no such row any more. */
  undo(draft: Draft, note: ImportNote, opId: string | null): void {
    if (note.opId !== null) this.#open.delete(note.opId)
    this.#set(draft, { ...note, state: opId === null ? 'refused' : 'undoing', opId })
  }

  /** As they are on disk, in the order of their keys. */
  async *all(): AsyncGenerator<ImportNote> {
    const range = prefixRange(tables.imported, this.#generation())
    for await (const [, value] of this.#storage.scan(range)) yield decodeJson<ImportNote>(value)
  }

  /** null where the import did not touch the SKU. */
  async of(key: SkuKey): Promise<ImportNote | null> {
    const row = await this.#storage.get(this.#rowOf(key))
    return row === undefined ? null : decodeJson<ImportNote>(row)
  }

  /** What was undone is forgotten: the same import begins anew, under another generation. */
  forget(draft: Draft): void {
    for (const key of this.#noted.keys()) draft.put(del(this.#rowOf(key)))
    this.#noted.clear()
    this.#open.clear()
    this.#counts = { undone: 0, refused: 0 }
  }

  async #load(): Promise<void> {
    for await (const note of this.all()) {
      this.#noted.set(note.key, note)
      if (note.opId !== null) this.#open.set(note.opId, note)
      this.#count(note)
    }
  }

  #set(draft: Draft, note: ImportNote): void {
    this.#noted.set(note.key, note)
    if (note.opId !== null) this.#open.set(note.opId, note)
    this.#count(note)
    draft.put(put(this.#rowOf(note.key), encodeJson(note)))
  }

  #count({ state }: ImportNote): void {
    if (state === 'undone') this.#counts.undone += 1
    if (state === 'refused') this.#counts.refused += 1
  }

  #rowOf(key: SkuKey): Uint8Array {
    return encodeKey(tables.imported, this.#generation(), key)
  }
}

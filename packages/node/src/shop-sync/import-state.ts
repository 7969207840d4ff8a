/**
 * How far the import is: durable, changed only through a draft.
 *
 *   idle -> listing -> ready -> running -> done
 *
 * A founder goes from listing to running by itself; a joining shop waits in `ready` for its admin, unless it was told
 * to start when accepted. `relisting` is a listing of a shop whose feed was rolled back: nothing is written to the
 * shop until it ends, and what differs waits for a person. An import that is done can be taken back: then the shop is
 * paused, and resuming it leads from done to running again. A person may hold an import that is listing or running, and
 * cancel it: then all it did is taken back, and it is ready again.
 */
import type { ImportState, ShopId } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export interface ImportRecord {
  readonly state: Exclude<ImportState, 'failed' | 'paused'>
  readonly kind: 'found' | 'join'
  /** Who accepted the join request: what it holds must be held here before anything is created. */
  readonly acceptor: ShopId | null
  readonly caughtUp: boolean
  readonly startWhenReady: boolean
  /** A person paused it: no page is listed, no baseline created and nothing written to the shop. */
  readonly held: boolean
  /** Cursor of the listing; null before the first page. */
  readonly cursor: string | null
  readonly listed: boolean
  readonly relisting: boolean
  readonly rowsListed: number
  readonly rowsTotal: number
  /** The feed must have passed this id before numbers that were listed are compared. */
  readonly versionMax: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  /** Under which number it is noted what the import does to each SKU; 0: it is not, so that it cannot be taken back. */
  readonly notes: number
  /** Taking the import back; null while nobody asked for it. `cancels`: it was not done, and will be ready again. */
  readonly undo: { readonly state: 'running' | 'done'; readonly total: number; readonly cancels?: true } | null
}

/**
 * How many of how many. While it lists these are rows of the shop, from then on SKUs. `unsettled`: SKUs that are not at
 * the network's level yet; one that was deleted a moment ago may still be among them, and not among `skus`.
 */
export function importProgress(
  { state, rowsListed, rowsTotal }: Pick<ImportRecord, 'state' | 'rowsListed' | 'rowsTotal'>,
  { skus, unsettled }: { readonly skus: number; readonly unsettled: number },
): { readonly done: number; readonly total: number } {
  if (state === 'listing' || state === 'idle') return { done: rowsListed, total: rowsTotal }
  return { done: state === 'ready' ? 0 : Math.max(0, skus - unsettled), total: skus }
}

/** Nobody can tell any more what the import wrote: one that was being cancelled writes nothing until a person says so. */
export function unknownWriting({ held, undo }: ImportRecord): Pick<ImportRecord, 'held' | 'notes' | 'undo'> {
  return { held: held || undo?.cancels === true, notes: 0, undo: null }
}

const importKey = encodeKey(tables.meta, 'import')

const noImport: ImportRecord = {
  state: 'idle',
  kind: 'found',
  acceptor: null,
  caughtUp: false,
  startWhenReady: false,
  held: false,
  cursor: null,
  listed: false,
  relisting: false,
  rowsListed: 0,
  rowsTotal: 0,
  versionMax: 0,
  startedAt: null,
  finishedAt: null,
  notes: 0,
  undo: null,
}

export class ImportStore {
  #record: ImportRecord

  private constructor(record: ImportRecord) {
    this.#record = record
  }

  static async open(storage: Storage): Promise<ImportStore> {
    const row = await storage.get(importKey)
    return new ImportStore({ ...noImport, ...(row === undefined ? {} : decodeJson<Partial<ImportRecord>>(row)) })
  }

  get record(): ImportRecord {
    return this.#record
  }

  /** Whether baselines may be created and numbers written to the shop. */
  get writable(): boolean {
    const { state, relisting, held } = this.#record
    return (state === 'running' || state === 'done') && !relisting && !held
  }

  set(draft: Draft, change: Partial<ImportRecord>): void {
    this.#record = { ...this.#record, ...change }
    draft.put(put(importKey, encodeJson(this.#record)))
  }
}

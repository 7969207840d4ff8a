/**
 * The preview of an import: what it will do to every SKU of the shop, made from the book and the holdings while the
 * import waits for its admin. It remembers what changed since a preview was shown, so that the admin's word is taken
 * for what was seen and for nothing else.
 */
import { createHash } from 'node:crypto'
import {
  type ImportPreview,
  type ImportPreviewItem,
  isPreviewStale,
  isSameChange,
  levelOf,
  limits,
  listedBy,
  type Membership,
  noOtherChange,
  type OtherChange,
  otherwiseChanged,
  type PreviewBasis,
  previewSku,
  recordsOf,
  type ShopId,
  type SkuKey,
} from '@stockmesh/protocol'
import type { Committed, Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../ports.ts'
import type { Book } from './book.ts'
import { type GuardedRules, situationOf } from './situation.ts'

/** A preview with its items, the largest change first. */
export interface MadePreview {
  readonly totals: ImportPreview
  readonly items: readonly ImportPreviewItem[]
}

export interface ImportPreviewsParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly self: ShopId
  readonly rules: GuardedRules
  readonly clock: Clock
  readonly membership: Membership
}

/** What was different from the beginning when a preview was shown. */
interface Shown {
  readonly buffer: number
  readonly others: ReadonlyMap<SkuKey, OtherChange>
}

const salesCauses: ReadonlySet<string> = new Set(['sale', 'cancel', 'return'])

export class ImportPreviews {
  readonly #parts: ImportPreviewsParts
  readonly #shown = new Map<string, Shown>()
  /** Each SKU as it was when it was looked at last; empty before the first preview. */
  readonly #seen = new Map<SkuKey, PreviewBasis>()
  readonly #others = new Map<SkuKey, OtherChange>()
  #made: { readonly preview: MadePreview; readonly buffer: number } | null = null

  constructor(parts: ImportPreviewsParts) {
    this.#parts = parts
  }

  /** What the import would do now. */
  make(): MadePreview {
    const { buffer } = this.#parts.rules
    if (this.#made !== null && this.#made.buffer === buffer) return this.#made.preview
    if (this.#seen.size === 0) this.#look()
    const preview = this.#read()
    this.#made = { preview, buffer }
    this.#remember(preview.totals.id, { buffer, others: new Map(this.#others) })
    return preview
  }

  /** Whether the import may be started on the word of somebody who saw this preview. */
  isCurrent(id: string): boolean {
    // What it would do now may be what was shown, be it by a node that was started again since.
    if (this.make().totals.id === id) return true
    const shown = this.#shown.get(id)
    if (shown === undefined || shown.buffer !== this.#parts.rules.buffer) return false
    const keys = new Set([...shown.others.keys(), ...this.#others.keys()])
    const changed = [...keys].filter(
      (key) => !isSameChange(shown.others.get(key) ?? noOtherChange, this.#others.get(key) ?? noOtherChange),
    )
    return !isPreviewStale(changed.length, this.#parts.book.keyCount)
  }

  /** The import was started: nobody asks any more. */
  forget(): void {
    this.#made = null
    this.#shown.clear()
    this.#seen.clear()
    this.#others.clear()
  }

  hear({ keys, lines }: Committed): void {
    if (keys.size === 0 || this.#seen.size === 0) return
    this.#made = null
    const sold = new Map<SkuKey, { here: number; everywhere: number }>()
    for (const { key, counted, cause, delta, member } of lines) {
      if (key === null || !counted || delta === null || !salesCauses.has(cause)) continue
      const units = sold.get(key) ?? { here: 0, everywhere: 0 }
      units.everywhere += delta
      if (member === this.#parts.self) units.here += delta
      sold.set(key, units)
    }
    for (const key of new Set([...keys, ...sold.keys()])) {
      const now = this.#basisOf(key)
      const before = this.#seen.get(key) ?? { shop: null, level: null }
      const known = this.#others.get(key) ?? noOtherChange
      const other = otherwiseChanged(known, before, now, sold.get(key) ?? { here: 0, everywhere: 0 })
      this.#seen.set(key, now)
      if (isSameChange(other, noOtherChange)) this.#others.delete(key)
      else this.#others.set(key, other)
    }
  }

  #look(): void {
    const { book, ledger } = this.#parts
    for (const key of book.keys) this.#seen.set(key, this.#basisOf(key))
    for (const key of ledger.holdings.skus.keys()) this.#seen.set(key, this.#basisOf(key))
  }

  #basisOf(key: SkuKey): PreviewBasis {
    const { book, ledger } = this.#parts
    return { shop: book.onlyRow(key)?.stock ?? null, level: levelOf(recordsOf(ledger.holdings, key)) }
  }

  #read(): MadePreview {
    const { book, ledger, clock } = this.#parts
    const { holdings } = ledger
    const items: ImportPreviewItem[] = []
    const counts = { matched: 0, onlyHere: 0, onlyNetwork: 0 }
    for (const key of book.keys) {
      const outcome = previewSku(situationOf(key, { ...this.#parts, holdings, writable: true }))
      if (outcome.type === 'only-here') counts.onlyHere += 1
      if (outcome.type !== 'matched') continue
      counts.matched += 1
      const { from, to } = outcome
      const row = book.onlyRow(key)
      if (from !== to) items.push({ sku: (row?.sku ?? key).trim(), name: row?.name ?? '', from, to })
    }
    for (const key of holdings.skus.keys()) if (this.#isElsewhere(key)) counts.onlyNetwork += 1
    items.sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || (a.sku < b.sku ? -1 : 1))
    const facts = {
      ...counts,
      differ: items.length,
      unitsChanged: items.reduce((units, { from, to }) => units + Math.abs(to - from), 0),
      toZero: items.filter(({ to }) => to === 0).length,
    }
    const id = idOf([facts, items])
    return { totals: { id, at: new Date(clock.now()).toISOString(), ...facts }, items }
  }

  #isElsewhere(key: SkuKey): boolean {
    const { book, ledger, membership, self } = this.#parts
    const records = recordsOf(ledger.holdings, key)
    if (book.rowsOf(key).length > 0 || levelOf(records) === null) return false
    return membership.members().some((member) => member !== self && listedBy(records, member) === true)
  }

  #remember(id: string, shown: Shown): void {
    this.#shown.delete(id)
    this.#shown.set(id, shown)
    for (const old of this.#shown.keys()) {
      if (this.#shown.size <= limits.previewsKept) break
      this.#shown.delete(old)
    }
  }
}

/** The same preview has the same id, whoever makes it. */
function idOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}

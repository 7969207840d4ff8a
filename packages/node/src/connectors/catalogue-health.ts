/**
 * The health of a shop's catalogue: which rows cannot be synchronised, or will surprise, before they do. It reads each
 * row once and keeps what is wrong alone.
 */
import { type CatalogueFault, type CatalogueFaultItem, parseSku, type SkuKey, type StockRow } from '@stockmesh/protocol'

export interface HealthFindings {
  readonly rows: number
  readonly products: number
  readonly counts: Readonly<Record<CatalogueFault, number>>
  readonly items: readonly CatalogueFaultItem[]
}

/** A person reads a few hundred; a catalogue without any SKU is told by its count. */
const healthItemsMax = 10_000

export class CatalogueHealthCheck {
  #rows = 0
  #products = 0
  readonly #counts: Record<CatalogueFault, number> = {
    'no-sku': 0,
    duplicate: 0,
    untracked: 0,
    fraction: 0,
    bundle: 0,
    negative: 0,
    other: 0,
  }
  readonly #items: CatalogueFaultItem[] = []
  /** The first row of each SKU, so that a duplicate is told with all its rows. */
  readonly #firstOf = new Map<SkuKey, string | readonly string[]>()
  readonly #duplicates = new Map<SkuKey, { sku: string | null; name: string; products: string[] }>()

  see(row: StockRow): void {
    this.#rows += 1
    this.#products += row.products.length
    const sku = parseSku(row.sku)
    if (sku.ok) this.#seeKey(sku.value.key, row)
    else this.#note(sku.code === 'sku-empty' ? 'no-sku' : 'other', row)
    if (row.fault !== undefined) this.#note(kindOf(row.fault), row)
    else if (row.stock === null) this.#note('untracked', row)
    else if (row.stock < 0) this.#note('negative', row)
  }

  findings(): HealthFindings {
    const duplicates = [...this.#duplicates.values()].map((found) => ({ kind: 'duplicate' as const, ...found }))
    return {
      rows: this.#rows,
      products: this.#products,
      counts: { ...this.#counts, duplicate: duplicates.length },
      items: [...duplicates, ...this.#items].slice(0, healthItemsMax),
    }
  }

  #seeKey(key: SkuKey, row: StockRow): void {
    const first = this.#firstOf.get(key)
    if (first === undefined) {
      const ids = idsOf(row)
      this.#firstOf.set(key, ids.length === 1 && ids[0] !== undefined ? ids[0] : ids)
      return
    }
    const found = this.#duplicates.get(key) ?? { sku: row.sku, name: row.name, products: [first].flat() }
    found.products.push(...idsOf(row))
    this.#duplicates.set(key, found)
  }

  #note(kind: CatalogueFault, row: StockRow): void {
    this.#counts[kind] += 1
    if (this.#items.length < healthItemsMax) {
      this.#items.push({ kind, sku: row.sku, name: row.name, products: idsOf(row) })
    }
  }
}

function idsOf({ products, stockId }: StockRow): string[] {
  return products.length === 0 ? [stockId] : products.map(({ id }) => id)
}

function kindOf(fault: string): CatalogueFault {
  if (fault === 'stock-fraction') return 'fraction'
  return fault === 'bundle' ? 'bundle' : 'other'
}

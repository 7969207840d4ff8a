/**
 * A mass change of another shop that this shop does not go by: one problem for each such shop, with what would become of
 * the largest numbers if it did.
 */
import type { ShopId, SkuKey, StockItem, WithheldSku } from '@stockmesh/protocol'
import type { Book } from '../shop-sync/book.ts'
import { examplesOf } from './held-finding.ts'
import { type Finding, plain } from './problem.ts'

export function withheldFinding(
  { book, itemOf, name }: { readonly book: Book; readonly itemOf: (key: SkuKey) => StockItem; readonly name: string },
  member: ShopId,
  seen: ReadonlyMap<SkuKey, WithheldSku>,
): Finding {
  const changes = [...seen.keys()].map((key) => {
    const { sku, name: product, level } = itemOf(key)
    const to = level ?? 0
    return { sku, name: product, from: to + book.withheld.unitsOf(key), to }
  })
  const units = changes.reduce((sum, { from, to }) => sum + Math.abs(to - from), 0)
  return {
    ...plain('held'),
    about: member,
    count: seen.size,
    message:
      `"${name}" changed ${seen.size} SKUs at once, by ${units} units together, and no order explains it. This shop goes ` +
      'on with the numbers of before, and sales go on counting. Undo the change for all shops, or approve it here.',
    details: { reason: 'member-mass-change', member, name, units, ...examplesOf(changes) },
    // Sales go on, and change nothing of what is decided on.
    decidedOn: { member, units },
    keys: [...seen.keys()],
    withheld: { member, seen },
    actions: ['undo', 'approve'],
    since: [...seen.values()].reduce((since, sku) => Math.min(since, sku.since), Number.POSITIVE_INFINITY),
  }
}

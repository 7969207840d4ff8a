/**
 * Takes a mass change of another shop back for the whole network: of each SKU the number that this shop went on with
 * becomes a stock count, which covers the change. Every shop is brought to it, also those that followed the change.
 */
import { recordsOf, type ShopId, type SkuKey, spelling, type WithheldSku } from '@stockmesh/protocol'
import { eventLine } from '../ledger/log-line.ts'
import { assertMayChange } from './node-stock-changes.ts'
import { recount } from './recount.ts'
import type { StockNode } from './stock-node.ts'

const skusPerCommit = 500

/** `seen`: of a SKU of which something else is withheld by now all stays. Errors: those of `assertMayChange`. */
export async function undoWithheld(
  node: StockNode,
  member: ShopId,
  { seen, now }: { readonly seen: ReadonlyMap<SkuKey, WithheldSku>; readonly now: number },
): Promise<void> {
  assertMayChange(node)
  const { ledger, shop, network, self } = node
  const { withheld } = shop.book
  const skus = [...seen]
  for (let from = 0; from < skus.length; from += skusPerCommit) {
    await ledger.commit((draft) => {
      for (const [key, sku] of skus.slice(from, from + skusPerCommit)) {
        const level = draft.level(key)
        if (withheld.of(key) !== sku || level === null || ledger.isDoubtful(key)) continue
        const { text, name } = spelling(recordsOf(draft.holdings, key)) ?? { text: key, name: '' }
        recount(draft, { key, text, name }, { to: level + withheld.unitsOf(key), dryRun: false, now })
      }
    })
  }
  await ledger.commit((draft) => {
    shop.forgetChangesOf(draft, member)
    const reference = network.membership.member(member)?.name ?? member
    draft.log(eventLine(now, self, 'undo', { reference, result: 'member-undone' }))
  })
}

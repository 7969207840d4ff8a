/**
 * Takes a mass change of another shop back for the whole network: of each SKU the number that this shop went on with
 * becomes a stock count, which covers the change. Every shop is brought to it, also those that followed the change.
 */
import {
  levelTakenBack,
  noHistory,
  recordsOf,
  type Rid,
  type ShopId,
  type SkuKey,
  spelling,
  type WithheldSku,
} from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import { eventLine } from '../ledger/log-line.ts'
import { assertMayChange } from './node-stock-changes.ts'
import { recount } from './recount.ts'
import type { StockNode } from './stock-node.ts'

const skusPerCommit = 500

/**
 * `seen`: of a SKU of which something else is withheld by now all stays. Errors: those of `assertMayChange`; 409
 * `movements-unknown` where it is done for all SKUs but those of which the member's movements are not all told yet.
 */
export async function undoWithheld(
  node: StockNode,
  member: ShopId,
  { seen, now }: { readonly seen: ReadonlyMap<SkuKey, WithheldSku>; readonly now: number },
): Promise<void> {
  assertMayChange(node)
  const { ledger, shop, network, self } = node
  const { withheld } = shop.book
  const told = (rid: Rid): number => (ledger.histories.get(rid) ?? noHistory).complete
  const skus = [...seen]
  let left = 0
  for (let from = 0; from < skus.length; from += skusPerCommit) {
    await ledger.commit((draft) => {
      for (const [key, sku] of skus.slice(from, from + skusPerCommit)) {
        if (withheld.of(key) !== sku || ledger.isDoubtful(key)) continue
        const records = recordsOf(draft.holdings, key)
        const to = levelTakenBack(sku, records, told)
        const { text, name } = spelling(records) ?? { text: key, name: '' }
        recount(draft, { key, text, name }, { to, dryRun: false, now })
        if (to === null) left += 1
      }
    })
  }
  if (left === skus.length) throw movementsUnknown()
  await ledger.commit((draft) => {
    shop.forgetChangesOf(draft, member)
    const reference = network.membership.member(member)?.name ?? member
    draft.log(eventLine(now, self, 'undo', { reference, result: 'member-undone' }))
  })
  if (left > 0) throw movementsUnknown()
}

function movementsUnknown(): ApiFailure {
  return new ApiFailure(
    409,
    'movements-unknown',
    'Not all that the other shop moved is known one by one yet. Undo what is left once its history is here.',
  )
}

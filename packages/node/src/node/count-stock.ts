/**
 * A stock count: what lies on the shelf becomes the network's number. First all that this shop sold before the count is
 * read; then it is noted what has been heard of each SKU, and exactly that is covered. What happens between that
 * moment and the commit, or arrives later, is added and subtracted as ever.
 */
import {
  type CountAnswer,
  countBaseline,
  countedQuantity,
  type CountItem,
  coverAll,
  type Cover,
  levelFrom,
  levelOf,
  limits,
  recordsOf,
  type Result,
  type SkuKey,
  spelling,
  success,
} from '@stockmesh/protocol'
import type { StockChange } from '../http/stock-change-routes.ts'
import type { CountedLine } from '../http/stock-lines.ts'
import type { Draft } from '../ledger/ledger.ts'
import { countLine } from '../ledger/received-lines.ts'
import type { Receipt } from '../ledger/receipts.ts'
import { type AcceptedLine, acceptedLines, listAnswer, resolveLines } from './resolved-lines.ts'
import type { StockNode } from './stock-node.ts'

/** What a count is worth: the quantity that could be sold when all that `covers` names had been heard. */
interface Counted {
  readonly quantity: number
  readonly covers: readonly Cover[]
}

/** Error: `shop-unreachable`; then nothing was changed. */
export async function countStock(
  node: StockNode,
  { lines, dryRun }: StockChange<CountedLine>,
  { receipt, now }: { readonly receipt: Receipt<CountAnswer>; readonly now: () => number },
): Promise<Result<CountAnswer>> {
  const arrived = { at: now(), line: node.ledger.lines }
  const resolved = resolveLines(node, lines)
  const accepted = acceptedLines(resolved)
  if (accepted.length === 0) {
    const items = resolved.flatMap(({ refused }) => (refused === null ? [] : [refused]))
    return success(listAnswer(items, { dryRun, unheard: [] }))
  }
  const observed = await node.shop.observe()
  if (!observed.ok) return observed
  const counted = await value(node, accepted, arrived)
  return success(
    await node.ledger.commit((draft) => {
      const items = resolved.map((one) => {
        const of = one.refused === null ? counted.get(one.key) : undefined
        return one.refused !== null || of === undefined ? one.refused : countSku(node, draft, one, of, now(), dryRun)
      })
      const answer = listAnswer(
        items.filter((item) => item !== null),
        { dryRun, unheard: unheardOf(node) },
      )
      if (!dryRun) receipt.keep(draft, answer)
      return answer
    }),
  )
}

/**
 * Sales after the counting began are subtracted from what was counted. Without a time from the caller the counting
 * began when the call came: all that was known then lies before it, whatever the clock of another shop says.
 */
async function value(
  node: StockNode,
  accepted: readonly AcceptedLine<CountedLine>[],
  arrived: { readonly at: number; readonly line: number },
): Promise<ReadonlyMap<SkuKey, Counted>> {
  const heard = await node.ledger.commit((draft) => ({
    line: draft.nextLine,
    covers: accepted.map(({ key }) => coverAll(recordsOf(draft.holdings, key))),
  }))
  const counted = new Map<SkuKey, Counted>()
  for (const [index, { key, line }] of accepted.entries()) {
    const since = line.asOf ?? arrived.at + 1
    const from = line.asOf === null ? arrived.line : 0
    const moved = await node.log.movedSince(key, since, { from, before: heard.line })
    counted.set(key, { quantity: countedQuantity(line, moved), covers: heard.covers[index] ?? [] })
  }
  return counted
}

function countSku(
  node: StockNode,
  draft: Draft,
  { sku, key }: AcceptedLine<CountedLine>,
  counted: Counted,
  now: number,
  dryRun: boolean,
): CountItem {
  const { book } = node.shop
  const records = recordsOf(draft.holdings, key)
  const from = levelOf(records)
  const row = book.onlyRow(key)
  const here = { text: (row?.sku ?? sku).trim(), name: row?.name.slice(0, limits.nameCharactersMax) ?? '' }
  const { text, name } = spelling(records) ?? here
  const item = { sku, name: name === '' ? null : name, from, error: null }
  const baseline = countBaseline(records, { ...counted, now })
  if (dryRun) return { ...item, to: levelFrom(baseline, records.totals) }
  draft.log(countLine(draft.holdings, draft.issue({ kind: 'baseline', key, text, name, baseline })))
  // The count answers which of the two numbers is right.
  if (book.offsets.has(key)) book.setOffset(draft, key, null)
  return { ...item, to: draft.level(key) }
}

/** Members of which this node may not have heard all. */
function unheardOf(node: StockNode): readonly string[] {
  const others = node.network.members.map(({ shopId }) => shopId).filter((shop) => shop !== node.self)
  return others.filter((shop) => !node.replicator.holdsAllOf(shop))
}

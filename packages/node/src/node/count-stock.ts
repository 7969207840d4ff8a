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
  failure,
  type Holdings,
  levelFrom,
  levelOf,
  limits,
  recordsOf,
  type Result,
  type Rid,
  type ShopState,
  type SkuKey,
  spelling,
  success,
} from '@stockmesh/protocol'
import type { StockChange } from '../http/stock-change-routes.ts'
import type { CountedLine } from '../http/stock-lines.ts'
import type { Draft } from '../ledger/ledger.ts'
import type { Receipt } from '../ledger/receipts.ts'
import { issueCount } from './recount.ts'
import {
  type AcceptedLine,
  acceptedLines,
  listAnswer,
  refusedLine,
  type ResolvedLine,
  resolveLines,
} from './resolved-lines.ts'
import type { Observed } from '../shop-sync/observation.ts'
import type { StockNode } from './stock-node.ts'

type Covers = ReadonlyMap<SkuKey, readonly Cover[]>

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
  const at = now()
  const resolved = resolveLines(node, lines)
  if (acceptedLines(resolved).length === 0) {
    const items = resolved.flatMap(({ refused }) => (refused === null ? [] : [refused]))
    return success(listAnswer(items, { dryRun, unheard: [] }))
  }
  const { holdings } = node.ledger
  const arrived = { at, covers: coversOf(holdings, resolved) }
  const observed = await node.shop.observe()
  if (!observed.ok) return observed
  const valued = await valueLines(node, resolved, { ...arrived, shop: observed.value })
  return success(
    await node.ledger.commit((draft) => {
      const items = valued.map((one) =>
        one.refused === null ? countSku(node, draft, one, now(), dryRun) : one.refused,
      )
      const answer = listAnswer(items, { dryRun, unheard: unheardOf(node) })
      if (!dryRun && answer.counted > 0) receipt.keep(draft, answer)
      return answer
    }),
  )
}

/**
 * Sales after the counting began are subtracted from what was counted. Without a time from the caller the counting
 * began when the call came: all that was known then lies before it, whatever the clock of another shop says, and of
 * this node's own shop all that its feed held when it was asked, whatever the clocks of the two say.
 */
async function valueLines(
  node: StockNode,
  resolved: readonly ResolvedLine<CountedLine>[],
  arrived: { readonly at: number; readonly covers: Covers; readonly shop: Observed },
): Promise<readonly ResolvedLine<Counted>[]> {
  const heard = await node.ledger.commit((draft) => coversOf(draft.holdings, resolved))
  const valued: ResolvedLine<Counted>[] = []
  for (const one of resolved) {
    if (one.refused !== null) {
      valued.push(one)
      continue
    }
    const { sku, key, line } = one
    const since = (rid: Rid): number => line.asOf ?? (rid === arrived.shop.rid ? 0 : arrived.at + 1)
    const from = line.asOf === null ? withShop(arrived.covers.get(key) ?? [], arrived.shop) : []
    const until = heard.get(key) ?? []
    const { units, unclear } = await node.log.movedSince(key, since, { from, until })
    const counted = { quantity: countedQuantity(line, units), covers: until }
    valued.push(unclear && line.asOf !== null ? refusedLine(sku, asOfUnclear) : { ...one, line: counted })
  }
  return valued
}

/** What had been heard, with all that the shop itself had done by then. */
function withShop(covers: readonly Cover[], { rid, seq }: Observed): readonly Cover[] {
  const own = covers.find((cover) => cover.rid === rid)
  if (own !== undefined && own.seq >= seq) return covers
  return [...covers.filter((cover) => cover !== own), { rid, seq, net: own?.net ?? 0 }]
}

/** What has been heard of each SKU. */
function coversOf(holdings: Holdings, resolved: readonly ResolvedLine<CountedLine>[]): Covers {
  return new Map(acceptedLines(resolved).map(({ key }) => [key, coverAll(recordsOf(holdings, key))]))
}

const asOfUnclear = failure(
  'as-of-unclear',
  'When another shop sold this SKU is not known exactly enough to tell what was sold since. Count it again, without asOf.',
)

function countSku(
  node: StockNode,
  draft: Draft,
  { sku, key, line: counted }: AcceptedLine<Counted>,
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
  issueCount(draft, { key, text, name }, baseline)
  // The count answers which of the two numbers is right.
  book.endOffset(draft, key)
  return { ...item, to: draft.level(key) }
}

/** Members of which this node may not have heard all. */
function unheardOf(node: StockNode): readonly string[] {
  const others = node.network.members.map(({ shopId }) => shopId).filter((shop) => shop !== node.self)
  return others.filter(
    (shop) => !node.replicator.holdsAllOf(shop) || isUnread(node.network.presence.of(shop).shopState),
  )
}

/** Whether a member may not know itself what its shop sold last. */
function isUnread(state: ShopState | null): boolean {
  return state === 'paused' || state === 'unreachable' || state === 'connecting'
}

/**
 * "Use this shop's numbers": the shop's number before its import was the right one, so it becomes the network's, with
 * all that every shop moved since. Each is a stock count of what is known now, so doing it twice is doing it once.
 */
import {
  type CountAnswer,
  type CountItem,
  failure,
  levelByThisShop,
  movedBy,
  recordsOf,
  spelling,
} from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import type { ImportNote } from '../shop-sync/import-notes.ts'
import { isTold, recount } from './recount.ts'
import { largestFirst, listAnswer, refusedLine } from './resolved-lines.ts'
import { keyFinder } from './stock-detail.ts'
import type { StockNode } from './stock-node.ts'

const notesPerCommit = 500

/** `skus`: null for all that the import touched. */
export async function useThisShop(
  node: StockNode,
  { skus, dryRun, now }: { readonly skus: readonly string[] | null; readonly dryRun: boolean; readonly now: number },
): Promise<CountAnswer> {
  const items: CountItem[] = []
  let batch: ImportNote[] = []
  const commit = async (): Promise<void> => {
    const notes = batch
    batch = []
    const done = await node.ledger.commit((draft) => notes.map((note) => useNumber(node, draft, note, { dryRun, now })))
    items.push(...done.filter(isTold))
  }
  const take = async (note: ImportNote): Promise<void> => {
    batch.push(note)
    if (batch.length === notesPerCommit) await commit()
  }
  if (skus === null) for await (const note of node.shop.notes.all()) await take(note)
  else {
    const find = keyFinder(node)
    for (const sku of new Set(skus)) {
      const key = find(sku)
      const note = key === null ? null : await node.shop.notes.of(key)
      if (note === null) items.push(refusedLine(sku, untouched).refused)
      else await take(note)
    }
  }
  await commit()
  return largestFirst(listAnswer(items, { dryRun, unheard: [] }))
}

const untouched = failure('not-imported', 'The import of this shop did not touch this SKU. Check the spelling.')
const damaged = failure(
  'records-damaged',
  'Records of this SKU were damaged on the disk. Try again when they are fetched again.',
)

function useNumber(
  node: StockNode,
  draft: Draft,
  note: ImportNote,
  { dryRun, now }: { readonly dryRun: boolean; readonly now: number },
): CountItem {
  const { key } = note
  const records = recordsOf(draft.holdings, key)
  const { text, name } = spelling(records) ?? { text: key, name: '' }
  if (node.ledger.isDoubtful(key)) return refusedLine(text, damaged).refused
  const to = levelByThisShop(note, movedBy(records.totals))
  const item = recount(draft, { key, text, name }, { to, dryRun, now })
  // It was said which of the two numbers is right.
  if (!dryRun && item.from !== to) node.shop.book.endOffset(draft, key)
  return item
}

/**
 * What changed in a paused shop, read afresh row by row and compared with what is known of it. It changes nothing.
 */
import { limits, resume, type ResumePreview, type ResumeItem } from '@stockmesh/protocol'
import { ConnectorError, type LedgerConnector, type StockRowPage } from '../connectors/connector.ts'
import { type Book, bookRow } from './book.ts'

const rowsPerPage = 500

/** The differences, the largest first. Errors: `ConnectorError`. */
export async function readResumePreview(
  book: Book,
  connector: Pick<LedgerConnector, 'list'>,
  signal: AbortSignal,
): Promise<ResumePreview> {
  const items: ResumeItem[] = []
  let after: string | null = null
  let rows = 0
  do {
    const page: StockRowPage = await connector.list({ after, limit: rowsPerPage }, signal)
    for (const row of page.items) {
      const item = differenceOf(book, row)
      if (item !== null) items.push(item)
    }
    after = page.next
    rows += page.items.length
    if (rows > limits.listedRowsMax) {
      throw new ConnectorError('shop-answer-invalid', `The shop lists more than ${limits.listedRowsMax} stock rows.`)
    }
  } while (after !== null)
  items.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.sku < b.sku ? -1 : 1))
  return {
    paused: true,
    exact: true,
    differ: items.length,
    unitsChanged: items.reduce((units, { difference }) => units + Math.abs(difference), 0),
    items: items.slice(0, limits.resumeItemsMax),
  }
}

/** null where nothing differs, and where the row's number is not synchronised: a new row, a duplicate, another SKU. */
function differenceOf(book: Book, row: StockRowPage['items'][number]): ResumeItem | null {
  const { key, stock: reading, sku, name } = bookRow(row, false, 0)
  if (key === null || sku === null || reading === null) return null
  const known = book.onlyRow(key)
  if (known === undefined || known.stockId !== row.stockId) return null
  const adjusting = book.intents.get(row.stockId)?.delta ?? 0
  const outcome = resume({ reading, shadow: known.stock, adjusting, explained: true, choice: 'network' })
  if (outcome.type === 'nothing') return null
  const { difference } = outcome
  return { sku: sku.trim(), name, shopLevel: reading, shown: reading - difference, difference }
}

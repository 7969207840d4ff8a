/**
 * The real order lines of `test/data`, as whole invoices in time order. An invoice's lines stand together in the file,
 * and one invoice may hold the same SKU twice; quantities below zero are goods that came back.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

interface OrderLine {
  readonly sku: string
  readonly name: string
  readonly quantity: number
}

export interface Invoice {
  readonly number: string
  /** Of its first line; local time of the shop, without a zone. */
  readonly at: string
  readonly country: string
  readonly lines: readonly OrderLine[]
}

const header = 'at,invoice,sku,name,quantity,country'

/** The first whole invoices that together have at least `lines` lines; all of them when `lines` is absent. */
export function readInvoices(lines: number = Number.POSITIVE_INFINITY): readonly Invoice[] {
  const text = gunzipSync(readFileSync(new URL('../data/orders-2010-12.csv.gz', import.meta.url))).toString('utf8')
  const [head, ...rows] = text.split(/\r?\n/).filter((row) => row !== '')
  if (head !== header) throw new Error(`The order data begins with "${head}" instead of "${header}".`)
  const invoices: { number: string; at: string; country: string; lines: OrderLine[] }[] = []
  let read = 0
  for (const row of rows) {
    const [at, number, sku, name, quantity, country] = parseRow(row)
    let invoice = invoices.at(-1)
    if (invoice?.number !== number) {
      if (read >= lines) break
      invoice = { number, at, country, lines: [] }
      invoices.push(invoice)
    }
    invoice.lines.push({ sku, name, quantity: parseQuantity(quantity, row) })
    read += 1
  }
  return invoices
}

type Row = [at: string, invoice: string, sku: string, name: string, quantity: string, country: string]

/** Cells are bare or in double quotes, in which a quote is written twice; no cell holds a line break. */
function parseRow(row: string): Row {
  const cells = [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
  if (cells.length !== 6) throw new Error(`An order line has ${cells.length} cells instead of 6: ${row}`)
  return cells as Row
}

function parseQuantity(text: string, row: string): number {
  const quantity = Number(text)
  if (!Number.isSafeInteger(quantity) || quantity === 0) throw new Error(`An order line has no quantity: ${row}`)
  return quantity
}

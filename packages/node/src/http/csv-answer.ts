/**
 * A list as a CSV file, page by page, so that a long one never lies in memory. The first page is read before anything is
 * sent, so that a failure can still be told.
 */
import { once } from 'node:events'
import type { List } from '@stockmesh/protocol'
import type { Request, Response } from 'express'
import { encodeCsv, encodeCsvHead } from './csv.ts'

export interface CsvList {
  /** Of the file, without `.csv`. */
  readonly name: string
  readonly columns: readonly string[]
  /** Before the first line. */
  readonly mark: '' | '\uFEFF'
  /** Only the first page. */
  readonly onePage: boolean
  /** The page that follows a cursor; null: the first. */
  page(after: string | null): Promise<List<object>>
}

export async function answerCsv(request: Request, response: Response, list: CsvList): Promise<void> {
  const { name, columns, mark, onePage } = list
  let page = await list.page(null)
  response.attachment(`${name}.csv`).type('text/csv; charset=utf-8')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  response.write(mark + encodeCsvHead(columns))
  for (;;) {
    const more = response.write(encodeCsv(columns, page.items))
    if (onePage || page.next === null || response.destroyed) break
    if (!more) await Promise.race([once(response, 'drain'), once(response, 'close')])
    page = await list.page(page.next)
  }
  response.end()
}

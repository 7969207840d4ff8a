/**
 * A list as a CSV file, page by page, so that a long one never lies in memory. The first page is read before anything is
 * sent, so that a failure can still be told.
 */
import { pipeline } from 'node:stream/promises'
import type { List } from '@stockmesh/protocol'
import type { Request, Response } from 'express'
import { type CsvLocale, encodeCsv, encodeCsvHead } from './csv.ts'
import { csvLocaleOf } from './csv-locale.ts'
import type { CsvColumn } from './csv-text.ts'

export interface CsvList {
  /** Of the file, without `.csv`. */
  readonly name: string
  readonly columns: readonly CsvColumn[]
  /** Before the first line of the plain form. */
  readonly mark: '' | '\uFEFF'
  /** Only the first page. */
  readonly onePage: boolean
  /** The page that follows a cursor; null: the first. */
  page(after: string | null): Promise<List<object>>
}

export async function answerCsv(request: Request, response: Response, list: CsvList): Promise<void> {
  const { name } = list
  const locale = csvLocaleOf(request)
  const first = await list.page(null)
  response.attachment(`${name}.csv`).type('text/csv; charset=utf-8')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(partsOf(list, first, locale), response)
  } catch (error) {
    // A caller that goes away in the middle is no failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** A page is read when the one before it has left. */
async function* partsOf(list: CsvList, first: List<object>, locale: CsvLocale): AsyncGenerator<string> {
  const { columns, mark, onePage } = list
  // Without the mark Excel takes UTF-8 for another alphabet.
  yield (locale === null ? mark : '\uFEFF') + encodeCsvHead(columns, locale)
  let { items, next } = first
  for (;;) {
    yield encodeCsv(columns, items, locale)
    if (onePage || next === null) return
    ;({ items, next } = await list.page(next))
  }
}

/** `locale` in the query of a CSV: for whose spreadsheet it is. It belongs to the file, and not to the list. */
import { languages } from '@stockmesh/protocol'
import type { Request } from 'express'
import { z } from 'zod'
import type { CsvLocale } from './csv.ts'
import { parseQuery } from './request-body.ts'

const localeQuery = z.object({ locale: z.enum(languages).optional() })

/** Errors: 400 `query-invalid`. */
export function csvLocaleOf(request: Request): CsvLocale {
  return parseQuery(localeQuery, request.query).locale ?? null
}

/** The query as the list itself takes it. */
export function withoutLocale(query: Request['query']): Request['query'] {
  const { locale: _, ...rest } = query
  return rest
}

/** As the description of the interface has it. */
export const localeParameter: Readonly<Record<string, unknown>> = {
  name: 'locale',
  in: 'query',
  description: 'Words, separator and decimal sign as spreadsheets of this language read them; without it plain.',
  schema: { type: 'string', enum: [...languages] },
}

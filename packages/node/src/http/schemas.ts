/**
 * What every call of `/api/v1` may carry, as strict schemas: an unknown field is a mistake that is told, never one
 * that is ignored. The interface's own description is generated from the same schemas.
 */
import { type Language, languages, limits } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { stockState } from './answers.ts'
import {
  filterCharactersMax,
  listItemsDefault,
  listItemsMax,
  passwordCharactersMax,
  passwordCharactersMin,
} from './limits.ts'
import type { LogQuery, PageQuery, ProblemsQuery, StockQuery } from './node-api.ts'

const stockSorts = ['sku', 'name', 'level', '-level', '-updatedAt'] as const

/** Marks the one fault of a query that has a code of its own. */
export const limitTooLarge: string = 'limit-too-large'

const filter = z
  .string()
  .max(filterCharactersMax)
  .optional()
  .transform((text) => (text === undefined || text === '' ? null : text))

/** A query is text; what the text must be is a whole number. */
export function describedLimit(maximum: number, fallback: number): Readonly<Record<string, unknown>> {
  const description = `Items of the page; ${fallback} if it is not given.`
  return { description, type: 'integer', minimum: 1, maximum, pattern: undefined }
}

const page = {
  after: z
    .string()
    .max(4 * filterCharactersMax)
    .optional()
    .transform((text) => text ?? null)
    .describe('Where the page begins: `next` of the page before it.'),
  limit: z
    .string()
    .regex(/^\d{1,9}$/, 'Write a whole number.')
    .optional()
    .transform((text) => (text === undefined ? listItemsDefault : Number(text)))
    .refine((limit) => limit >= 1, 'The smallest limit is 1.')
    .refine((limit) => limit <= listItemsMax, {
      error: `The largest limit is ${listItemsMax}.`,
      params: { code: limitTooLarge },
    })
    .meta(describedLimit(listItemsMax, listItemsDefault)),
}

export const emptyQuery: ZodType<object> = z.strictObject({})
export const pageQuery: ZodType<PageQuery> = z.strictObject(page)
export const stockQuery: ZodType<StockQuery> = z.strictObject({
  ...page,
  q: filter.describe('A part of the SKU or the name.'),
  state: stockState.optional().transform((state) => state ?? null),
  sku: filter,
  behind: filter.describe('The id of a member: only SKUs with something that it has not claimed.'),
  sort: z
    .enum(stockSorts)
    .optional()
    .transform((sort) => sort ?? 'sku'),
})
export const logQuery: ZodType<LogQuery> = z.strictObject({ ...page, sku: filter, member: filter, cause: filter })
export const problemsQuery: ZodType<ProblemsQuery> = z.strictObject({ ...page, member: filter })
export const importPreviewQuery: ZodType<PageQuery & { readonly sort: '-change' }> = z.strictObject({
  ...page,
  sort: z.literal('-change').default('-change').describe('The largest change first; there is no other order.'),
})
export const joinRequestsQuery: ZodType<PageQuery & { all: boolean }> = z
  .strictObject({ ...page, state: z.enum(['open', 'all']).optional() })
  .transform(({ after, limit, state }) => ({ after, limit, all: state === 'all' }))

export interface SetupBody {
  readonly token: string
  readonly password: string
  readonly name: string
  readonly language: Language
}

export interface SessionBody {
  readonly password: string
}

export interface JoinBody {
  readonly address: string
  readonly importWhenAccepted: boolean
}

export interface AcceptBody {
  readonly code: string
}

export interface ImportBody {
  /** The preview that the admin saw; null if none was looked at. */
  readonly preview: string | null
}

export interface LeaveBody {
  /** Leave though nobody has heard of all of this shop's changes. */
  readonly force: boolean
}
export interface ProblemActionBody {
  /** The problem as the person saw it; one that grew meanwhile is not acted on. */
  readonly version: number
}

/** What a shop is called. */
export const shopName: ZodType<string> = z.string().trim().min(1).max(limits.shopNameCharactersMax)

export const emptyBody: ZodType<object> = z.strictObject({})
export const newPassword: ZodType<string> = z.string().min(passwordCharactersMin).max(passwordCharactersMax)
export const setupBody: ZodType<SetupBody> = z.strictObject({
  token: z.string().max(200),
  password: newPassword,
  name: shopName,
  language: z.enum(languages),
})
export const sessionBody: ZodType<SessionBody> = z.strictObject({ password: z.string().max(passwordCharactersMax) })
export const joinBody: ZodType<JoinBody> = z.strictObject({
  address: z.string().trim().min(1).max(limits.addressCharactersMax),
  importWhenAccepted: z.boolean().default(false),
})
export const acceptBody: ZodType<AcceptBody> = z.strictObject({ code: z.string().min(1).max(100) })
export const importBody: ZodType<ImportBody> = z.strictObject({
  preview: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe('The id of the preview that was seen; refused if it does not hold any more.'),
})
export const leaveBody: ZodType<LeaveBody> = z.strictObject({ force: z.boolean().default(false) })
export const problemActionBody: ZodType<ProblemActionBody> = z.strictObject({ version: z.int().min(0) })

/**
 * Where a shop's own database keeps its stock: one table, and the columns in it. Names are taken as they are spelled in
 * the database's catalogue; of conditions there is no more than equality, so that all SQL is made here.
 */
import { z, type ZodType } from 'zod'

export interface Condition {
  readonly column: string
  /** As text; null: the column is null. */
  readonly equals: string | null
  readonly isNegated: boolean
}

export interface Mapping {
  /** Null: the one in which unqualified names are found; with MariaDB always the database itself. */
  readonly schema: string | null
  readonly table: string
  readonly idColumn: string
  readonly skuColumn: string
  readonly nameColumn: string | null
  readonly stockColumn: string
  /** The product that a row is a variant of. */
  readonly parentColumn: string | null
  /** Which rows are goods of this shop: all of these hold. */
  readonly where: readonly Condition[]
}

/** What both databases take inside quotes, and what neither the SQL here nor a trigger's text gives a meaning. */
const plain = /^[^\p{Cc}"`'?$\\;]{1,63}$/u

export const columnName: ZodType<string> = z
  .string()
  .trim()
  .regex(plain, 'must be a name without quotes, of at most 63 characters')

export const tableName: ZodType<string> = z
  .string()
  .trim()
  .refine(
    (text) => text.split('.').length <= 2 && text.split('.').every((part) => plain.test(part)),
    'must be a table, or schema.table',
  )

const conditionForm = /^\s*(?<column>[^=!\s]+)\s*(?:(?<sign>=|!=)\s*(?<value>.*?)|is\s+(?<not>not\s+)?null)\s*$/i

/** `deleted = 0 and site = 2`, `removed_at is null`: equality alone, each value as it is, without quotes. */
export const conditions: ZodType<readonly Condition[]> = z.string().transform((text, context) => {
  const parts = text.trim() === '' ? [] : text.split(/\s+and\s+/i)
  return parts.flatMap((part): Condition[] => {
    const groups = conditionForm.exec(part)?.groups
    const { column = '', sign, value = '', not } = groups ?? {}
    if (
      groups === undefined ||
      !plain.test(column) ||
      (sign !== undefined && !/^[^\p{Cc}"`'?$\\;]{1,200}$/u.test(value))
    ) {
      context.addIssue({ code: 'custom', message: 'must be such as "deleted = 0 and removed_at is null"' })
      return []
    }
    return [
      sign === undefined
        ? { column, equals: null, isNegated: not !== undefined }
        : { column, equals: value, isNegated: sign === '!=' },
    ]
  })
})

/** Every column that the mapping names. */
export function columnsOf(mapping: Mapping): readonly string[] {
  const { idColumn, skuColumn, nameColumn, stockColumn, parentColumn, where } = mapping
  const named = [idColumn, skuColumn, nameColumn, stockColumn, parentColumn, ...where.map(({ column }) => column)]
  return [...new Set(named.filter((column) => column !== null))]
}

/**
 * Lists that a person or a script sends: stock counts and received goods, each as a bare array or as `{items}`. A line
 * that does not fit is refused alone, with its reason; it never holds up the others.
 */
import { checkAsOf, failure, limits, type Result, success } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'

/** A line as it was sent: the SKU's spelling, and what it asks for or why it is refused. */
export interface GivenLine<Line> {
  readonly sku: string
  readonly line: Result<Line>
}

export interface CountedLine {
  readonly quantity: number
  readonly unsent: number
  /** When counting began, in milliseconds since 1970; null: when the call came. */
  readonly asOf: number | null
}

export interface DeliveredLine {
  readonly quantity: number
}

export interface ListBody {
  readonly items: readonly unknown[]
}

export interface DeliveryBody extends ListBody {
  /** What the log shows beside it: a delivery note's number or the like. */
  readonly note: string | null
}

const counted = {
  quantity: wholeFrom(0, limits.stockUnitsMax),
  asOf: z.iso
    .datetime({ offset: true, error: 'Write a time as in 2026-03-01T12:00:00Z.' })
    .transform((text) => Date.parse(text))
    .optional(),
  unsent: wholeFrom(0, limits.stockUnitsMax).optional(),
}
const sku = z.string()

/** The body of a count of one SKU. */
export const countBody: ZodType<CountedLine> = z.strictObject(counted).transform(countedLine)
const countLine = z.strictObject({ sku, ...counted })
const deliveredLine = z.strictObject({ sku, quantity: wholeFrom(1, limits.deltaUnitsMax) })

export const countsBody: ZodType<ListBody> = listOf(z.strictObject({ items: linesOf(countLine) }))
export const deliveryBody: ZodType<DeliveryBody> = listOf(
  z.strictObject({
    items: linesOf(deliveredLine),
    note: z
      .string()
      .trim()
      .max(limits.referenceCharactersMax)
      .optional()
      .transform((note) => (note === undefined || note === '' ? null : note)),
  }),
)

export const dryRunQuery: ZodType<{ readonly dryRun: boolean }> = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => text === 'true'),
})

/** `now`: when the call came. Codes of lines: `quantity-invalid`, `line-invalid`, `as-of-future`, `as-of-too-old`. */
export function parseCountLines(items: readonly unknown[], now: number): readonly GivenLine<CountedLine>[] {
  return items.map((item) => parseLine(item, countLine, (line) => checkCounted(countedLine(line), now)))
}

export function parseDeliveredLines(items: readonly unknown[]): readonly GivenLine<DeliveredLine>[] {
  return items.map((item) => parseLine(item, deliveredLine, ({ quantity }) => success({ quantity })))
}

/** Errors: `as-of-future`, `as-of-too-old`. */
export function checkCounted(line: CountedLine, now: number): Result<CountedLine> {
  if (line.asOf === null) return success(line)
  const asOf = checkAsOf(line.asOf, now)
  return asOf.ok ? success({ ...line, asOf: asOf.value }) : asOf
}

function countedLine(line: z.output<z.ZodObject<typeof counted>>): CountedLine {
  return { quantity: line.quantity, unsent: line.unsent ?? 0, asOf: line.asOf ?? null }
}

function parseLine<Given, Line>(
  item: unknown,
  schema: ZodType<Given>,
  read: (given: Given) => Result<Line>,
): GivenLine<Line> {
  const named = z.object({ sku }).safeParse(item)
  const parsed = schema.safeParse(item)
  return { sku: named.success ? named.data.sku : '', line: parsed.success ? read(parsed.data) : unfit(parsed.error) }
}

function unfit({ issues: [issue] }: z.ZodError): Result<never> {
  const path = issue?.path.join('.') ?? ''
  const what = issue?.message.replace(/\.?$/, '.') ?? 'It is not what was expected.'
  if (path === 'quantity') return failure('quantity-invalid', `The quantity does not fit: ${what}`)
  return failure('line-invalid', `The line does not fit at "${path}": ${what}`)
}

function wholeFrom(least: number, most: number): z.ZodNumber {
  const sentence = `Write a whole number from ${least} to ${most.toLocaleString('en-GB')}.`
  return z.int(sentence).min(least, sentence).max(most, sentence)
}

/** What a line should be is in the interface's description; what it is, is looked at line by line. */
function linesOf(line: ZodType): ZodType<unknown[]> {
  return z
    .array(z.unknown().meta({ ...z.toJSONSchema(line, { io: 'input' }), $schema: undefined }))
    .max(limits.stockLinesMax)
}

function listOf<Body extends ListBody>(body: ZodType<Body>): ZodType<Body> {
  return z
    .preprocess((given) => (Array.isArray(given) ? { items: given as unknown[] } : given), body)
    .describe('The list may also come alone, without the object around it.')
}

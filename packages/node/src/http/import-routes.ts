/**
 * What an import will do to the shop, before anything is written; and afterwards the two ways to take it back: this
 * shop gets its own numbers again, or the network gets them.
 */
import {
  type CountAnswer,
  type ImportAnswer,
  type ImportPreview,
  type ImportPreviewItem,
  type ImportWord,
  limits,
  type List,
} from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly, time, units } from './answer-schema.ts'
import { importAnswer } from './answers.ts'
import type { PageQuery } from './node-api.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import { importPreviewQuery } from './schemas.ts'
import { changeAnswer, changeRefusals } from './stock-change-routes.ts'
import { dryRunQuery } from './stock-lines.ts'

/** What these calls need from the node. Every method may throw an `ApiFailure`. */
export interface ImportApi {
  /** Error: 409 `no-preview`. */
  importPreview(): ImportPreview
  /** The largest change first. Error: 409 `no-preview`. */
  importPreviewItems(query: PageQuery): List<ImportPreviewItem>
  /** Pauses the shop; answers when it is under way. Errors: 409 `nothing-to-undo`, 409 `superseded`. */
  undoImport(): Promise<ImportAnswer>
  /**
   * Answers when it holds: after a pause nothing is being written. Errors: 409 `import-not-running`,
   * 409 `import-cancelling`, 409 `import-not-noted`, 409 `shop-paused`, 409 `superseded`.
   */
  sayOfImport(word: ImportWord): Promise<ImportAnswer>
  /** `skus`: null for all that the import touched. Errors: 409 `nothing-to-undo`, and those of `changeRefusals`. */
  useThisShop(request: { readonly skus: readonly string[] | null; readonly dryRun: boolean }): Promise<CountAnswer>
}

export const importPreview: ZodType<ImportPreview> = exactly<ImportPreview>()(
  z
    .strictObject({
      id: z.string().describe('Goes with the start of the import, which is then refused if more than sales changed.'),
      at: time,
      matched: amount.describe('SKUs that this shop and the network both have a number for.'),
      differ: amount.describe('Of them, those whose number in this shop changes.'),
      onlyHere: amount.describe("SKUs that the network does not know: they begin with this shop's number."),
      onlyNetwork: amount.describe('SKUs of other shops that this one does not sell.'),
      unitsChanged: amount.describe('Sum of the sizes of the changes.'),
      toZero: amount,
    })
    .meta({ id: 'ImportPreview' }),
)

export const importPreviewItem: ZodType<ImportPreviewItem> = exactly<ImportPreviewItem>()(
  z.strictObject({ sku: z.string(), name: z.string(), from: units, to: units }).meta({ id: 'ImportPreviewItem' }),
)

const useThisShopBody: ZodType<{ readonly skus: readonly string[] | null }> = z.strictObject({
  skus: z
    .array(z.string().max(limits.skuCharactersMax))
    .min(1)
    .max(limits.stockLinesMax)
    .nullable()
    .default(null)
    .describe('Absent: all that the import touched.'),
})

export function importPreviewRoutes(node: ImportApi): readonly Route[] {
  return [
    defineRoute('GET', '/import/preview', {
      summary: 'What the import will do to this shop, in totals; there is one while it waits to be started.',
      access: 'viewer',
      answers: importPreview,
      errors: { 'no-preview': 409 },
      answer: () => node.importPreview(),
    }),
    defineList('/import/preview/items', {
      summary: 'Every SKU whose number in this shop the import will change, the largest change first.',
      access: 'viewer',
      item: importPreviewItem,
      errors: { 'no-preview': 409 },
      query: importPreviewQuery,
      columns: ['sku', 'name', 'from', 'to'] satisfies (keyof ImportPreviewItem)[],
      page: (query) => node.importPreviewItems(query),
    }),
    defineRoute('POST', '/import/pause', {
      summary:
        'Holds the import where it is; answers once nothing is being written to the shop. What the shop sells is counted on.',
      answers: importAnswer,
      errors: { 'import-not-running': 409, 'import-cancelling': 409 },
      answer: () => node.sayOfImport('pause'),
    }),
    defineRoute('POST', '/import/resume', {
      summary: 'Lets a paused import go on where it was.',
      answers: importAnswer,
      errors: { 'import-not-running': 409, 'import-cancelling': 409 },
      answer: () => node.sayOfImport('resume'),
    }),
    defineRoute('POST', '/import/cancel', {
      summary:
        'Takes back all that the import has written to the shop; when that is done it is `ready` to be started, as if it had not been.',
      answers: importAnswer,
      errors: { 'import-not-running': 409, 'import-not-noted': 409, 'shop-paused': 409 },
      answer: () => node.sayOfImport('cancel'),
    }),
    defineRoute('POST', '/import/undo', {
      summary:
        'Pauses this shop and adjusts each SKU by minus what the import adjusted; what was sold since stays, and no other shop changes.',
      answers: importAnswer,
      errors: { 'nothing-to-undo': 409, superseded: 409 },
      answer: () => node.undoImport(),
    }),
    defineRoute('POST', '/import/use-this-shop', {
      summary:
        "This shop's number before its import becomes the network's, with all that every shop moved since, as a stock count.",
      answers: changeAnswer,
      errors: { ...changeRefusals, 'nothing-to-undo': 409 },
      query: dryRunQuery,
      body: useThisShopBody,
      answer: ({ query: { dryRun }, body: { skus } }) => node.useThisShop({ skus, dryRun }),
    }),
  ]
}

/** What was done over the interface, as a list. */
import type { AdminActItem } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import type { AdminLog } from './admin-log.ts'
import { exactly, time } from './answer-schema.ts'
import { defineList, type Route } from './route.ts'
import { pageQuery } from './schemas.ts'

export const adminActItem: ZodType<AdminActItem> = exactly<AdminActItem>()(
  z
    .strictObject({
      id: z.string(),
      at: time,
      by: z
        .enum(['session', 'token', 'command-line', 'environment', 'nobody'])
        .describe('A browser that signed in, a token, the token beside the node or that of its environment.'),
      name: z.string().nullable().describe('Of a token its name; of a session a mark that tells it from others.'),
      address: z
        .string()
        .nullable()
        .describe('The address that the call came from, or that the trusted proxy named; null: not known.'),
      call: z.string(),
      subject: z.string().nullable().describe('What it was about; never a secret.'),
      result: z.string().nullable().describe('`done`, or the code of the refusal; null: begun when the node ended.'),
    })
    .meta({ id: 'AdminAct' }),
)

export function adminLogRoutes(log: AdminLog): readonly Route[] {
  return [
    defineList('/admin-log', {
      summary: 'What was done in the pages and over the interface, by whom and with which result, the newest first.',
      access: 'viewer',
      item: adminActItem,
      query: pageQuery,
      columns: ['at', 'by', 'name', 'address', 'call', 'subject', 'result'] satisfies (keyof AdminActItem)[],
      page: (query) => log.page(query),
    }),
  ]
}

/**
 * `/events`: what changes, as it changes. The data of an event is the item of the list that it belongs to.
 */
import { z, type ZodType } from 'zod'
import { importAnswer, logItem, memberStatus, problemItem, stockItem } from './answers.ts'
import { eventPingMs, eventsKeptMax } from './limits.ts'
import { defineStream, type OpenStream, type Route } from './route.ts'

/** Told of a member that is none any more, and of a problem that is none any more. */
const left = z.object({ left: z.boolean() })
const solved = z.object({ solved: z.boolean() })

const eventData: ZodType = z.union([
  stockItem.describe('stock'),
  z.intersection(memberStatus, left).describe('member'),
  importAnswer.describe('import'),
  z.intersection(problemItem, solved).describe('problem'),
  logItem.describe('log'),
  z.strictObject({}).describe('reset, ping'),
])

export function eventsRoutes(open: OpenStream): readonly Route[] {
  return [
    defineStream('/events', {
      summary:
        `Server-sent events: stock, member, import, problem and log with the item of that list, and a ping every ${eventPingMs / 1_000} s. ` +
        `Goes on after the Last-Event-ID; ${eventsKeptMax} are kept, and reset says that some are gone: read the lists again.`,
      access: 'viewer',
      event: eventData,
      errors: { 'too-many-streams': 503, 'node-stopping': 503 },
      open,
    }),
  ]
}

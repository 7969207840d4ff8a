/** The sentences about who may open the pages and the interface, and what they did. */
import type { AdminActItem } from '@stockmesh/protocol/api'

export interface AccessTexts {
  readonly viewers: ViewersText
  readonly tokens: TokensText
  readonly adminLog: AdminLogText
}

interface TokensText {
  readonly title: string
  readonly intro: string
  readonly none: string
  readonly name: string
  readonly nameHint: string
  readonly role: string
  readonly roles: Readonly<Record<'admin' | 'viewer', string>>
  readonly make: string
  made(name: string): string
  readonly unused: string
  used(at: string): string
  readonly revoke: string
}

interface ViewersText {
  readonly title: string
  readonly intro: string
  readonly none: string
  readonly some: string
  readonly password: string
  readonly passwordHint: string
  readonly save: string
  readonly remove: string
  readonly saved: string
  readonly removed: string
}

interface AdminLogText {
  readonly title: string
  readonly intro: string
  readonly none: string
  readonly unknown: string
  readonly by: Readonly<Record<AdminActItem['by'], string>>
  readonly calls: Readonly<Record<ActName, string>>
}

/** Calls that leave a line, as they stand in the table of calls. */
export type ActName =
  | 'GET /backup'
  | 'DELETE /join'
  | 'DELETE /members/:id'
  | 'DELETE /session'
  | 'DELETE /tokens/:id'
  | 'DELETE /viewer-password'
  | 'PATCH /node'
  | 'PATCH /settings'
  | 'PATCH /stock/:sku'
  | 'POST /connector'
  | 'POST /connector/test'
  | 'POST /counts'
  | 'POST /import'
  | 'POST /import/cancel'
  | 'POST /import/pause'
  | 'POST /import/resume'
  | 'POST /import/undo'
  | 'POST /import/use-this-shop'
  | 'POST /join'
  | 'POST /join-requests/:id/accept'
  | 'POST /join-requests/:id/refuse'
  | 'POST /leave'
  | 'POST /members/:id/undo'
  | 'POST /partition-guard'
  | 'POST /password'
  | 'POST /pause'
  | 'POST /problems/:id/:action'
  | 'POST /received'
  | 'POST /resume'
  | 'POST /resume-all'
  | 'POST /session'
  | 'POST /settings/alerts/test'
  | 'POST /setup'
  | 'POST /stock/:sku/count'
  | 'POST /stop-all'
  | 'POST /tokens'
  | 'POST /viewer-password'

/** What the HTTP interface answers about who may call it. */

/** A line of what was done over the interface. */
export interface AdminActItem {
  readonly id: string
  readonly at: string
  readonly by: 'session' | 'token' | 'command-line' | 'environment' | 'nobody'
  /** Of a token its name; of a session a mark that tells it from others. */
  readonly name: string | null
  /** Where the call came from; null: not known. */
  readonly address: string | null
  /** As in the table of calls: `POST /members/:id/undo`. */
  readonly call: string
  readonly subject: string | null
  /** `done`, or the code of the refusal; null: begun when the node ended. */
  readonly result: string | null
}

/** A token of a program, without the token itself. */
export interface ApiTokenItem {
  readonly id: string
  readonly name: string
  readonly role: 'admin' | 'viewer'
  readonly createdAt: string
  /** To the minute; null: not used yet. */
  readonly usedAt: string | null
}

/** Told once, when it is made. */
export interface MadeApiToken extends ApiTokenItem {
  readonly token: string
}

/** Whether somebody can sign in to look only. */
export interface ViewerPasswordAnswer {
  readonly set: boolean
}

/**
 * One call of an HTTP interface as its description needs it: where it is, who may make it, what it takes and answers.
 * Tables of routes are turned into these; nothing here answers anything.
 */
import type { ZodType } from 'zod'
import type { ErrorCodes, Method, Route } from './route.ts'

export interface Operation {
  readonly method: Method
  /** Whole, with `:name` for a part that varies. */
  readonly path: string
  readonly summary: string
  /** `visitor`: also without a login, where the shop is open. */
  readonly access: 'anyone' | 'visitor' | 'viewer' | 'admin'
  readonly query: ZodType
  /** null where the method has none. */
  readonly body: ZodType | null
  readonly status: number
  readonly type: 'application/json' | 'application/octet-stream' | 'text/csv' | 'text/event-stream' | 'text/plain'
  /** Of a stream: the data of an event. null where there is nothing but a status, or text. */
  readonly answers: ZodType | null
  /** Another status whose answer has the same shape; null where there is none. */
  readonly otherStatus: number | null
  readonly errors: ErrorCodes
}

/** The calls of a table that is mounted at `base`, lists with their `.csv`. */
export function operationsOf(routes: readonly Route[], base: string): readonly Operation[] {
  return routes.flatMap((route) => {
    const { method, summary, access, query, body } = route
    const errors = { ...callErrors(route), ...route.errors }
    const path = base + route.path
    const type = route.stream?.type ?? 'application/json'
    const answers = type === 'application/octet-stream' ? null : route.answers
    const common = { method, summary, access, query, status: 200, otherStatus: null, errors }
    const called = { ...common, path, body: method === 'GET' ? null : body, type, answers } as const
    return route.list === null ? [called] : [called, csvOf(called)]
  })
}

/** The twin of a list. */
export function csvOf(list: Operation): Operation {
  const summary = `${list.summary.slice(0, -1)}, as CSV.`
  return { ...list, path: `${list.path}.csv`, summary, type: 'text/csv', answers: null }
}

/** What every call of `/api/v1` may be refused with, by its kind. */
function callErrors({ method, path, access, signsIn, notByToken, list }: Route): ErrorCodes {
  return {
    ...(access === 'anyone' ? {} : { 'signed-out': 401, 'token-refused': 401 }),
    ...(access === 'admin' ? { 'admin-needed': 403 } : {}),
    ...(notByToken ? { 'person-needed': 403 } : {}),
    ...(method === 'GET' ? {} : { ...bodyErrors, 'cross-site': 403 }),
    ...(method === 'POST' && !signsIn ? idempotencyErrors : {}),
    ...(path.includes(':') ? pathErrors : {}),
    ...(list === null ? {} : { ...listErrors, 'cursor-invalid': 400 }),
    'query-invalid': 400,
    ...storageErrors,
    ...(access === 'anyone' ? {} : { 'node-restarting': 503 }),
  }
}

export const bodyErrors: ErrorCodes = { 'body-invalid': 400, 'body-too-large': 413, 'content-type': 415 }
export const idempotencyErrors: ErrorCodes = { 'idempotency-key-invalid': 400, 'idempotency-key-reused': 422 }
export const pathErrors: ErrorCodes = { 'path-invalid': 400 }
export const listErrors: ErrorCodes = { 'limit-too-large': 400 }
const storageErrors: ErrorCodes = { 'storage-failed': 503 }

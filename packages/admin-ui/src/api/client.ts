/**
 * Calls of the node's and the shop's HTTP interface. Every failure is an `ApiFailure` with the answer's stable code;
 * an answer that never came has the code `unreachable`, so that pages have one kind of failure to show.
 */
import type { ApiError } from '@stockmesh/protocol/api'
import { type ReadonlySignal, signal } from '@preact/signals'

export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
    this.details = details
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A node that is busy answers within seconds; a dead one must not leave a page waiting for ever. */
const readMsMax = 20_000
/** Leaving waits up to a minute for another shop to hold everything; joining looks for the other node. */
const sendMsMax = 90_000

const refusals = signal(0)
/** Grows when a call was refused because nobody is signed in. */
export const signedOutCount: ReadonlySignal<number> = refusals

export function readApi<T>(path: string): Promise<T> {
  return call<T>('GET', path, undefined, null)
}

/** An unsafe call. The same `idempotencyKey` sent twice is done once. */
export function sendApi<T>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown = {},
  idempotencyKey: string | null = null,
): Promise<T> {
  return call<T>(method, path, body, idempotencyKey)
}

/** Works without a secure context too, where `crypto.randomUUID` does not exist. */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function failureOf(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) {
    return thrown
  }
  return new ApiFailure(0, 'unreachable', thrown instanceof Error ? thrown.message : String(thrown))
}

async function call<T>(method: Method, path: string, body: unknown, idempotencyKey: string | null): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method !== 'GET') {
    headers['content-type'] = 'application/json'
    headers['x-stockmesh'] = '1'
  }
  if (idempotencyKey !== null) {
    headers['idempotency-key'] = idempotencyKey
  }
  const patience = AbortSignal.timeout(method === 'GET' ? readMsMax : sendMsMax)
  const request: RequestInit = { method, headers, signal: patience, cache: 'no-store' }
  const response = await fetch(path, body === undefined ? request : { ...request, body: JSON.stringify(body) })
  const answer = parseJson(await response.text())
  if (response.ok) {
    return answer as T
  }
  if (response.status === 401) {
    refusals.value += 1
  }
  throw isApiError(answer)
    ? new ApiFailure(response.status, answer.error.code, answer.error.message, answer.error.details ?? {})
    : new ApiFailure(response.status, response.status >= 502 ? 'unreachable' : 'answer-invalid', response.statusText)
}

function parseJson(body: string): unknown {
  if (body === '') {
    return null
  }
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function isApiError(answer: unknown): answer is ApiError {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) {
    return false
  }
  const error: unknown = answer.error
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error
}

/**
 * Reading what a caller sent: JSON bodies within a limit, then bodies and queries by their schemas. Every fault is an
 * `ApiFailure` that names the first field that does not fit.
 */
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { ZodError, ZodType } from 'zod'
import { bodyBytesMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { limitTooLarge } from './schemas.ts'

const readJson = json({ limit: bodyBytesMax, strict: false, type: () => true })

/** Leaves the parsed body in `request.body`; no body means `{}`. Errors: 415 `content-type`, 413, 400. */
export const readBody: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
  if (!hasBody(request)) {
    request.body = {}
    next()
    return
  }
  if (request.is('application/json') === false) {
    next(new ApiFailure(415, 'content-type', 'Send the body as application/json.'))
    return
  }
  readJson(request, response, (error?: unknown) => next(error === undefined ? error : bodyFailure(error)))
}

/** Errors: 400 `body-invalid` with `details.path`. */
export function parseBody<T>(schema: ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const { path, message } = firstFault(parsed.error)
  throw new ApiFailure(400, 'body-invalid', `The body does not fit${placeOf(path)}: ${message}`, { path })
}

/** Errors: 400 `limit-too-large`, 400 `query-invalid` with `details.path`. */
export function parseQuery<T>(schema: ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const { path, message, code } = firstFault(parsed.error)
  if (code === limitTooLarge) throw new ApiFailure(400, limitTooLarge, message, { path })
  throw new ApiFailure(400, 'query-invalid', `The query does not fit${placeOf(path)}: ${message}`, { path })
}

/** What a body reader throws has a `type`, or at least the status that it means. */
export function bodyFailure(error: unknown): unknown {
  const { type, status } = error as { readonly type?: unknown; readonly status?: unknown }
  switch (type) {
    case 'entity.parse.failed':
      return new ApiFailure(400, 'body-invalid', 'The body is not JSON.', { path: '' })
    case 'entity.too.large':
      return new ApiFailure(413, 'body-too-large', `The body is over ${bodyBytesMax} bytes. Send less at a time.`)
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new ApiFailure(415, 'content-type', 'Send the body as application/json in UTF-8.')
    case 'request.aborted':
    case 'request.size.invalid':
      return new ApiFailure(400, 'body-invalid', 'The body did not arrive whole.', { path: '' })
    default:
      if (status !== 400) return error
      return new ApiFailure(400, 'body-invalid', 'The body is not packed as its Content-Encoding says.', { path: '' })
  }
}

function hasBody(request: Request): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

function placeOf(path: string): string {
  return path === '' ? '' : ` at "${path}"`
}

function firstFault(error: ZodError): { path: string; message: string; code: unknown } {
  const issue = error.issues[0]
  if (issue === undefined) return { path: '', message: 'It is not what was expected.', code: undefined }
  const unknownField = issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : []
  const path = [...issue.path, ...unknownField].map(String).join('.')
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined
  // The library's own texts end without a full stop.
  const message = /[.!]$/.test(issue.message) ? issue.message : `${issue.message}.`
  return { path, message, code }
}

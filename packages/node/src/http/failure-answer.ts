/**
 * Every error as `{"error":{code,message,details}}`. What we know is told with its own code; anything else is logged
 * and told as `internal`, because its message could hold what is not the caller's business.
 */
import type { ApiError } from '@stockmesh/protocol'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { StorageError } from '../storage/storage.ts'
import { ApiFailure } from './node-api.ts'

export const answerNotFound: RequestHandler = (request, _response, next) => {
  next(new ApiFailure(404, 'not-found', `There is nothing at ${request.baseUrl}${request.path}.`))
}

export function answerFailures(logger: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const failure = knownFailure(error)
    if (failure === null || failure.status >= 500) {
      logger.error({ err: error, method: request.method, path: request.path }, 'a request failed')
    }
    if (response.headersSent) {
      response.destroy()
      return
    }
    const { status, code, message, details } =
      failure ?? new ApiFailure(500, 'internal', 'Something failed inside the node. Its log says what.')
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
    response.status(status).json({ error: { code, message, details } } satisfies ApiError)
  }
}

function knownFailure(error: unknown): ApiFailure | null {
  if (error instanceof ApiFailure) return error
  if (error instanceof StorageError) {
    const message = 'The node cannot use its disk right now. Nothing was changed; try again in a moment.'
    return new ApiFailure(503, 'storage-failed', message)
  }
  if (error instanceof URIError) return new ApiFailure(400, 'path-invalid', 'The address holds a broken % sign.')
  return null
}

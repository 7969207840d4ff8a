/**
 * Mounts a table of routes. Each path also knows which methods it takes: another one is refused with 405 and the list.
 */
import type { RequestHandler, Router } from 'express'
import { ApiFailure } from './node-api.ts'
import type { Method } from './route.ts'

export interface Mounted {
  readonly method: Method
  readonly path: string
  readonly handlers: readonly RequestHandler[]
}

export function mountTable(router: Router, table: readonly Mounted[]): void {
  const methodsOf = new Map<string, Method[]>()
  for (const { method, path, handlers } of table) {
    const mounting = router.route(path)
    if (method === 'GET') mounting.get(...handlers)
    else if (method === 'POST') mounting.post(...handlers)
    else if (method === 'PATCH') mounting.patch(...handlers)
    else mounting.delete(...handlers)
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method])
  }
  for (const [path, methods] of methodsOf) router.all(path, refuseMethod(methods))
}

function refuseMethod(methods: readonly Method[]): RequestHandler {
  const allowed = methods.includes('GET') ? ['HEAD', ...methods] : methods
  return (request, response) => {
    response.setHeader('Allow', allowed.join(', '))
    throw new ApiFailure(405, 'method-not-allowed', `${request.method} is not for this address.`, { allowed })
  }
}

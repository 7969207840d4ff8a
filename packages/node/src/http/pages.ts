/**
 * The built pages as files. What stands under `assets/` has its content's hash in its name and never changes; a page
 * itself is asked for anew each time. Both go out packed where the browser takes that.
 */
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import express, { type RequestHandler } from 'express'
import { ApiFailure } from './node-api.ts'
import { PackedFiles } from './packed-files.ts'

/** Where the built pages lie. */
export function builtPages(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@stockmesh/admin-ui/package.json')), 'dist')
}

/** Everything in the folder; `/` is `index.html`. */
export function servePages(directory: string): RequestHandler {
  const packed = PackedFiles.in(directory)
  const serve = express.static(directory, {
    redirect: false,
    cacheControl: false,
    setHeaders(response, path) {
      const immutable = path.includes(`${sep}assets${sep}`)
      response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const name = request.path === '/' ? 'index.html' : request.path.slice(1)
    const chosen = isRead ? packed.choose(name, request, response) : name
    const { url } = request
    if (chosen !== name) request.url = `/${chosen}`
    serve(request, response, (error?: unknown) => {
      request.url = url
      next(error)
    })
  }
}

/** One page of the folder, whatever the path is. */
export function servePage(directory: string, page: string): RequestHandler {
  const packed = PackedFiles.in(directory)
  return (request, response, next) => {
    const headers = { 'Cache-Control': 'no-cache' }
    response.sendFile(
      packed.choose(page, request, response),
      { root: directory, cacheControl: false, headers },
      (error?: Error) => {
        if (error === undefined || error === null || response.headersSent) return
        next(new ApiFailure(404, 'not-found', 'The pages are not built. Run "npm run build" and start again.'))
      },
    )
  }
}

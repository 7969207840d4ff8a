/**
 * A route of `/api/v1` as data: method, path, who may call it, what it takes and what answers. The server mounts the
 * table; nothing is reachable that does not stand in it.
 */
import type { List } from '@stockmesh/protocol'
import type { Request, Response } from 'express'
import { z, type ZodType } from 'zod'
import { listOf } from './answer-schema.ts'
import type { CallKey } from '../storage/kept-answers.ts'
import type { CsvColumn } from './csv-text.ts'
import { callKeyOf } from './idempotency.ts'
import type { PageQuery } from './node-api.ts'
import { parseBody, parseQuery } from './request-body.ts'
import { emptyBody, emptyQuery } from './schemas.ts'
import type { Role } from './sessions.ts'

type Access = 'anyone' | Role

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

interface Call<Query, Body> {
  /** A part of the path, decoded. */
  readonly part: (name: string) => string
  readonly query: Query
  readonly body: Body
  /** What a repeat of this call is known by; null without an `Idempotency-Key`. */
  readonly callKey: () => CallKey | null
  readonly request: Request
  readonly response: Response
}

/** The codes of a call's own refusals, each with the HTTP status that it comes with. */
export type ErrorCodes = Readonly<Record<string, number>>

export interface Route {
  readonly method: Method
  /** Below `/api/v1`, with `:name` for a part that varies. */
  readonly path: string
  /** One sentence for whoever reads the interface's description. */
  readonly summary: string
  /** The least that the caller must be; an admin may do what a viewer may. */
  readonly access: Access
  /** What takes a password: tries are limited, and nothing of body and answer is kept for a repeat. */
  readonly signsIn: boolean
  /** Who may call in is decided by people, not by the token of a program. */
  readonly notByToken: boolean
  readonly query: ZodType
  readonly body: ZodType
  /** What it answers with 200. */
  readonly answers: ZodType
  /** Its own refusals, beside those that every call has. */
  readonly errors: ErrorCodes
  /** Parses, then answers. */
  run(request: Request, response: Response): Promise<unknown>
  /** For a list: the columns of its CSV, and one page of it, without the total. */
  readonly list: {
    readonly columns: readonly CsvColumn[]
    page(request: Request, query: object): Promise<List<object>>
  } | null
  /** For what is sent as it comes: server-sent events, of which `answers` is the data of one, or a file. */
  readonly stream: { readonly type: 'text/event-stream' | 'application/octet-stream'; readonly open: OpenStream } | null
}

export type OpenStream = (request: Request, response: Response) => Promise<void>

interface Definition<Query, Body, Answer> {
  readonly summary: string
  readonly answers: ZodType<Answer>
  readonly errors?: ErrorCodes
  /** Without a word an admin's alone. */
  readonly access?: Access
  readonly signsIn?: boolean
  readonly notByToken?: boolean
  readonly query?: ZodType<Query>
  readonly body?: ZodType<Body>
  answer(call: Call<Query, Body>): Answer | Promise<Answer>
}

export function defineRoute<Answer, Query = object, Body = object>(
  method: Method,
  path: string,
  definition: Definition<Query, Body, Answer>,
): Route {
  const query = definition.query ?? (emptyQuery as unknown as ZodType<Query>)
  const body = definition.body ?? (emptyBody as unknown as ZodType<Body>)
  return {
    method,
    path,
    summary: definition.summary,
    access: definition.access ?? 'admin',
    signsIn: definition.signsIn ?? false,
    notByToken: definition.notByToken ?? false,
    query,
    body,
    answers: definition.answers,
    errors: definition.errors ?? {},
    list: null,
    stream: null,
    async run(request, response) {
      const call = {
        part: partOf(request),
        query: parseQuery(query, request.query),
        body: parseBody(body, request.body === undefined ? {} : request.body),
        callKey: () => callKeyOfRequest(request),
        request,
        response,
      }
      return await definition.answer(call)
    },
  }
}

export function defineList<Query extends PageQuery, Item extends object>(
  path: string,
  definition: {
    readonly summary: string
    readonly access?: Access
    readonly query: ZodType<Query>
    readonly item: ZodType<Item>
    /** Where a page says more than its items. */
    readonly answers?: ZodType<List<Item>>
    readonly errors?: ErrorCodes
    readonly columns: readonly (keyof Item & CsvColumn)[]
    page(query: Query, part: (name: string) => string): List<Item> | Promise<List<Item>>
  },
): Route {
  const { query, columns } = definition
  const page = async (request: Request, raw: object, total: { readonly uncounted?: true }): Promise<List<Item>> =>
    await definition.page({ ...parseQuery(query, raw), ...total }, partOf(request))
  return {
    method: 'GET',
    path,
    summary: definition.summary,
    access: definition.access ?? 'admin',
    signsIn: false,
    notByToken: false,
    query,
    body: emptyBody,
    answers: definition.answers ?? listOf(definition.item),
    errors: definition.errors ?? {},
    run: (request) => page(request, request.query, {}),
    list: { columns, page: (request, raw) => page(request, raw, { uncounted: true }) },
    stream: null,
  }
}

export function defineStream(
  path: string,
  definition: {
    readonly summary: string
    readonly access: Access
    readonly event: ZodType
    readonly errors: ErrorCodes
    readonly open: OpenStream
  },
): Route {
  const { summary, access, event: answers, errors, open } = definition
  return streamed(path, { summary, access, answers, errors, stream: { type: 'text/event-stream', open } })
}

/** A file that is made as it is sent. */
export function defineDownload(
  path: string,
  definition: { readonly summary: string; readonly access: Access; readonly open: OpenStream },
): Route {
  const { summary, access, open } = definition
  const stream = { type: 'application/octet-stream', open } as const
  return streamed(path, { summary, access, answers: z.unknown(), errors: {}, stream })
}

function streamed(path: string, own: Pick<Route, 'summary' | 'access' | 'answers' | 'errors' | 'stream'>): Route {
  return {
    method: 'GET',
    path,
    signsIn: false,
    notByToken: false,
    query: emptyQuery,
    body: emptyBody,
    list: null,
    ...own,
    async run() {
      throw new Error('a stream is opened, not run')
    },
  }
}

function callKeyOfRequest(request: Request): CallKey | null {
  const key = request.get('idempotency-key')
  return key === undefined ? null : callKeyOf({ key, path: request.originalUrl, body: request.body as unknown })
}

function partOf(request: Request): (name: string) => string {
  return (name) => {
    const part = request.params[name]
    if (typeof part !== 'string') throw new Error(`the route has no part :${name}`)
    return part
  }
}

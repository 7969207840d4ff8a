/**
 * The tokens of programs that call the interface. Only a person makes and revokes them, or whoever reads the node's
 * folder: a token that got into wrong hands leaves nothing behind when it is revoked.
 */
import type { ApiTokenItem, List, MadeApiToken } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { exactly, time } from './answer-schema.ts'
import { noAnswer } from './answers.ts'
import type { ApiTokens } from './api-tokens.ts'
import { apiTokenNameCharactersMax } from './limits.ts'
import { ApiFailure, type PageQuery } from './node-api.ts'
import { noteSubject } from './noted.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import { pageQuery } from './schemas.ts'
import type { Role } from './sessions.ts'

const role = z.enum(['admin', 'viewer'])
const fields = { id: z.string(), name: z.string(), role, createdAt: time, usedAt: time.nullable() }

export const apiTokenItem: ZodType<ApiTokenItem> = exactly<ApiTokenItem>()(
  z.strictObject(fields).meta({ id: 'ApiToken' }),
)

export const madeApiToken: ZodType<MadeApiToken> = exactly<MadeApiToken>()(
  z.strictObject({ ...fields, token: z.string().describe('Told now and never again.') }).meta({ id: 'MadeApiToken' }),
)

const tokenBody: ZodType<{ readonly name: string; readonly role: Role }> = z.strictObject({
  name: z.string().trim().min(1).max(apiTokenNameCharactersMax),
  role: role.default('viewer'),
})

export function tokenRoutes(tokens: ApiTokens): readonly Route[] {
  return [
    defineList('/tokens', {
      summary: 'The tokens of programs, each with its role and when it was used last; never the tokens themselves.',
      access: 'viewer',
      item: apiTokenItem,
      query: pageQuery,
      columns: ['id', 'name', 'role', 'createdAt', 'usedAt'],
      page: (query) => pageOf(tokens.items, query),
    }),
    defineRoute('POST', '/tokens', {
      summary: 'Makes a token for a program, a viewer’s unless the role says otherwise. It is told only now.',
      answers: madeApiToken,
      errors: { 'token-name-taken': 409, 'too-many-tokens': 409, 'too-many-tries': 429 },
      notByToken: true,
      // Nothing of the answer is kept for a repeat.
      signsIn: true,
      body: tokenBody,
      answer: ({ body }) => tokens.make(body.name, body.role),
    }),
    defineRoute('DELETE', '/tokens/:id', {
      summary: 'Revokes a token at once.',
      answers: noAnswer,
      errors: { 'token-unknown': 404 },
      notByToken: true,
      async answer({ part, response }) {
        const { name } = await tokens.revoke(part('id'))
        noteSubject(response, name)
        return {}
      },
    }),
  ]
}

/** The cursor is the last token of the page. Error: 400 `cursor-invalid`, also once that one is revoked. */
function pageOf(all: readonly ApiTokenItem[], { after, limit }: PageQuery): List<ApiTokenItem> {
  const last = after === null ? -1 : all.findIndex(({ id }) => id === after)
  if (after !== null && last === -1) {
    throw new ApiFailure(400, 'cursor-invalid', 'The cursor in "after" is not one of this list. Begin without it.')
  }
  const items = all.slice(last + 1, last + 1 + limit)
  const isWhole = last + 1 + items.length === all.length
  return { items, next: isWhole ? null : (items.at(-1)?.id ?? null), total: all.length }
}

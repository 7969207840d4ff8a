/**
 * The passwords: that of the admin, and a second one for those who only look. Whoever signed in with the old one proves it
 * again; the token that lies in the node's folder needs no password, since that is how a forgotten one is replaced. Every
 * other session ends. A new viewer password, or none, ends the sessions of viewers.
 */
import type { ViewerPasswordAnswer } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import type { Access } from './access.ts'
import type { Account } from './account.ts'
import { exactly } from './answer-schema.ts'
import { noAnswer } from './answers.ts'
import { passwordCharactersMax } from './limits.ts'
import { defineRoute, type Route } from './route.ts'
import { newPassword } from './schemas.ts'
import type { Sessions } from './sessions.ts'

export interface PasswordRoutesOptions {
  readonly account: Account
  readonly sessions: Sessions
  readonly access: Access
}

interface PasswordBody {
  readonly password: string
  /** The one that is replaced; not asked of a bearer token. */
  readonly current?: string | undefined
}

const passwordBody: ZodType<PasswordBody> = z.strictObject({
  password: newPassword,
  current: z.string().max(passwordCharactersMax).optional(),
})

const viewerPasswordBody: ZodType<{ readonly password: string }> = z.strictObject({ password: newPassword })

export const viewerPasswordAnswer: ZodType<ViewerPasswordAnswer> = exactly<ViewerPasswordAnswer>()(
  z.strictObject({ set: z.boolean() }).meta({ id: 'ViewerPassword' }),
)

export function passwordRoutes({ account, sessions, access }: PasswordRoutesOptions): readonly Route[] {
  const changeViewerPassword = async (password: string | null): Promise<ViewerPasswordAnswer> => {
    await account.changeViewerPassword(password)
    await sessions.closeAllOf('viewer')
    return { set: account.hasViewerPassword }
  }
  return [
    defineRoute('POST', '/password', {
      summary: 'Replaces the password and signs out every other browser; a signed-in one says the current password.',
      answers: noAnswer,
      errors: { 'password-wrong': 401, 'setup-first': 409, 'password-taken': 409, 'too-many-tries': 429 },
      // Tries are limited as those of signing in are: the current password could be guessed here too.
      signsIn: true,
      notByToken: true,
      body: passwordBody,
      async answer({ body: { password, current }, request }) {
        const isHolder = access.hasOwnToken(request)
        await account.changePassword(password, isHolder ? null : (current ?? ''))
        await sessions.closeAllBut(isHolder ? null : access.sessionId(request))
        return {}
      },
    }),
    defineRoute('GET', '/viewer-password', {
      summary: 'Whether there is a password for those who only look.',
      access: 'viewer',
      answers: viewerPasswordAnswer,
      answer: () => ({ set: account.hasViewerPassword }),
    }),
    defineRoute('POST', '/viewer-password', {
      summary: 'Chooses the password of those who may look at everything and change nothing; signs out all viewers.',
      answers: viewerPasswordAnswer,
      errors: { 'setup-first': 409, 'password-taken': 409, 'too-many-tries': 429 },
      // Nothing of it is kept for a repeat.
      signsIn: true,
      notByToken: true,
      body: viewerPasswordBody,
      answer: ({ body: { password } }) => changeViewerPassword(password),
    }),
    defineRoute('DELETE', '/viewer-password', {
      summary: 'Nobody signs in as a viewer any more, and all viewers are signed out.',
      answers: viewerPasswordAnswer,
      errors: { 'setup-first': 409 },
      notByToken: true,
      answer: () => changeViewerPassword(null),
    }),
  ]
}

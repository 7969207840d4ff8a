/**
 * A new password. Whoever signed in with the old one proves it again; the bearer token, which lies in the node's
 * folder, needs no password, since that is how a forgotten one is replaced. Every other session ends.
 */
import { z, type ZodType } from 'zod'
import type { Access } from './access.ts'
import type { Account } from './account.ts'
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

export function passwordRoutes({ account, sessions, access }: PasswordRoutesOptions): readonly Route[] {
  return [
    defineRoute('POST', '/password', {
      summary: 'Replaces the password and signs out every other browser; a signed-in one says the current password.',
      answers: noAnswer,
      errors: { 'password-wrong': 401, 'setup-first': 409, 'too-many-tries': 429 },
      // Tries are limited as those of signing in are: the current password could be guessed here too.
      signsIn: true,
      body: passwordBody,
      async answer({ body: { password, current }, request }) {
        const isHolder = access.hasToken(request)
        await account.changePassword(password, isHolder ? null : (current ?? ''))
        await sessions.closeAllBut(isHolder ? null : access.sessionId(request))
        return {}
      },
    }),
  ]
}

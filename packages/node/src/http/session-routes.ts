/**
 * Signing in and out, and the first set-up. In the demo a browser on this machine is signed in by asking.
 */
import type { SessionAnswer } from '@stockmesh/protocol'
import type { Request, Response } from 'express'
import type { SettingsStore } from '../settings/settings-store.ts'
import { type Access, markOf } from './access.ts'
import type { Account } from './account.ts'
import { sessionAnswer } from './answers.ts'
import { noteCaller } from './noted.ts'
import { isFromThisMachine } from './origin.ts'
import { defineRoute, type Route } from './route.ts'
import { sessionBody, setupBody } from './schemas.ts'
import type { Role, Sessions } from './sessions.ts'

export interface SessionRoutesOptions {
  readonly account: Account
  readonly sessions: Sessions
  readonly access: Access
  readonly settings: Pick<SettingsStore, 'profile'>
  readonly demo: boolean
}

export function sessionRoutes(options: SessionRoutesOptions): readonly Route[] {
  const { account } = options
  return [
    defineRoute('GET', '/session', {
      summary: 'Says who you are here, and whether the node is set up.',
      answers: sessionAnswer,
      access: 'anyone',
      answer: ({ request, response }) => readSession(options, request, response),
    }),
    defineRoute('POST', '/setup', {
      summary: 'Sets the node up with the token that it printed, and signs in.',
      answers: sessionAnswer,
      errors: { 'setup-done': 409, 'token-wrong': 403, 'token-expired': 403, 'too-many-tries': 429 },
      access: 'anyone',
      signsIn: true,
      body: setupBody,
      async answer({ body: { token, password, name, language }, request, response }) {
        await account.setUp({ token, password, profile: { name, language } })
        return signIn(options, request, response, { role: 'admin', kept: true })
      },
    }),
    defineRoute('POST', '/session', {
      summary: 'Signs in with the password of the admin, or with that of viewers.',
      answers: sessionAnswer,
      errors: { 'setup-first': 409, 'password-wrong': 401, 'too-many-tries': 429 },
      access: 'anyone',
      signsIn: true,
      body: sessionBody,
      async answer({ body, request, response }) {
        const role = await account.verify(body.password)
        return signIn(options, request, response, { role, kept: true })
      },
    }),
    defineRoute('DELETE', '/session', {
      summary: 'Signs this browser out.',
      answers: sessionAnswer,
      access: 'anyone',
      answer: ({ request, response }) => signOut(options, request, response),
    }),
  ]
}

async function readSession(
  options: SessionRoutesOptions,
  request: Request,
  response: Response,
): Promise<SessionAnswer> {
  const { access, sessions, demo } = options
  const role = access.role(request)
  if (role === null) {
    const mayEnter = demo && request.headers.authorization === undefined && isFromThisMachine(request)
    if (mayEnter) return signIn(options, request, response, { role: 'admin', kept: false })
    return answerOf(options, null)
  }
  const id = access.sessionId(request)
  if (id !== null && sessions.role(id) !== null) {
    await sessions.touch(id)
    access.giveCookie(request, response, id)
  }
  return answerOf(options, role)
}

async function signIn(
  options: SessionRoutesOptions,
  request: Request,
  response: Response,
  { role, kept }: { readonly role: Role; readonly kept: boolean },
): Promise<SessionAnswer> {
  const { access, sessions } = options
  const earlier = access.sessionId(request)
  if (earlier !== null && sessions.role(earlier) !== null) await sessions.close(earlier)
  const id = await sessions.open(role, kept)
  access.giveCookie(request, response, id)
  noteCaller(response, { role, kind: 'session', name: markOf(id) })
  return answerOf(options, role)
}

async function signOut(options: SessionRoutesOptions, request: Request, response: Response): Promise<SessionAnswer> {
  const { access, sessions } = options
  const id = access.sessionId(request)
  if (id !== null && sessions.role(id) !== null) await sessions.close(id)
  access.takeCookie(request, response)
  return answerOf(options, null)
}

function answerOf({ account, settings }: SessionRoutesOptions, role: Role | null): SessionAnswer {
  const hasPassword = account.profile !== null
  const state = role !== null ? 'signed-in' : hasPassword ? 'signed-out' : 'setup'
  return { state, role, hasPassword, ...settings.profile }
}

/** What a call found out for the line about it in the log of acts: who signed in, and what was meant by an id. */
import type { Response } from 'express'
import type { Caller } from './access.ts'

export function noteCaller(response: Response, caller: Caller): void {
  response.locals['caller'] = caller
}

export function notedCaller(response: Response): Caller | null {
  return (response.locals['caller'] as Caller | undefined) ?? null
}

export function noteSubject(response: Response, subject: string): void {
  response.locals['subject'] = subject
}

export function notedSubject(response: Response): string | null {
  return (response.locals['subject'] as string | undefined) ?? null
}

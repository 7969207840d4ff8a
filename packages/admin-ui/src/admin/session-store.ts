/** Who is signed in at this node, as the node says it. */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals'
import type { Language, SessionAnswer } from '@stockmesh/protocol/api'
import { type ApiFailure, failureOf, readApi, sendApi, signedOutCount } from '../api/client.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { offerLanguage } from '../text/language.ts'

const current: Signal<SessionAnswer | null> = signal(null)
const lastFailure: Signal<ApiFailure | null> = signal(null)

export const session: ReadonlySignal<SessionAnswer | null> = current
export const sessionFailure: ReadonlySignal<ApiFailure | null> = lastFailure

export async function loadSession(): Promise<void> {
  try {
    const answer = await readApi<SessionAnswer>('/api/v1/session')
    offerLanguage(answer.language)
    current.value = answer
    lastFailure.value = null
  } catch (thrown) {
    lastFailure.value = failureOf(thrown)
  }
}

export interface SetUp {
  readonly token: string
  readonly password: string
  readonly name: string
  readonly language: Language
}

export async function setUp(answers: SetUp): Promise<void> {
  await sendApi('POST', '/api/v1/setup', answers)
  // What is typed here is a later word than the name that the node was started with.
  await sendApi('PATCH', '/api/v1/settings', { name: answers.name })
  await loadSession()
}

export async function signIn(password: string): Promise<void> {
  await sendApi('POST', '/api/v1/session', { password })
  await loadSession()
}

export async function signOut(): Promise<void> {
  await sendApi('DELETE', '/api/v1/session')
  await loadSession()
}

/** The live channel runs exactly while somebody is signed in; a refused call asks the node who is. */
export function watchSession(): void {
  effect(() => {
    isViewer.value = current.value?.role === 'viewer'
  })
  effect(() => {
    if (current.value?.state === 'signed-in') {
      channel.start()
    } else {
      channel.stop()
    }
  })
  effect(() => {
    if (signedOutCount.value > 0 && current.peek()?.state === 'signed-in') {
      void loadSession()
    }
  })
}

/**
 * Who may do what in this shop. A shop process of its own has its own sign-in with a key; a shop inside a node uses
 * the node's session, as `/shop/session` then says.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { SessionAnswer } from '@stockmesh/protocol/api'
import { type ApiFailure, failureOf, readApi, sendApi } from '../api/client.ts'
import { isViewer } from '../api/viewer.ts'
import { offerLanguage } from '../text/language.ts'
import type { ShopSessionAnswer } from './shop-api.ts'

export interface ShopSession {
  readonly isSignedIn: boolean
  /** True when this is a node's shop and people sign in at `/`. */
  readonly isEmbedded: boolean
  readonly name: string | null
}

const current: Signal<ShopSession | null> = signal(null)
const lastFailure: Signal<ApiFailure | null> = signal(null)

export const shopSession: ReadonlySignal<ShopSession | null> = current
export const shopSessionFailure: ReadonlySignal<ApiFailure | null> = lastFailure

export async function loadShopSession(): Promise<void> {
  try {
    current.value = await readSession()
    lastFailure.value = null
  } catch (thrown) {
    lastFailure.value = failureOf(thrown)
  }
}

export async function signInWithKey(key: string): Promise<void> {
  await sendApi('POST', '/shop/session', { key })
  await loadShopSession()
}

export async function signOutOfShop(): Promise<void> {
  await sendApi('DELETE', '/shop/session')
  await loadShopSession()
}

async function readSession(): Promise<ShopSession> {
  const shop = await readApi<ShopSessionAnswer>('/shop/session')
  if (shop.state !== 'at-node') {
    return { isSignedIn: shop.state === 'signed-in', isEmbedded: false, name: null }
  }
  const answer = await readApi<SessionAnswer>('/api/v1/session')
  offerLanguage(answer.language)
  isViewer.value = answer.role === 'viewer'
  return { isSignedIn: answer.state === 'signed-in', isEmbedded: true, name: shop.name }
}

/**
 * An alert in words, in the shop's language, and as the JSON body of a webhook. It names shops and SKUs, and nothing
 * of any buyer.
 */
import type { Language } from '@stockmesh/protocol'
import type { AlertItem, AlertKind } from './alert.ts'
import { alertTexts } from './alert-text.ts'
import { itemsNamedMax } from './limits.ts'

/** The shop that tells. */
export interface AlertSender {
  readonly id: string
  readonly name: string
  /** Where its admin pages are. */
  readonly url: string
}

/** The body of a webhook; an e-mail has its subject and text. */
export interface AlertMessage {
  /** The same for every try to deliver it. */
  readonly id: string
  readonly kind: AlertKind
  /** ISO 8601, UTC: when it was noticed. */
  readonly at: string
  readonly shop: AlertSender
  /** How many things it is about. */
  readonly count: number
  /** The first of them. */
  readonly items: readonly { readonly name: string; readonly units: number | null; readonly since: string | null }[]
  readonly subject: string
  readonly text: string
}

export function alertMessage(
  about: { readonly id: string; readonly kind: AlertKind; readonly at: number; readonly items: readonly AlertItem[] },
  shop: AlertSender,
  language: Language,
): AlertMessage {
  const { id, kind, at, items } = about
  const named = items.slice(0, itemsNamedMax)
  const words = alertTexts[language]
  const [first] = items
  const count = items.length
  const who = count === 1 ? (first?.name ?? '') : words.shops(count)
  const subject = words.subjects[kind]({ who, shop: shop.name, count })
  const rest = count - named.length
  const lines = [...named.map((item) => lineOf(item)), ...(rest > 0 ? [words.more(rest)] : [])]
  const text = [subject, words.explanations[kind], lines.join('\n'), shop.url].filter((part) => part !== '')
  return {
    id,
    kind,
    at: new Date(at).toISOString(),
    shop,
    count,
    items: named.map(({ name, units, since }) => ({ name, units, since: timeOf(since) })),
    subject,
    text: text.join('\n\n'),
  }
}

function lineOf({ name, units }: AlertItem): string {
  return units === null ? name : `${name}: ${units > 0 ? '+' : ''}${units}`
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/**
 * An alert in words, in the shop's language, and as the JSON body of a webhook. It names shops and SKUs, and nothing
 * of any buyer.
 */
import { unreachable } from '@stockmesh/protocol'
import type { AlertItem, AlertKind } from './alert.ts'
import { itemsNamedMax } from './limits.ts'

export type AlertLanguage = 'da' | 'en'

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
  language: AlertLanguage,
): AlertMessage {
  const { id, kind, at, items } = about
  const named = items.slice(0, itemsNamedMax)
  const subject = subjectOf(kind, items, shop, language)
  const rest = items.length - named.length
  const more = language === 'da' ? `... og ${rest} mere` : `... and ${rest} more`
  const lines = [...named.map((item) => lineOf(item)), ...(rest > 0 ? [more] : [])]
  const text = [subject, explanations[language][kind], lines.join('\n'), shop.url].filter((part) => part !== '')
  return {
    id,
    kind,
    at: new Date(at).toISOString(),
    shop,
    count: items.length,
    items: named.map(({ name, units, since }) => ({ name, units, since: timeOf(since) })),
    subject,
    text: text.join('\n\n'),
  }
}

function subjectOf(kind: AlertKind, items: readonly AlertItem[], shop: AlertSender, language: AlertLanguage): string {
  const [first] = items
  const isDanish = language === 'da'
  const who = items.length === 1 ? (first?.name ?? '') : `${items.length} ${isDanish ? 'butikker' : 'shops'}`
  const count = items.length
  switch (kind) {
    case 'shop-unreachable':
      return isDanish ? `${who} kan ikke nås` : `${who} cannot be reached`
    case 'shop-reachable':
      return isDanish ? `${who} kan nås igen` : `${who} can be reached again`
    case 'oversold':
      return isDanish
        ? `${shop.name}: ${count} ${count === 1 ? 'varenr. er' : 'varenumre er'} oversolgt`
        : `${shop.name}: ${count} ${count === 1 ? 'SKU is' : 'SKUs are'} oversold`
    case 'held':
      return isDanish
        ? `${shop.name}: ${count} ${count === 1 ? 'varenr. venter' : 'varenumre venter'} på din afgørelse`
        : `${shop.name}: ${count} ${count === 1 ? 'SKU waits' : 'SKUs wait'} for your decision`
    case 'fork':
      return isDanish ? `${who}: to forskellige tal for det samme` : `${who}: two numbers for the same thing`
    case 'clone':
      return isDanish ? `${who} ser ud til at køre to gange` : `${who} seems to run twice`
    case 'test':
      return isDanish ? `${shop.name}: en prøve fra Stockmesh` : `${shop.name}: a test from Stockmesh`
    default:
      return unreachable(kind)
  }
}

const explanations: Readonly<Record<AlertLanguage, Readonly<Record<AlertKind, string>>>> = {
  da: {
    'shop-unreachable':
      'Noden får ikke svar. Alle butikker sælger videre, og alt bliver talt med, når der er forbindelse igen.',
    'shop-reachable': 'Der er forbindelse igen, og det, der er sket imens, bliver talt med nu.',
    oversold:
      'Der er solgt mere, end der var, fordi butikker solgte de sidste samtidig. Kontakt køberne, eller fyld lageret op.',
    held: 'Butikken viser tal, som ingen ordre forklarer. Intet er sendt videre til de andre butikker, og salg tælles stadig med.',
    fork: 'To noder har forskellige tal, hvor de skulle være ens. Se under Problemer, hvad du skal gøre.',
    clone: 'Sørg for, at butikkens node kun kører ét sted. Se under Problemer, hvad du skal gøre.',
    test: 'Sådan kommer besked, når en butik ikke kan nås, når noget er oversolgt, og når noget venter på dig.',
  },
  en: {
    'shop-unreachable':
      'The node gets no answer. Every shop goes on selling, and all is counted when there is contact.',
    'shop-reachable': 'There is contact again, and what happened meanwhile is counted now.',
    oversold:
      'More was sold than there was, because shops sold the last ones at the same time. Contact the buyers, or restock.',
    held: 'The shop shows numbers that no order explains. Nothing was passed on to the other shops, and sales are still counted.',
    fork: 'Two nodes hold different numbers where they must be equal. Problems says what to do.',
    clone: 'Make sure that the node of this shop runs in one place only. Problems says what to do.',
    test: 'This is how you hear when a shop cannot be reached, when something is oversold, and when something waits for you.',
  },
}

function lineOf({ name, units }: AlertItem): string {
  return units === null ? name : `${name}: ${units > 0 ? '+' : ''}${units}`
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

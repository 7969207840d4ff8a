/**
 * What is worth waking somebody for, as a decision: of what the node knows now and what was told before, what begins,
 * what has ended, and when something will be due. Many at once are one alert, and each is told once.
 */

export type AlertKind =
  | 'shop-unreachable'
  | 'shop-reachable'
  | 'oversold'
  | 'held'
  | 'fork'
  | 'clone'
  | 'bad-peer'
  | 'key-rejected'
  | 'stopped-all'
  | 'test'

/** One thing that an alert is about. */
export interface AlertItem {
  /** Stays while it lasts. */
  readonly id: string
  /** A SKU, or a shop's name. */
  readonly name: string
  /** Units by which it is oversold or differs; null for a shop. */
  readonly units: number | null
  /** Milliseconds since 1970; null where it is not known. */
  readonly since: number | null
}

/** How this node stands with its own shop, or with another shop's node. */
export interface ShopContact {
  readonly id: string
  readonly name: string
  /** `unknown`: it was not spoken to since this node started. */
  readonly state: 'reached' | 'away' | 'unknown'
  /** Since when it is away; null otherwise. */
  readonly since: number | null
}

export interface AlertFacts {
  readonly shops: readonly ShopContact[]
  readonly oversold: readonly AlertItem[]
  readonly held: readonly AlertItem[]
  /** Shops of which there are two histories. */
  readonly fork: readonly AlertItem[]
  /** Shops that run twice, or went back to an old copy. */
  readonly clone: readonly AlertItem[]
  /** Shops whose nodes send what cannot be right. */
  readonly 'bad-peer': readonly AlertItem[]
  /** Our own shop, where it takes the node's key no longer. */
  readonly 'key-rejected': readonly AlertItem[]
  /** The shop that stopped the writing to every shop. */
  readonly 'stopped-all': readonly AlertItem[]
}

export interface AlertNews {
  /** What to tell, by kind; kinds without news are not in it. */
  readonly begun: ReadonlyMap<AlertKind, readonly AlertItem[]>
  /** Marks of what is over: told anew when it comes back. */
  readonly over: readonly string[]
  /** When a shop will have been away long enough; null if none is. */
  readonly dueAt: number | null
}

/** Under what a told item is remembered. */
export function alertMark(kind: AlertKind, id: string): string {
  return `${kind} ${id}`
}

/** `unreachableMs`: how long a shop must have been away. */
export function alertNews(facts: AlertFacts, told: ReadonlySet<string>, unreachableMs: number, now: number): AlertNews {
  const begun = new Map<AlertKind, AlertItem[]>()
  const lasting = new Set<string>()
  let dueAt: number | null = null
  const begin = (kind: AlertKind, item: AlertItem): void => void begun.set(kind, [...(begun.get(kind) ?? []), item])

  for (const { id, name, state, since } of facts.shops) {
    const mark = alertMark('shop-unreachable', id)
    const item = { id, name, units: null, since }
    if (told.has(mark)) {
      if (state === 'reached') begin('shop-reachable', item)
      else lasting.add(mark)
    } else if (state === 'away') {
      const due = (since ?? now) + unreachableMs
      if (due <= now) begin('shop-unreachable', item)
      else dueAt = Math.min(dueAt ?? due, due)
    }
  }
  for (const kind of ['oversold', 'held', 'fork', 'clone', 'bad-peer', 'key-rejected', 'stopped-all'] as const) {
    const fresh: AlertItem[] = []
    for (const item of facts[kind]) {
      const mark = alertMark(kind, item.id)
      if (told.has(mark)) lasting.add(mark)
      else fresh.push(item)
    }
    if (fresh.length > 0) begun.set(kind, fresh)
  }
  return { begun, over: [...told].filter((mark) => !lasting.has(mark)), dueAt }
}

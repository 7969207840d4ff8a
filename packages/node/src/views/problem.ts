/**
 * One problem as it is told: what was found, under an id that stays while it lasts and a version that changes with
 * what a person decides on.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ProblemItem, ProblemKind, ShopId, SkuKey, WithheldSku } from '@stockmesh/protocol'
import type { Offset } from '../shop-sync/book.ts'

/** A problem with the SKUs it is about. */
export interface Problem {
  readonly item: ProblemItem
  readonly keys: readonly SkuKey[]
  /** Of differences that wait for a person: as they were when the problem was made. */
  readonly offsets?: ReadonlyMap<SkuKey, Offset>
  /** Of a mass change of another shop: whose, and as it was when the problem was made. */
  readonly withheld?: WithheldChanges
}

interface WithheldChanges {
  readonly member: ShopId
  readonly seen: ReadonlyMap<SkuKey, WithheldSku>
}

/** What was found, before it has an id. */
export interface Finding {
  readonly kind: ProblemKind
  /** What tells it from others of its kind; empty where there is one at most. */
  readonly about: string
  readonly sku: string | null
  readonly count: number
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
  /** What the version is made from, with the count; the details where it is not given. */
  readonly decidedOn?: unknown
  readonly keys: readonly SkuKey[]
  readonly offsets?: ReadonlyMap<SkuKey, Offset>
  readonly withheld?: WithheldChanges
  readonly actions: readonly string[]
  /** Milliseconds since 1970; null where it is not known and the first sight counts. */
  readonly since: number | null
}

/** Actions that change stock numbers for good. */
const destructiveActions: ReadonlySet<string> = new Set(['approve', 'count-in', 'undo'])

/** A finding of one thing, with nothing to press. */
export function plain(kind: ProblemKind): Finding {
  return { kind, about: '', sku: null, count: 1, message: '', details: {}, keys: [], actions: [], since: null }
}

export function problemId(kind: ProblemKind, about: string): string {
  // Of a hundred thousand SKUs no two may share an id, which 32 bits could not promise.
  const hash = createHash('sha256').update(about).digest('hex').slice(0, 16)
  return `${kind}-${hash}`
}

export function problemOf(finding: Finding, member: ShopId, since: number): Problem {
  const { kind, about, sku, count, message, details, keys, actions } = finding
  const item: ProblemItem = {
    id: problemId(kind, about),
    version: crc32(JSON.stringify([count, finding.decidedOn ?? details])),
    kind,
    member,
    sku,
    count,
    message,
    details,
    since: new Date(since).toISOString(),
    actions: actions.map((action) => ({ id: action, destructive: destructiveActions.has(action) })),
  }
  const { offsets, withheld } = finding
  return { item, keys, ...(offsets === undefined ? {} : { offsets }), ...(withheld === undefined ? {} : { withheld }) }
}

/**
 * What the readers of `/events` were told of members, problems and the import, and so what is news to them. Numbers
 * that move with every sale are told seldom; that somebody came, went or was renamed is told at once.
 */
import type { EventItem, ImportAnswer, MemberStatus, ProblemItem } from '@stockmesh/protocol'

type DataOf<Name extends EventItem['event']> = Extract<EventItem, { readonly event: Name }>['data']

/** How often a member is told of again when only its numbers changed. */
export const memberNumbersMs = 10_000

export class ToldMembers {
  readonly #told = new Map<string, { readonly item: MemberStatus; readonly at: number }>()

  /** What is news; `withheld` is true if something changed that is told later. */
  news(members: readonly MemberStatus[], now: number): { items: DataOf<'member'>[]; withheld: boolean } {
    const items: DataOf<'member'>[] = []
    let withheld = false
    for (const item of members) {
      const before = this.#told.get(item.id)
      if (before !== undefined && !differs(before.item, item, slowFields)) continue
      if (before !== undefined && now - before.at < memberNumbersMs && !differs(before.item, item, fastFields)) {
        withheld = true
        continue
      }
      this.#told.set(item.id, { item, at: now })
      items.push({ ...item, left: false })
    }
    const ids = new Set(members.map(({ id }) => id))
    for (const [id, { item }] of this.#told) {
      if (ids.has(id)) continue
      this.#told.delete(id)
      items.push({ ...item, online: false, left: true })
    }
    return { items, withheld }
  }
}

const fastFields: readonly ((member: MemberStatus) => unknown)[] = [
  (member) => member.online,
  (member) => member.name,
  (member) => member.url,
  (member) => member.release,
  (member) => member.shopState,
  (member) => member.import?.state,
]

const slowFields: typeof fastFields = [
  ...fastFields,
  (member) => member.behind,
  (member) => member.import?.done,
  (member) => member.import?.total,
]

function differs(one: MemberStatus, other: MemberStatus, fields: typeof fastFields): boolean {
  return fields.some((field) => field(one) !== field(other))
}

export class ToldProblems {
  #told = new Map<string, ProblemItem>()

  news(problems: readonly ProblemItem[]): DataOf<'problem'>[] {
    const before = this.#told
    this.#told = new Map(problems.map((problem) => [problem.id, problem]))
    const fresh = problems.filter(({ id, version }) => before.get(id)?.version !== version)
    const gone = [...before.values()].filter(({ id }) => !this.#told.has(id))
    return [
      ...gone.map((problem) => ({ ...problem, solved: true })),
      ...fresh.map((problem) => ({ ...problem, solved: false })),
    ]
  }
}

export class ToldImport {
  #told = ''

  /** null: no news. The rate alone is none, since it changes by the hour. */
  news(answer: ImportAnswer): ImportAnswer | null {
    const { ratePerSecond: _, ...rest } = answer
    const told = JSON.stringify(rest)
    if (told === this.#told) return null
    this.#told = told
    return answer
  }
}

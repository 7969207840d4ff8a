/**
 * Problems as they are asked for and acted on: this shop's own, and those of the other members, who are asked live.
 * A problem is solved where it is: those of another shop can be looked at here and nothing more.
 */
import type { Member, ProblemItem, ProblemKind, ShopId } from '@stockmesh/protocol'
import { z } from 'zod'
import { ApiFailure, memberUnknown } from '../http/node-api.ts'
import type { Problem } from '../views/problem.ts'
import { refuseWhileAside } from './pause-desk.ts'
import type { StockNode } from './stock-node.ts'
import { undoWithheld } from './undo-withheld.ts'

/** Problems taken from one member: more is a flood, and no person reads it. */
const problemsOfMemberMax = 10_000

/** Between a problem's own id and the shop it is in, where that is another one. */
const separator = '@'

const text = z.string().max(2_000)
const foreignProblem = z.object({
  id: z.string().max(200),
  version: z.int().min(0),
  kind: z.string().max(40),
  sku: text.nullable(),
  count: z.int().min(0),
  message: text,
  details: z.record(z.string(), z.unknown()),
  since: z.iso.datetime(),
})
const foreignPage = z.object({ items: z.array(foreignProblem), next: z.int().min(1).nullable() })

export interface ProblemsFound {
  readonly items: readonly ProblemItem[]
  /** Members that did not answer in time. */
  readonly unanswered: readonly Pick<Member, 'shopId' | 'name'>[]
}

/** `member`: an id, or `all`; null: this shop. Error: 404 `member-unknown`. */
export async function findProblems(node: StockNode, member: string | null): Promise<ProblemsFound> {
  const { members } = node.network
  const wanted = member === null ? node.self : member
  const asked = members.filter(({ shopId }) => shopId !== node.self && (wanted === 'all' || wanted === shopId))
  const isOwnAsked = wanted === 'all' || wanted === node.self
  if (!isOwnAsked && asked.length === 0) {
    throw memberUnknown()
  }
  const own = isOwnAsked ? (await node.problems.all()).map(({ item }) => item) : []
  const answers = await Promise.all(asked.map(async (one) => ({ one, items: await askMember(node, one.shopId) })))
  return {
    items: [...own, ...answers.flatMap(({ items }) => items ?? [])],
    unanswered: answers.filter(({ items }) => items === null).map(({ one }) => one),
  }
}

/** Errors: 409 `problem-solved`, 409 `problem-of-another-shop`. */
export async function findProblem(node: StockNode, id: string): Promise<Problem> {
  const owner = id.includes(separator) ? id.slice(id.lastIndexOf(separator) + 1) : null
  const elsewhere = owner === null ? undefined : node.network.members.find(({ shopId }) => shopId === owner)
  if (elsewhere !== undefined && elsewhere.shopId !== node.self) {
    throw new ApiFailure(
      409,
      'problem-of-another-shop',
      `This is a problem of "${elsewhere.name}". Open that shop's own page to solve it.`,
      { member: elsewhere.shopId, url: elsewhere.url },
    )
  }
  const problem = (await node.problems.all()).find((one) => one.item.id === id)
  if (problem !== undefined) return problem
  throw new ApiFailure(409, 'problem-solved', 'This problem is solved, or never was. Nothing is left to do.')
}

/** Errors: those of `findProblem`, of `assertMayChange` and of `undoWithheld`, 422 `action-unknown`, 409 `problem-changed`. */
export async function actOnProblem(
  node: StockNode,
  id: string,
  { action, version, now }: { readonly action: string; readonly version: number; readonly now: number },
): Promise<void> {
  const problem = await findProblem(node, id)
  if (!problem.item.actions.some((one) => one.id === action)) {
    throw new ApiFailure(422, 'action-unknown', 'This problem has no such action. Read it again for its actions.')
  }
  if (problem.item.version !== version) {
    throw new ApiFailure(409, 'problem-changed', 'The problem has changed. Look at it again before you decide.')
  }
  const { shop, counted, dismissals } = node
  const [key] = problem.keys
  if (key !== undefined) refuseWhileAside(shop)
  const { offsets, withheld } = problem
  if (offsets !== undefined && action === 'use-network') await shop.useNetwork(offsets)
  else if (offsets !== undefined) await shop.countIn(offsets)
  else if (withheld !== undefined && action === 'approve') await shop.approveMember(withheld.member, withheld.seen)
  else if (withheld !== undefined) await undoWithheld(node, withheld.member, { seen: withheld.seen, now })
  else if (problem.item.kind === 'alert-failed') node.alerts.retry()
  else if (action === 'retry') shop.retry(problem.keys)
  else if (problem.item.kind === 'unclear' && key !== undefined) {
    await shop.unclear.dismiss(key)
    shop.retry(problem.keys)
  } else if (problem.item.kind === 'counted-together' && key !== undefined) await counted.dismiss(key)
  else await dismissals.dismiss(problem)
}

/** All problems of a member by its own word; null where it does not answer each question in time, or answers nonsense. */
async function askMember(node: StockNode, member: ShopId): Promise<readonly ProblemItem[] | null> {
  const peer = node.network.link.peers().find(({ shopId }) => shopId === member)
  if (peer === undefined) return null
  const items: ProblemItem[] = []
  for (let from: number | null = 0; from !== null && items.length < problemsOfMemberMax; ) {
    const body: string | null = await node.network.questions.ask(peer, 'problems', String(from))
    const page = body === null ? null : parsePage(body)
    if (page === null || (page.next !== null && page.next <= from)) return null
    for (const problem of page.items) {
      const { id, kind } = problem
      // A newer release may know kinds that this one does not: its own sentence says what it is.
      items.push({ ...problem, id: `${id}${separator}${member}`, kind: kind as ProblemKind, member, actions: [] })
    }
    from = page.next
  }
  return items
}

function parsePage(body: string): z.output<typeof foreignPage> | null {
  try {
    return foreignPage.parse(JSON.parse(body))
  } catch {
    return null
  }
}

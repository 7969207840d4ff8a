/**
 * Undoes what a member did since a time, a stolen node or a wrong spreadsheet: of each SKU that it moved, the level
 * without it becomes a stock count. Every shop is then brought to that, this one too.
 */
import {
  type CountAnswer,
  type CountItem,
  failure,
  isOfShop,
  levelWithout,
  recordsOf,
  type ShopId,
  type SkuKey,
  spelling,
  winningBaseline,
} from '@stockmesh/protocol'
import type { MemberUndo, MemberUndoApi } from '../http/member-undo-routes.ts'
import { memberUnknown } from '../http/node-api.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { NodeHost } from './node-host.ts'
import { assertMayChange } from './node-stock-changes.ts'
import { isTold, recount } from './recount.ts'
import { largestFirst, listAnswer, refusedLine } from './resolved-lines.ts'
import type { StockNode } from './stock-node.ts'

const skusPerCommit = 500

const untold = failure(
  'movements-unknown',
  'What this shop moved is not known one by one yet. Wait until its history is here, then undo it once more.',
)

export class MemberUndoDesk implements MemberUndoApi {
  readonly #host: () => NodeHost

  /** `host` may throw an `ApiFailure` while there is none. */
  constructor(host: () => NodeHost) {
    this.#host = host
  }

  /** A shop that was removed can be undone as well: what it did counts on. */
  async undoMember(id: string, request: MemberUndo): Promise<CountAnswer> {
    const host = this.#host()
    const { node } = host
    return await host.change(async () => {
      assertMayChange(node)
      const replicas = [...node.ledger.holdings.replicas.keys()]
      const rid = replicas.find((one) => isOfShop(one, id as ShopId))
      if (rid === undefined && node.network.members.every(({ shopId }) => shopId !== id)) {
        throw memberUnknown()
      }
      return await undoMember(node, id as ShopId, { ...request, now: host.now() })
    })
  }
}

async function undoMember(
  node: StockNode,
  member: ShopId,
  { since, dryRun, now }: MemberUndo & { readonly now: number },
): Promise<CountAnswer> {
  const { made, unclear } = await node.log.madeSince(member, since)
  const keys = [...new Set([...made.keys(), ...unclear, ...countedBy(node, member, since)])]
  const items: CountItem[] = []
  for (let from = 0; from < keys.length; from += skusPerCommit) {
    const part = keys.slice(from, from + skusPerCommit)
    const done = await node.ledger.commit((draft) =>
      part.map((key) => {
        const { text, name } = spelling(recordsOf(draft.holdings, key)) ?? { text: key, name: '' }
        if (unclear.has(key) || node.ledger.isDoubtful(key)) return refusedLine(text, untold).refused
        const undoing = { member, by: node.self, since, made: made.get(key) ?? [] }
        const to = levelWithout(recordsOf(draft.holdings, key), undoing)
        return recount(draft, { key, text, name }, { to, dryRun, now })
      }),
    )
    items.push(...done.filter(isTold))
  }
  if (!dryRun && items.some(({ error }) => error === null)) await logUndo(node, member, now)
  return largestFirst(listAnswer(items, { dryRun, unheard: [] }))
}

/** SKUs that stand on a number which the member counted since then. */
function countedBy({ ledger, self }: StockNode, member: ShopId, since: number): SkuKey[] {
  if (member === self) return []
  return [...ledger.holdings.skus.keys()].filter((key) => {
    const winner = winningBaseline(recordsOf(ledger.holdings, key).baselines)
    if (winner === null || !isOfShop(winner.rid, member)) return false
    return winner.record.baseline.kind === 'count' && winner.record.baseline.stamp >= since
  })
}

async function logUndo({ ledger, network, self }: StockNode, member: ShopId, now: number): Promise<void> {
  const reference = network.membership.member(member)?.name ?? member
  await ledger.commit((draft) => draft.log(eventLine(now, self, 'undo', { reference, result: 'member-undone' })))
}

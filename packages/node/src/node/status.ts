/**
 * The status of the node as the pages and scripts read it: who is there, who lacks what, and whether all is in step.
 * "In step" is said only when it is proven: equal claims and digests, and nothing open at this shop.
 */
import {
  limits,
  type JoinAnswer,
  type JoinRequestItem,
  type MemberStatus,
  type ShopId,
  type ShopLocation,
  shopIdOfKey,
  skusAbove,
  type SkuKey,
  type StatusAnswer,
} from '@stockmesh/protocol'
import type { IncomingJoins } from '../network/incoming-joins.ts'
import type { OutgoingJoin } from '../network/outgoing-join.ts'
import { guardAnswerOf } from './guard-answer.ts'
import { release } from './release.ts'
import type { StockNode } from './stock-node.ts'
import { stopAllAnswerOf } from './stop-all-answer.ts'

export interface NodeFacts {
  readonly name: string
  readonly url: string
  readonly connector: string
  readonly promise: StatusAnswer['shop']['promise']
  readonly shopUrl: string | null
  readonly location: ShopLocation | null
}

export function statusOf(node: StockNode, facts: NodeFacts): StatusAnswer {
  const members = membersOf(node)
  const { import: progress, shopState } = node.presence()
  const { state } = progress
  const others = members.filter((member) => !member.self)
  const pending = {
    in: node.replicator.pendingIn,
    out: unclaimedBy(
      node,
      others.map((member) => member.id as ShopId),
    ).size,
    shop: node.index.waiting,
  }
  // What a paused shop sold meanwhile is not known here.
  // A decision that is being written has ended a difference already, and not begun the adjustment that follows.
  const differs = node.shop.book.offsets.size > 0 || node.index.differing > 0
  const known = !node.shop.isPaused && !differs
  const quiet = known && pending.in === 0 && pending.out === 0 && pending.shop === 0
  const equal = others.every((member) =>
    member.online ? node.replicator.equals(member.id as ShopId) : member.behind === 0,
  )
  const { network, isEvicted } = node.network
  return {
    node: { id: node.self, name: facts.name, url: facts.url, release },
    shop: {
      connector: facts.connector,
      promise: facts.promise,
      state: shopState,
      lastContactAt: isoTime(node.shop.health.lastContactAt),
      url: facts.shopUrl,
      location: facts.location,
    },
    network:
      network === null
        ? null
        : { id: network, inStep: state === 'done' && quiet && equal && !isEvicted, evicted: isEvicted, members },
    import: progress,
    stock: {
      skus: node.index.size,
      matched: node.index.matched,
      oversold: node.index.oversold,
      problems: node.problems.count,
    },
    pending,
    lastChangeAt: isoTime(node.lastChangeAt),
    stopAll: stopAllAnswerOf(node.network),
    partitionGuard: guardAnswerOf(node),
  }
}

export function membersOf(node: StockNode): MemberStatus[] {
  const connected = node.network.link.connected()
  return node.network.members.map(({ shopId, name, url }) => {
    const self = shopId === node.self
    const presence = node.network.presence.of(shopId)
    return {
      id: shopId,
      name,
      url,
      self,
      online: self || connected.has(shopId),
      lastContactAt: self ? null : isoTime(node.network.link.lastContact(shopId)),
      behind: self ? 0 : behind(node, shopId),
      release: self ? release : presence.release,
      clockAheadMs: self ? 0 : presence.clockAheadMs,
      ...(self ? node.presence() : { import: presence.import, shopState: presence.shopState }),
    }
  })
}

export function joinAnswer(outgoing: OutgoingJoin): JoinAnswer {
  const row = outgoing.current
  if (row === null) return { state: 'none' }
  const { id, code, state, error, errorCode, at } = row.request
  return {
    id,
    address: row.address,
    code,
    state,
    error,
    errorCode,
    expiresAt: new Date(at + limits.joinRequestMsMax).toISOString(),
  }
}

export function joinRequestItem(request: ReturnType<IncomingJoins['list']>[number]): JoinRequestItem {
  const { id, name, url, code, at } = request
  const state = request.state === 'held' ? 'sent' : request.state
  return {
    id,
    name: name === '' ? shopIdOfKey(request.joinerKey) : name,
    url,
    code,
    state,
    at: new Date(at).toISOString(),
  }
}

function behind(node: StockNode, member: ShopId): number | null {
  return node.replicator.claimsOf(member) === null ? null : unclaimedBy(node, [member]).size
}

/** SKUs with something that one of these members has not claimed, by what was last heard of it. */
export function unclaimedBy(node: StockNode, members: readonly ShopId[]): Set<SkuKey> {
  const keys = new Set<SkuKey>()
  for (const member of members) {
    const claims = node.replicator.claimsOf(member)
    for (const rid of node.ledger.holdings.replicas.keys()) {
      for (const key of skusAbove(node.ledger.holdings, rid, claims?.get(rid) ?? 0)) keys.add(key)
    }
  }
  return keys
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

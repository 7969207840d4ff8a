/**
 * What the node knows of what alerts are about: shops out of reach, SKUs that are oversold and not put aside, and
 * differences that wait for a person.
 */
import type { AlertFacts, AlertItem, ShopContact } from '../alerts/alert.ts'
import { problemId } from '../views/problem.ts'
import { type Alarm, subjectOf } from '../views/problems.ts'
import type { StockNode } from './stock-node.ts'

/** `startedAt`: since when a shop that was never heard is away at least, in milliseconds since 1970. */
export function alertFacts(node: StockNode, ownName: string, startedAt: number): AlertFacts {
  const shops = [ownShop(node, ownName), ...otherShops(node, startedAt)]
  const [fork, clone, bad] = [alarms(node, 'fork'), alarms(node, 'clone'), alarms(node, 'bad-peer')]
  const rejected = rejectedKey(node, ownName)
  const told = { fork, clone, 'bad-peer': bad, 'key-rejected': rejected, 'stopped-all': stopped(node) }
  return { shops, oversold: oversold(node), held: held(node), ...told }
}

function ownShop({ self, shop }: StockNode, name: string): ShopContact {
  const { failure, state } = shop.health
  // A shop that is left alone is neither away nor back.
  if (shop.isPaused) return { id: self, name, state: 'unknown', since: null }
  // One that refuses the key answers; that is told as what it is.
  if (failure?.code === 'key-rejected') return { id: self, name, state: 'unknown', since: null }
  if (failure !== null) return { id: self, name, state: 'away', since: failure.since }
  return { id: self, name, state: state === 'connected' ? 'reached' : 'unknown', since: null }
}

function rejectedKey({ self, shop }: StockNode, name: string): AlertItem[] {
  const { failure } = shop.health
  if (shop.isPaused || failure?.code !== 'key-rejected') return []
  return [{ id: self, name, units: null, since: failure.since }]
}

/** Each time that everything is stopped is told by itself. */
function stopped({ network }: StockNode): AlertItem[] {
  const { word, isStopped } = network.stopAll
  if (word === null || !isStopped) return []
  const name = network.membership.member(word.by)?.name ?? word.by
  return [{ id: String(word.stamp), name, units: null, since: word.stamp }]
}

function otherShops({ self, network }: StockNode, startedAt: number): ShopContact[] {
  // Nobody speaks to a shop that is out, so nobody is missed.
  const others = network.isEvicted ? [] : network.members.filter(({ shopId }) => shopId !== self)
  const connected = network.link.connected()
  const joinedAt = network.membership.member(self)?.since ?? 0
  return others.map(({ shopId: id, name, since: addedAt }) => {
    if (connected.has(id)) return { id, name, state: 'reached', since: null }
    // One that was never heard is away since the two could first have met.
    const since = network.link.lastContact(id) ?? Math.max(startedAt, joinedAt, addedAt)
    return { id, name, state: 'away', since }
  })
}

function oversold({ index, dismissals }: StockNode): AlertItem[] {
  const items: AlertItem[] = []
  for (const key of index.oversoldKeys) {
    const { sku, level } = index.item(key)
    const isPutAside = (dismissals.open.get(problemId('oversold', key))?.count ?? 0) >= -(level ?? 0)
    if (!isPutAside) items.push({ id: key, name: sku, units: level, since: null })
  }
  return items
}

function held({ index, shop }: StockNode): AlertItem[] {
  const { offsets, withheld } = shop.book
  const own = [...offsets].map(([key, { units, since }]) => ({ id: key, name: index.item(key).sku, units, since }))
  const others = [...withheld.byMember()].flatMap(([member, skus]) =>
    [...skus].map(([key, { since }]) => {
      return { id: `${key} ${member}`, name: index.item(key).sku, units: -withheld.unitsOf(key), since }
    }),
  )
  return [...own, ...others]
}

function alarms({ alarms: book, dismissals, network }: StockNode, kind: Alarm['kind']): AlertItem[] {
  return [...book.open].flatMap(([about, alarm]) => {
    if (alarm.kind !== kind || dismissals.open.has(problemId(kind, about))) return []
    const subject = subjectOf(alarm)
    return [{ id: about, name: network.membership.member(subject)?.name ?? subject, units: null, since: alarm.since }]
  })
}

/**
 * What must hold when a world has come to rest: every node answers and agrees with every other, nothing is open, and
 * each number is what really happened in the shops, which is read from their own databases and from nothing of ours.
 */
import {
  type Baseline,
  type Cover,
  type FeedRow,
  levelOf,
  localChange,
  type LocalChange,
  recordsOf,
  type Rid,
  shopOfRid,
  type SkuKey,
  skuKey,
  winningBaseline,
} from '@stockmesh/protocol'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { SimNode } from './sim-node.ts'
import { checkHistory } from './history.ts'
import { restlessness } from './rest.ts'
import type { World } from './world.ts'

export class SimFailure extends Error {
  readonly seed: number
  /** The SKU that went wrong; null if it is not about one. */
  readonly key: SkuKey | null
  readonly world: World
  constructor(world: World, key: SkuKey | null, message: string) {
    super(`seed ${world.seed}: ${message}`)
    this.name = 'SimFailure'
    this.seed = world.seed
    this.key = key
    this.world = world
  }
}

/** What a member that lies may be told to have done. */
const liarCodes = ['chunk-invalid', 'claim-changed', 'claim-forged', 'digest-wrong']

export async function check(world: World, rested: boolean): Promise<void> {
  const fail: Fail = (key, message) => {
    throw new SimFailure(world, key, message)
  }
  if (!rested) fail(null, `not at rest after ${world.time.events} events: ${restlessness(world) ?? 'it never ends'}`)
  const alarms = world.nodes.flatMap(({ name, alarms: raised, isDamaged, wasTwice }) => {
    const due = new Set([
      ...(world.nodes.some((node) => node.wasTwice) ? ['runs-twice'] : []),
      ...(isDamaged ? ['records-damaged'] : []),
      ...(world.hasLiar ? liarCodes : []),
    ])
    const undue = raised.filter(
      ({ code, putBack }) => !due.has(code) && !(code === 'rolled-back' && (putBack || wasTwice)),
    )
    return undue.map(({ code }) => `${name} ${code}`)
  })
  for (const fault of world.faults) fail(null, fault)
  if (alarms.length > 0) fail(null, `an honest node was blamed: ${alarms.join(', ')}`)
  const open = world.nodes.map((node) => ({ node, stock: node.node as StockNode }))
  const [first] = open
  if (first === undefined) return
  checkClaims(world, fail)
  const keys = new Set(open.flatMap(({ stock }) => [...stock.ledger.holdings.skus.keys()]))
  for (const key of keys) {
    const level = levelOf(recordsOf(first.stock.ledger.holdings, key))
    const truth = trueLevel(world, first.stock, key)
    const fault = baselineFault(world, first.stock, key) ?? deliveryFault(world, first.stock, key)
    if (fault !== null) fail(key, `${key}: ${fault}`)
    if (world.listed.some((sku) => skuKey(sku) === key)) {
      const listFault = spreadsheetFault(world, first.stock, key)
      if (listFault !== null) fail(key, `${key}: ${listFault}`)
    } else if (level !== truth.level)
      fail(key, `the level of ${key} is ${level} and should be ${truth.level} (${truth.how})`)
    for (const { node, stock } of open) {
      const here = levelOf(recordsOf(stock.ledger.holdings, key))
      if (here !== level) fail(key, `${key} is ${level} at ${first.node.name} and ${here} at ${node.name}`)
      const rows = rowsInShop(node, key)
      const known = stock.shop.book.rowsOf(key).map((row) => row.stock)
      if (known.join() !== rows.join())
        fail(key, `${node.name} knows ${known.join()} of ${key}; its shop has ${rows.join()}`)
      const [shown] = rows
      // What stands twice, or is not tracked, is left alone.
      if (rows.length !== 1 || shown === null) continue
      if (level === null) fail(key, `${node.name} sells ${key} and the network has no number for it`)
      const wanted = Math.max(0, level ?? 0)
      if (shown !== wanted) fail(key, `the shop of ${node.name} shows ${shown} of ${key}; the level is ${level}`)
    }
  }
  await checkHistory(world, fail)
  for (const { name, shop } of world.nodes) {
    const operations = shop.truth().rows.flatMap(({ opId }) => (opId === null ? [] : [opId]))
    if (new Set(operations).size < operations.length) fail(null, `the shop of ${name} did one adjustment twice`)
    if (shop.unnoted.length > 0)
      fail(null, `${name} asked for adjustments that it had not noted: ${shop.unnoted.length}`)
  }
  for (const { node, stock } of open) {
    const { intents, offsets, withheld } = stock.shop.book
    if (intents.size > 0) fail(null, `${node.name} has an open intent: ${JSON.stringify([...intents.values()])}`)
    for (const [key, { units, reason }] of offsets) fail(key, `${node.name} holds ${units} of ${key} (${reason})`)
    if (withheld.byMember().size > 0) fail(null, `${node.name} withholds changes of another shop`)
  }
}

type Fail = (key: SkuKey | null, message: string) => never

function checkClaims(world: World, fail: Fail): void {
  const claims = world.nodes.map(({ name, node }) => ({ name, claims: node?.ledger.claims() ?? new Map() }))
  const [first, ...others] = claims
  for (const other of others) {
    for (const rid of new Set([...(first?.claims.keys() ?? []), ...other.claims.keys()])) {
      const [a, b] = [first?.claims.get(rid), other.claims.get(rid)]
      if (a?.high !== b?.high) fail(null, `${rid}: ${first?.name} claims ${a?.high} and ${other.name} ${b?.high}`)
      if (a !== undefined && b !== undefined && Buffer.compare(a.digest, b.digest) !== 0) {
        fail(null, `${rid} at ${a.high}: two digests`)
      }
    }
  }
}

/**
 * The number that a SKU must have: its baseline, which must be true, and all that was really bought, returned, typed
 * and received since, which is read from the shops' own databases and from what people were told.
 */
function trueLevel(
  world: World,
  stock: StockNode,
  key: SkuKey,
): { readonly level: number | null; readonly how: string } {
  const records = recordsOf(stock.ledger.holdings, key)
  const winner = winningBaseline(records.baselines)
  if (winner === null) return { level: null, how: 'no baseline' }
  const { quantity, covers } = winner.record.baseline
  const covered = new Map(covers.map((cover) => [cover.rid, cover]))
  let level = quantity
  const how = [`${winner.record.baseline.kind} baseline ${quantity} of ${nameOf(world, winner.rid)}`]
  const feeds = new Set<Rid>()
  for (const { name, shop, id } of world.nodes) {
    for (const { rid, start } of shop.attached) {
      feeds.add(rid)
      // Of a shop that is out counts what was heard of, and it counts to the last unit.
      const isPresent = rid === shop.attached.at(-1)?.rid && shopOfRid(rid) === id
      const through = isPresent ? Number.POSITIVE_INFINITY : (stock.ledger.claims().get(rid)?.high ?? 0)
      const after = Math.max(start, covered.get(rid)?.seq ?? 0)
      const changes = changesOf(shop.truth().rows, key).filter(({ seq }) => seq > after && seq <= through)
      const moved = changes.reduce((sum, { delta }) => sum + delta, 0)
      level += moved
      how.push(`${name} moved ${moved} after ${after}${isPresent ? '' : ` up to ${through}`}`)
    }
  }
  for (const { rid, record } of records.totals) {
    if (feeds.has(rid)) continue
    const cover = covered.get(rid)
    const more = cover !== undefined && record.seq <= cover.seq ? 0 : record.added - record.removed - (cover?.net ?? 0)
    level += more
    how.push(`${nameOf(world, rid)} received ${more}`)
  }
  return { level, how: how.join(', ') }
}

/** Everything counts that was sold or typed, but for what an owner decided against. */
function spreadsheetFault(world: World, stock: StockNode, key: SkuKey): string | null {
  const records = recordsOf(stock.ledger.holdings, key)
  const level = levelOf(records)
  // A count is what somebody made of it who took a change of another shop back.
  const winner = winningBaseline(records.baselines.filter(({ record }) => record.baseline.kind === 'first'))
  if (world.wasPutBack || level === null || winner === null) return null
  const moved = world.nodes.flatMap(({ shop }) =>
    changesOf(shop.truth().rows, key).filter(({ seq }) => seq > (shop.truth().start ?? 0)),
  )
  const all = moved.reduce((sum, { delta }) => sum + delta, winner.record.baseline.quantity)
  const rejected = world.rejected.filter((one) => one.key === key)
  const sure = rejected.reduce((sum, { units, isSure }) => (isSure ? sum + units : sum), 0)
  const open = rejected.filter(({ isSure }) => !isSure).map(({ units }) => -units)
  const back = takenBackOf(world, key)
  if (isSumOf(level - (all - sure - back.sure), [...open, ...back.open])) return null
  return (
    `it is ${level}; all that moved makes ${all}, ${sure} was decided against, and perhaps ${open.join(', ')}, ` +
    `and ${back.sure} of other shops was taken back, and perhaps ${back.open.join(', ')}`
  )
}

/**
 * What was taken back of other shops' changes, each once, however many did. Where several did so apart, the later count
 * stands, and with it what that one had not taken back.
 */
function takenBackOf(world: World, key: SkuKey): { readonly sure: number; readonly open: readonly number[] } {
  const mine = world.takenBack.filter((one) => one.key === key)
  const isOne = new Set(mine.map(({ by }) => by)).size < 2
  const changes = new Map<string, { readonly delta: number; readonly isSure: boolean }>()
  for (const { change, delta, isSure } of mine) {
    changes.set(change, { delta, isSure: (isOne && isSure) || changes.get(change)?.isSure === true })
  }
  const all = [...changes.values()]
  const sure = all.reduce((sum, { delta, isSure }) => (isSure ? sum + delta : sum), 0)
  return { sure, open: all.filter(({ isSure }) => !isSure).map(({ delta }) => -delta) }
}

/** A first baseline is a number that its shop really had, less what it counted apart; a count is what somebody counted. */
function baselineFault(world: World, stock: StockNode, key: SkuKey): string | null {
  const winner = winningBaseline(recordsOf(stock.ledger.holdings, key).baselines)
  if (winner === null) return null
  const author = shopOfRid(winner.rid)
  const node = world.nodes.find(({ ids }) => ids.includes(author))
  if (node === undefined) return null
  const { quantity, kind, covers } = winner.record.baseline
  const acceptances = world.acceptances.filter(({ joiner }) => joiner === author)
  // What it was let in with first counts, and what only one knew that is out by now may be lost.
  const joined =
    acceptances.length > 0 && acceptances.every(({ by, numbered }) => numbered.has(key) && !world.unheard.has(by))
  if (kind === 'first' && joined) return `${node.name} joined, and its number took the place of the network's`
  const { rows } = node.shop.truth()
  const { rid: feed, start } = node.shop.attached.findLast(({ rid }) => shopOfRid(rid) === author) ?? {}
  let counted = 0
  let stood = false
  for (const row of rows) {
    if (row.sku === null || skuKey(row.sku) !== key) continue
    if (row.id > (start ?? 0)) counted += localChange(row)?.delta ?? 0
    if (row.stock === (kind === 'first' ? quantity + counted : quantity)) stood = true
  }
  const own = covers.find(({ rid }) => rid === feed)?.seq ?? 0
  const person = world.counts.some((count) => {
    if (count.by !== author || skuKey(count.sku) !== key) return false
    // What its shop had done before the count began is in the number, so it must not be counted again.
    const again = changesOf(rows, key).some(({ seq }) => seq > own && seq <= count.covered && seq > (start ?? 0))
    // What came while the shop was read is taken off, if it happened after the count began by the shops' own clocks.
    const meanwhile = world.nodes.flatMap((each) => {
      const from = each === node ? count.covered : 0
      return changesOf(each.shop.truth().rows, key).flatMap(({ seq, delta }) => (seq > from ? [delta] : []))
    })
    const delivered = world.deliveries.flatMap((delivery) => (delivery.key === key ? [delivery.quantity] : []))
    return !again && isSumOf(quantity - count.quantity, [...meanwhile, ...delivered])
  })
  const winning = winner.record.baseline
  if (kind === 'count' && world.takenBack.some((one) => one.key === key)) return null
  if (stood || (kind === 'count' && (person || isTakenBack(world, node.id, key, winning)))) return null
  return `${kind} baseline ${quantity} of ${node.name} is no number that anybody saw`
}

/** Whether a count is the number that a person made it by taking something back. */
function isTakenBack(world: World, by: string, key: SkuKey, { quantity, covers }: Baseline): boolean {
  const net = (of: readonly Cover[]): number => of.reduce((sum, cover) => sum + cover.net, 0)
  const own = world.ownNumbers.some(
    (one) => one.by === by && one.key === key && quantity === one.before + net(covers) - one.net,
  )
  if (own) return true
  const before = world.baselines.get(key) ?? []
  return world.undos.some((undo) => {
    if (undo.by !== by) return false
    const member = world.nodes.find(({ id }) => id === undo.member)
    if (member === undefined) return false
    const rid = `${member.id}-${member.shop.truth().epoch}`
    const seqIn = (of: readonly Cover[]): number => of.find((cover) => cover.rid === rid)?.seq ?? 0
    // What it received is numbered by its node, whose clock may be anywhere.
    const received = world.deliveries.flatMap((one) => (one.by === member.id && one.key === key ? [-one.quantity] : []))
    return before.some((prior) => {
      const made = changesOf(member.shop.truth().rows, key)
        .filter(({ seq, at }) => seq > seqIn(prior.covers) && seq <= seqIn(covers) && at >= undo.since)
        .filter(({ seq }) => seq > (member.shop.truth().start ?? 0))
        .reduce((sum, { delta }) => sum + delta, 0)
      const moved = covers.reduce((sum, cover) => {
        const known = prior.covers.find((one) => one.rid === cover.rid)
        return cover.seq <= (known?.seq ?? 0) ? sum : sum + cover.net - (known?.net ?? 0)
      }, 0)
      return isSumOf(quantity - (prior.quantity + moved - made), received)
    })
  })
}

/** Goods that came in count once: all that were acknowledged, and of the others some or none. */
function deliveryFault(world: World, stock: StockNode, key: SkuKey): string | null {
  const { totals } = recordsOf(stock.ledger.holdings, key)
  // What was held of it, or compared after a disk was put back, went through the same replicas.
  if (world.listed.some((sku) => skuKey(sku) === key)) return null
  if (world.listed.length > 0 && world.wasPutBack) return null
  const nodes = world.nodes.flatMap((node) => node.ids.map((id) => ({ id, node })))
  for (const { id, node } of nodes) {
    const received = totals
      .filter(({ rid }) => shopOfRid(rid) === id && !node.shop.attached.some((feed) => feed.rid === rid))
      .reduce((sum, { record }) => sum + record.added - record.removed, 0)
    const mine = world.deliveries.filter(({ by, key: of }) => by === id && of === key)
    const sure = mine.filter(({ answeredAt }) => answeredAt !== null).reduce((sum, { quantity }) => sum + quantity, 0)
    const open = mine.filter(({ answeredAt }) => answeredAt === null).map(({ quantity }) => quantity)
    if (!isSumOf(received - sure, open))
      return `${node.name} received ${sure} and perhaps ${open.join(', ')}, not ${received}`
  }
  return null
}

function isSumOf(sum: number, parts: readonly number[]): boolean {
  let reached = new Set([0])
  for (const part of parts) reached = new Set([...reached, ...[...reached].map((each) => each + part)])
  return reached.has(sum)
}

function changesOf(rows: readonly FeedRow[], key: SkuKey): LocalChange[] {
  return rows.map(localChange).filter((change) => change?.key === key) as LocalChange[]
}

function nameOf(world: World, rid: Rid): string {
  return world.nodes.find(({ id }) => id === shopOfRid(rid))?.name ?? rid
}

/** The stock rows of a shop that carry the SKU now. */
function rowsInShop(node: SimNode, key: SkuKey): readonly (number | null)[] {
  const rows = new Map<string, { key: SkuKey | null; stock: number | null }>()
  for (const { stockId, kind, sku, stock } of node.shop.truth().rows) {
    if (kind === 'deleted') rows.delete(stockId)
    else if (stockId !== '') rows.set(stockId, { key: sku === null ? null : skuKey(sku), stock })
  }
  return [...rows.values()].filter((row) => row.key === key).map(({ stock }) => stock)
}

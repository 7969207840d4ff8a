/**
 * One seeded run of the test network: a time of faults, then healing. Every choice comes from the seed, so a run that
 * fails is replayed by its number alone.
 */
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import { recordsOf } from '../../packages/protocol/src/holdings.ts'
import type { Rid } from '../../packages/protocol/src/ids.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { keyOf, shopAt } from './arbitraries.ts'
import { SeededRandom } from './random.ts'
import type { TestNode } from './replication-node.ts'
import { TestNetwork } from './replication-network.ts'
import { findRecord } from './record-model.ts'

const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map(keyOf)
const healMsMax = 60_000

/** Which nodes may have a link: all with all, a line, a ring or a star. */
function topology(random: SeededRandom, count: number): [number, number][] {
  const pairs = Array.from({ length: count }, (_, a) => Array.from({ length: count }, (_, b) => [a, b] as const))
    .flat()
    .filter(([a, b]) => a < b)
  const shapes = [
    () => true,
    (a: number, b: number) => b === a + 1,
    (a: number, b: number) => b === a + 1 || (a === 0 && b === count - 1),
    (a: number) => a === 0,
  ]
  const shape = random.pick(shapes)
  return pairs.filter(([a, b]) => shape(a, b)).map(([a, b]) => [a, b])
}

/** Runs one seed to its end; throws where safety or liveness is broken. */
export function runChaos(seed: number, steps = 250): TestNetwork {
  const random = new SeededRandom(seed)
  const count = 3 + random.below(3)
  const shops = Array.from({ length: count }, (_, index) => shopAt(1 + ((index * 7 + random.below(7)) % 200)))
  const network = new TestNetwork(shops, topology(random, count), {
    chunkRecords: random.pick([1, 2, 4, 500]),
    overWire: seed % 10 === 0,
  })
  // Each run has a temper of its own: some links flap, some disks are slow, some nodes crash all the time.
  const weights = [1, 4, 12, 12, 12, 30].map((weight) => weight * (0.2 + 2 * random.next()))
  const crashes = random.pick([0, 0.1, 1])
  for (let step = 0; step < steps; step += 1) {
    if (random.chance(0.03 * crashes)) crashOrStart(network, random)
    else act(network, random, weights)
  }
  const faults = network.told.length
  network.heal(healMsMax)
  if (faults > 0 || network.told.length > 0) {
    throw new Error(`an honest peer was blamed: ${JSON.stringify(network.told.map(({ output }) => output))}`)
  }
  for (const key of keys) {
    const model = network.modelLevel(key)
    for (const level of network.levels(key)) if (level !== model) throw new Error(`${key}: ${level} for ${model}`)
  }
  return network
}

function act(network: TestNetwork, random: SeededRandom, weights: readonly number[]): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let point = random.next() * total
  const choice = weights.findIndex((weight) => {
    point -= weight
    return point < 0
  })
  const node = random.pick(network.nodes)
  const link = random.pick(network.links)
  const side = random.below(2) as 0 | 1
  switch (choice) {
    case 0:
      if (link.sides[side] !== 'closed') network.closeSide(link, side)
      break
    case 1:
      network.now += random.pick([1, 50, 250, 250, 1_000, 11_000])
      if (node.up) node.tick()
      break
    case 2:
      if (node.up) change(network, node, random)
      break
    case 3:
      if (node.isWriting) node.flush()
      break
    case 4: {
      const rids = node.up ? node.workable : []
      if (rids.length > 0) node.work(random.pick(rids))
      break
    }
    default:
      if (network.canOpen(link)) network.open(link)
      else if (link.sides[side] === 'opening') network.openSide(link, side)
      // A side whose other end is gone finds out some time later.
      else if (link.sides[side] === 'open' && link.sides[1 - side] === 'closed') network.closeSide(link, side)
      else network.deliver(link, side)
  }
}

function crashOrStart(network: TestNetwork, random: SeededRandom): void {
  const node = random.pick(network.nodes)
  if (node.up) network.crash(node, random.chance(0.5))
  else node.start()
}

function change(network: TestNetwork, node: TestNode, random: SeededRandom): void {
  const key = random.pick(keys)
  const delta = random.below(11) - 5
  if (random.chance(0.4)) {
    network.move(node, key, delta === 0 ? 1 : delta)
    if (random.chance(0.7)) network.readFeed(node, 1 + random.below(5))
    return
  }
  const kind = random.below(5)
  network.issue(node, (seq) => {
    const rid = node.ownRid
    if (kind === 0) {
      const baseline = { kind: 'first', quantity: random.below(100), stamp: random.below(4), covers: [] } as const
      return [{ kind: 'baseline', seq, key, text: key, name: '', baseline }]
    }
    if (kind === 1) return [{ kind: 'listed', seq, key, text: key, name: '', value: random.chance(0.5), stamp: seq }]
    const other = random.pick(keys)
    const first = totalsAfter(node, rid, seq, key, delta)
    return other === key ? [first] : [first, totalsAfter(node, rid, seq + 1, other, 1)]
  })
}

function totalsAfter(node: TestNode, rid: Rid | null, seq: number, key: SkuKey, delta: number): StockRecord {
  const before = rid === null ? undefined : findRecord(recordsOf(node.holdings, key), rid, 'totals')?.record
  const [added, removed] = before?.kind === 'totals' ? [before.added, before.removed] : [0, 0]
  return { kind: 'totals', seq, key, added: added + Math.max(0, delta), removed: removed + Math.max(0, -delta) }
}

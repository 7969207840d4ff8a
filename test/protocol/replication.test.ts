/** Replication: a seeded network with faults, the merchant's cases, and what the machine says to a peer that errs. */
import { describe, expect, it } from 'vitest'
import { equalsPeer, holdsAllOf, holdsAllSentBy } from '../../packages/protocol/src/agreement.ts'
import { shopHashes } from '../../packages/protocol/src/claim.ts'
import type { Cut } from '../../packages/protocol/src/cuts.ts'
import type { Rid, ShopId } from '../../packages/protocol/src/ids.ts'
import {
  chunksUnacknowledgedMax,
  stageForsakenMsMax,
  stageRecordsMax,
  wantStallMs,
} from '../../packages/protocol/src/limits.ts'
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import type { ReplicationInput } from '../../packages/protocol/src/replication-step.ts'
import type { Chunk } from '../../packages/protocol/src/wire.ts'
import { baseline, keyOf, ridAt, seed, shopAt, totals } from './arbitraries.ts'
import { runChaos } from './chaos.ts'
import { chunk, claim, Machine, nameOf, rowOf, tell } from './machine.ts'
import { TestNetwork } from './replication-network.ts'
import { standInSignature } from './stand-in-signature.ts'

const [shopM, shopE, shopT, shopS] = [shopAt(1), shopAt(2), shopAt(3), shopAt(4)] as const
const [M, E] = [ridAt(shopM), ridAt(shopE)] as const

describe('any schedule of faults', () => {
  it('never breaks a claim, and ends in step once healed', () => {
    for (let run = 0; run < 300; run += 1) {
      const each = seed + run
      try {
        const network = runChaos(each)
        // Between honest nodes nothing has to be fetched twice.
        expect(network.nodes.map(({ refusals }) => refusals)).toEqual(network.nodes.map(() => 0))
      } catch (error) {
        throw new Error(`STOCKMESH_SEED=${each} replays this as the first run`, { cause: error })
      }
    }
  })

  it.each([1, 8, 45, 52, 771, 909, 1_228, 2_599])('a seed that once failed: %i', (each) => {
    expect(runChaos(each).told).toEqual([])
  })
})

/** M with a baseline of one SKU, and what it issues afterwards. */
function three(edges: [number, number][], chunkRecords = 500): TestNetwork {
  return new TestNetwork([shopM, shopE, shopT, shopS], edges, { chunkRecords })
}

const key = keyOf('a')
const create = (quantity: number) => (seq: number) => [baseline(seq, quantity)]
const sell = (units: number) => (seq: number) => [totals(seq, 0, units)]
const numbered = (count: number, units: number) => (seq: number) =>
  Array.from({ length: count }, (_, index): StockRecord => totals(seq + index, units, 0, `sku-${index}`))
const highs = (network: TestNetwork, rid: Rid): number[] =>
  network.nodes.map(({ disk }) => disk.claims.get(rid)?.high ?? 0)

/** Opens these links and lets everything happen that needs no time. */
function meet(network: TestNetwork, ...pairs: [ShopId, ShopId][]): void {
  for (const [a, b] of pairs) network.open(network.linkOf(a, b))
  network.settle()
}

function leave(network: TestNetwork, ...pairs: [ShopId, ShopId][]): void {
  for (const [a, b] of pairs) network.cut(network.linkOf(a, b))
  network.settle()
}

describe('scenarios', () => {
  it('22: REL-22 = 20, on a line M - E - T a sale at M reaches T, and it counts once when M and T meet', () => {
    const network = three([
      [0, 1],
      [1, 2],
      [0, 2],
    ])
    network.issue(network.at(0), create(20))
    meet(network, [shopM, shopE], [shopE, shopT])
    network.issue(network.at(0), sell(5))
    network.settle()
    for (let tick = 0; tick < 4; tick += 1) {
      network.tick(250)
      network.settle()
    }
    expect(network.levels(key).slice(0, 3)).toEqual([15, 15, 15])
    leave(network, [shopM, shopE], [shopE, shopT])
    network.delivered.clear()
    meet(network, [shopM, shopT])
    expect(network.levels(key).slice(0, 3)).toEqual([15, 15, 15])
    // They hold the same, so not one record crosses.
    expect(network.delivered.get('chunk')).toBeUndefined()
  })

  it('23: M wrote 1-10, T heard 1, 2, 3, 7, 8 and E all, M is lost: T has all ten from E, and 3 without it', () => {
    const network = three(
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      1,
    )
    const lost = [3, 4, 5, 8, 9]
    network.tamper = (from, to, message) =>
      from === shopM && to === shopT && message.type === 'chunk' && lost.includes(message.above) ? null : message
    meet(network, [shopM, shopE], [shopM, shopT])
    for (let sku = 1; sku <= 10; sku += 1) {
      network.issue(network.at(0), (seq) => [totals(seq, 1, 0, `sku-${sku}`)])
      network.settle()
    }
    const rid = network.at(0).ownRid ?? M
    expect(highs(network, rid)).toEqual([10, 10, 3, 0])
    network.crash(network.at(0), false)
    network.settle()
    expect(highs(network, rid)).toEqual([10, 10, 3, 0])
    expect(network.at(2).holdings.skus.size).toBe(3)
    meet(network, [shopE, shopT])
    expect(highs(network, rid)).toEqual([10, 10, 10, 0])
  })

  it('24: 2,500 changed records, cut after chunk 3 of 5: T has not moved, nor who asks T; then all are equal', () => {
    const network = three([
      [0, 2],
      [2, 3],
      [0, 3],
    ])
    network.issue(network.at(0), numbered(2_500, 1))
    meet(network, [shopM, shopT])
    const rid = network.at(0).ownRid ?? M
    expect(highs(network, rid)).toEqual([2_500, 0, 2_500, 0])
    leave(network, [shopM, shopT])
    network.issue(network.at(0), numbered(2_500, 2))
    network.settle()
    let chunks = 0
    const asked: number[] = []
    network.tamper = (_from, _to, message) => {
      if (message.type === 'want' && message.rid === rid) asked.push(message.above)
      if (message.type === 'chunk') chunks += 1
      return message.type === 'chunk' && chunks > 3 ? null : message
    }
    meet(network, [shopM, shopT])
    leave(network, [shopM, shopT])
    expect(highs(network, rid)).toEqual([5_000, 0, 2_500, 0])
    expect(network.at(2).disk.stages.get(rid)?.stage).toMatchObject({
      through: 4_000,
      announced: 5_000,
      records: 1_500,
    })
    chunks = Number.NEGATIVE_INFINITY
    meet(network, [shopT, shopS])
    expect(highs(network, rid)).toEqual([5_000, 0, 2_500, 2_500])
    expect(network.levels(keyOf('sku-0'))).toEqual([null, null, null, null])
    asked.length = 0
    // A crash in between costs nothing of what was staged.
    network.crash(network.at(2), false)
    network.at(2).start()
    network.settle()
    meet(network, [shopM, shopT], [shopT, shopS])
    network.tick(250)
    network.settle()
    expect(highs(network, rid)).toEqual([5_000, 0, 5_000, 5_000])
    // T goes on where its stage ends; S never held a part, so it asks from its claim.
    expect(asked.sort((a, b) => a - b)).toEqual([2_500, 4_000])
    expect(network.at(2).disk.stages.size).toBe(0)
  })

  it('21: a stage is not carried on at a peer that knows less than was announced', () => {
    const network = three(
      [
        [0, 2],
        [1, 2],
        [0, 1],
      ],
      2,
    )
    network.issue(network.at(0), numbered(6, 1))
    network.settle()
    meet(network, [shopM, shopE])
    leave(network, [shopM, shopE])
    const rid = network.at(0).ownRid ?? M
    network.issue(network.at(0), (seq) => [totals(seq, 9, 0, 'sku-5')])
    network.settle()
    network.tamper = (_from, _to, message) => (message.type === 'chunk' && message.above >= 2 ? null : message)
    meet(network, [shopM, shopT])
    leave(network, [shopM, shopT])
    expect(network.at(2).disk.stages.get(rid)?.stage).toMatchObject({ through: 2, announced: 7 })
    network.tamper = (_from, _to, message) => message
    meet(network, [shopE, shopT])
    expect(highs(network, rid)).toEqual([7, 6, 6, 0])
    expect(network.nodes.map(({ refusals }) => refusals)).toEqual([0, 0, 0, 0])
  })
})

describe('a clock that is set back', () => {
  it('does not keep claims from being told', () => {
    const network = three([[0, 1]])
    const [m, e] = [network.at(0), network.at(1)]
    meet(network, [shopM, shopE])
    const now = network.now
    network.now += 315_360_000_000
    network.issue(m, create(20))
    network.settle()
    network.now = now
    network.issue(m, sell(1))
    network.settle()
    network.tick(250)
    network.settle()
    expect([equalsPeer(m.machine, shopE), equalsPeer(e.machine, shopM)]).toEqual([true, true])
  })
})

describe('the first words of a session', () => {
  it('claims that move between the two HELLOs leave no end in the dark about the replicas that did not', () => {
    const network = three([[0, 1]])
    const [m, e] = [network.at(0), network.at(1)]
    // M writes under two replicas, and E holds both.
    network.issue(m, create(20))
    network.move(m, key, -1)
    network.readFeed(m, 1)
    meet(network, [shopM, shopE])
    leave(network, [shopM, shopE])
    const link = network.linkOf(shopM, shopE)
    network.open(link)
    network.openSide(link, 0)
    network.issue(m, sell(1))
    m.flush()
    network.settle()
    network.tick(250)
    network.settle()
    expect([equalsPeer(m.machine, shopE), equalsPeer(e.machine, shopM)]).toEqual([true, true])
  })
})

describe('a bad network', () => {
  it('a link that flaps all the time lets everything through in the end', () => {
    const network = three([[0, 1]], 3)
    for (let flap = 0; flap < 200; flap += 1) {
      network.issue(network.at(0), numbered(5, flap + 1))
      const link = network.linkOf(shopM, shopE)
      network.open(link)
      network.openSide(link, 0)
      network.openSide(link, 1)
      for (let turn = 0; turn < 9; turn += 1) {
        network.deliver(link, (turn % 2) as 0 | 1)
        for (const node of network.nodes) {
          node.flush()
          for (const rid of node.workable) node.work(rid)
        }
      }
      network.cut(link)
      network.now += 100
    }
    network.settle()
    meet(network, [shopM, shopE])
    const rid = network.at(0).ownRid ?? M
    expect(highs(network, rid).slice(0, 2)).toEqual([1_000, 1_000])
    expect(network.told).toEqual([])
  })

  it('an origin that stalls is left for a relay after 10 s, not before', () => {
    const network = three([
      [0, 1],
      [0, 2],
      [1, 2],
    ])
    network.tamper = (from, to, message) =>
      from === shopM && to === shopT && message.type === 'chunk' ? null : message
    meet(network, [shopM, shopE], [shopM, shopT], [shopE, shopT])
    network.issue(network.at(0), create(5))
    network.settle()
    for (let passed = 0; passed < wantStallMs - 250; passed += 250) {
      network.tick(250)
      network.settle()
    }
    expect(network.levels(key).slice(0, 3)).toEqual([5, 5, null])
    network.tick(500)
    network.settle()
    expect(network.levels(key).slice(0, 3)).toEqual([5, 5, 5])
  })

  it('a peer whose records do not match their digest is asked once more from zero, then closed with an alarm', () => {
    const network = three([
      [0, 1],
      [1, 2],
      [0, 2],
    ])
    network.issue(network.at(0), create(5))
    network.settle()
    meet(network, [shopM, shopE])
    const asked: number[] = []
    network.tamper = (from, to, message) => {
      if (message.type === 'want' && to === shopE && from === shopT) asked.push(message.above)
      const wrong = from === shopE && message.type === 'chunk' && message.digest !== null
      return wrong ? { ...message, records: [rowOf(totals(1, 500, 0))] } : message
    }
    const rid = network.at(0).ownRid ?? M
    meet(network, [shopE, shopT])
    expect(asked).toEqual([0, 0])
    expect(network.told.map(({ by, output }) => [by, output.type, output.code, output.peer])).toEqual([
      [shopT, 'alarm', 'digest-wrong', shopE],
      [shopT, 'close', 'digest-wrong', shopE],
    ])
    expect(highs(network, rid)).toEqual([1, 1, 0, 0])
    expect([network.at(2).disk.records.size, network.at(2).disk.stages.size]).toEqual([0, 0])
    // An honest peer is not held back by it.
    meet(network, [shopM, shopT])
    expect(highs(network, rid)).toEqual([1, 1, 1, 0])
  })
})

describe('a relay that lies', () => {
  /** M has 80; E, which stands between M and T, tells T something else. */
  function relayed(lie: (chunk: Chunk) => Chunk): TestNetwork {
    const network = three([
      [0, 1],
      [1, 2],
      [0, 2],
    ])
    network.issue(network.at(0), create(80))
    network.settle()
    meet(network, [shopM, shopE])
    network.tamper = (from, to, message) => {
      return from === shopE && to === shopT && message.type === 'chunk' ? lie(message) : message
    }
    meet(network, [shopE, shopT])
    return network
  }

  const more = (chunk: Chunk): Chunk => ({ ...chunk, records: [...chunk.records, rowOf(totals(2, 500, 0))], high: 2 })

  it.each<[string, (chunk: Chunk) => Chunk]>([
    ['with the signature of another claim', more],
    ['without a signature', (chunk) => ({ ...more(chunk), signature: null })],
    ['with a signature that it made up', (chunk) => ({ ...more(chunk), signature: new Uint8Array(64).fill(9) })],
  ])('26: a record in the name of M with 500 more, %s: refused, flagged, and 80 stays', (_, lie) => {
    const network = relayed(lie)
    expect(network.levels(key).slice(0, 3)).toEqual([80, 80, null])
    expect(network.told.map(({ by, output }) => [by, output.type, output.code, output.peer])).toEqual([
      [shopT, 'alarm', 'claim-forged', shopE],
      [shopT, 'close', 'claim-forged', shopE],
    ])
    meet(network, [shopM, shopT])
    expect(network.levels(key).slice(0, 3)).toEqual([80, 80, 80])
  })

  it('accuses nobody: of a fork that no signature shows, the one who tells of it is flagged', () => {
    const machine = new Machine([[M, claim(5, 1)]])
    machine.isSigned = (_, { digest }) => digest[0] === 1
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 5, claim(5, 2).digest))).toEqual([
      'alarm E: claim-forged',
      'close E: claim-forged',
    ])
    const own = ridAt(shopT)
    machine.step({ type: 'written', rid: own })
    expect(tell(machine.have(shopE, own, 9, claim(9, 2).digest))).toEqual([
      'alarm E: claim-forged',
      'close E: claim-forged',
    ])
  })

  it('may tell what the shop signed before: it changes nothing', () => {
    const machine = new Machine([[M, claim(5, 1)]])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 3, claim(3, 2).digest))).toEqual([])
    machine.have(shopE, M, 5, claim(5, 1).digest)
    expect(tell(machine.hear(shopE, chunk(0, [1, 2], 3, true)))).toEqual(['to E: ack 0'])
    expect(machine.state.claims.get(M)).toEqual(claim(5, 1))
  })
})

describe('a removed shop', () => {
  const cutAt = (high: number, isFinal = true): ReadonlyMap<ShopId, Cut> => {
    return new Map([[shopM, { highs: new Map([[M, high]]), by: new Map(), isFinal }]])
  }
  const members = (cuts: ReadonlyMap<ShopId, Cut>): ReplicationInput => {
    return { type: 'members', shops: new Set([shopM, shopE, shopT]), cuts, now: 1_000 }
  }

  it('is heard of through others up to its cut, and not above', () => {
    const machine = new Machine([[M, claim(4)]])
    machine.step(members(cutAt(7)))
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 7))).toEqual(['to E: want above 4'])
    expect(tell(machine.hear(shopE, chunk(4, [5, 7], 7, true)))).toEqual(['commit 2, high 7'])
    machine.step({ type: 'committed', claims: [{ rid: M, ...claim(7) }], now: 1_000 })
    expect(tell(machine.hear(shopE, chunk(7, [8], 8, true, 1)))).toEqual(['drop-stage'])
    expect(tell(machine.have(shopE, M, 8, claim(8).digest))).toEqual([])
    expect(machine.state.pulls.size).toBe(0)
  })

  it('is asked for at another peer where one knows more than counts', () => {
    const machine = new Machine()
    machine.step(members(cutAt(7)))
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 9))).toEqual([])
    machine.open(shopS)
    expect(tell(machine.have(shopS, M, 7))).toEqual(['to S: want above 0'])
  })

  it('goes on to be heard of until all have spoken, and when one says more', () => {
    const machine = new Machine()
    machine.step(members(cutAt(7, false)))
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 9))).toEqual(['to E: want above 0'])
    expect(tell(machine.step(members(cutAt(7))))).toEqual([])
    expect(tell(machine.hear(shopE, chunk(0, [1], 9, true)))).toEqual(['drop-stage'])
    expect(tell(machine.step(members(cutAt(9))))).toEqual(['to E: want above 0'])
    expect(tell(machine.hear(shopE, chunk(0, [1], 9, true)))).toEqual(['commit 1, high 9'])
  })
})

describe('the machine', () => {
  it('two nodes in step say hello and an empty, complete have', () => {
    const machine = new Machine([[M, claim(5)]])
    const opened = machine.open(shopE)
    expect(tell(opened)).toEqual(['to E: hello'])
    const [first] = opened
    if (first?.type !== 'send') throw new Error('no hello was sent')
    expect(tell(machine.hear(shopE, first.message))).toEqual(['to E: have  complete', 'to E: want above 5'])
    expect(machine.state.peers.get(shopE)?.claims.get(M)).toEqual(claim(5))
    expect(holdsAllOf(machine.state, shopE)).toBe(false)
    machine.hear(shopE, { type: 'have', claims: [], complete: true })
    expect(holdsAllOf(machine.state, shopE)).toBe(true)
    machine.have(shopE, M, 6)
    expect(holdsAllOf(machine.state, shopE)).toBe(false)
    expect(holdsAllSentBy(machine.state, shopE)).toBe(false)
    machine.step({ type: 'written', rid: M })
    expect([holdsAllOf(machine.state, shopE), holdsAllSentBy(machine.state, shopE)]).toEqual([false, true])
  })

  it('asks one source for each replica, and the origin as soon as it is there', () => {
    const machine = new Machine()
    machine.open(shopE)
    machine.open(shopM)
    expect(tell(machine.have(shopE, M, 10))).toEqual(['to E: want above 0'])
    expect(tell(machine.have(shopE, M, 12))).toEqual([])
    expect(tell(machine.have(shopM, M, 12))).toEqual(['to M: want above 0'])
    // The rest of E's answer is not taken.
    expect(tell(machine.hear(shopE, chunk(0, [1, 2], 12, true)))).toEqual([])
    expect(tell(machine.step({ type: 'closed', peer: shopM, now: 1_000 }))).toEqual(['to E: want above 0'])
  })

  it('neither pulls what it writes itself nor replicas of shops that are no members', () => {
    const machine = new Machine()
    const own = ridAt(shopT)
    machine.step({ type: 'written', rid: own })
    machine.open(shopE)
    expect(tell(machine.have(shopE, own, 3))).toEqual(['alarm E: rolled-back'])
    expect(tell(machine.have(shopE, ridAt(shopS), 3))).toEqual([])
    const joined = machine.step({ type: 'members', shops: new Set([shopE, shopS, shopT]), cuts: new Map(), now: 1_000 })
    expect(tell(joined)).toEqual(['to E: want above 0'])
  })

  it('an equal claim with another digest is a fork', () => {
    const machine = new Machine([[M, claim(5, 1)]])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 5, claim(5, 2).digest))).toContain('alarm E: fork')
    expect(tell(machine.have(shopE, M, 5, claim(5, 1).digest))).toEqual([])
  })

  it('compares digests with every known peer once in 60 s, and sends its claims of a shop that differs', () => {
    const machine = new Machine([[M, claim(5, 1)]])
    machine.now = 1_000_000
    machine.step({ type: 'tick', now: machine.now })
    machine.open(shopE)
    machine.have(shopE, M, 5, claim(5, 1).digest)
    machine.open(shopM)
    const tick = (ms: number): string[] => {
      machine.now += ms
      return tell(machine.step({ type: 'tick', now: machine.now })).filter((line) => line.includes('digests'))
    }
    tick(0)
    expect(tick(59_999)).toEqual([])
    // M has not told its claims yet.
    expect(tick(1)).toEqual(['to E: digests'])
    expect(tick(250)).toEqual([])
    const hashes = (high: number, fill: number) => shopHashes(new Map([[M, claim(high, fill)]]))
    expect(tell(machine.hear(shopE, { type: 'digests', shops: hashes(5, 1) }))).toEqual([])
    expect(tell(machine.hear(shopE, { type: 'digests', shops: hashes(5, 2) }))).toEqual(['to E: have 5'])
    expect(tell(machine.hear(shopE, { type: 'digests', shops: [] }))).toEqual(['to E: have 5'])
  })

  it('two peers that were in step find within a minute that one of them holds something else, and both tell', () => {
    const network = three([[0, 1]])
    network.issue(network.at(0), create(20))
    network.settle()
    meet(network, [shopM, shopE])
    const rid = network.at(0).ownRid ?? M
    // What E holds is not what it was given.
    network.at(1).machine.claims.set(rid, { ...claim(1, 7), signature: standInSignature(rid, claim(1, 7)) })
    for (let passed = 0; passed <= 60_000; passed += 250) {
      network.tick(250)
      network.settle()
    }
    const told = network.told.map(({ by, output }) => `${nameOf(by)} ${output.type} ${output.code}`)
    expect(new Set(told)).toEqual(new Set(['E alarm fork', 'M alarm fork']))
    expect(network.delivered.get('digests')).toBe(2)
  })

  it('a claim that is less than what is held is nothing to ask for', () => {
    const late = new Machine([[M, claim(5)]])
    late.open(shopE)
    expect(tell(late.have(shopE, M, 2))).toEqual([])
  })

  it('stages until the claim is reached, and commits it all', () => {
    const machine = new Machine()
    machine.open(shopM)
    machine.have(shopM, M, 5)
    expect(tell(machine.hear(shopM, chunk(0, [1, 2], 5, false, 0)))).toEqual(['stage 2, through 2 of 5'])
    expect(tell(machine.step({ type: 'kept', peer: shopM, rid: M, index: 0 }))).toEqual(['to M: ack 0'])
    expect(tell(machine.hear(shopM, chunk(2, [4, 5], 5, true, 1)))).toEqual(['commit 2, high 5'])
    // What follows goes on from the claim that is still being written.
    expect(tell(machine.hear(shopM, chunk(5, [6], 6, true, 2)))).toEqual(['commit 1, high 6'])
  })

  it('chunks out of turn: after a gap nothing is taken, an overlap is taken once', () => {
    const machine = new Machine()
    machine.open(shopM)
    machine.have(shopM, M, 9)
    expect(tell(machine.hear(shopM, chunk(3, [4, 5], 9, false)))).toEqual([])
    expect(tell(machine.hear(shopM, chunk(0, [1, 2], 9, false)))).toEqual(['stage 2, through 2 of 9'])
    expect(tell(machine.hear(shopM, chunk(3, [9], 9, true)))).toEqual([])
    expect(tell(machine.hear(shopM, chunk(0, [1, 2], 9, false)))).toEqual(['to M: ack 0'])
    expect(tell(machine.hear(shopM, chunk(0, [1, 2, 5], 9, false)))).toEqual(['stage 1, through 5 of 9'])
    expect(tell(machine.hear(shopM, { ...chunk(5, [9], 9, true), rid: E }))).toEqual([])
  })

  it('an answer to a question from zero must begin at zero', () => {
    const machine = new Machine([[M, claim(5)]])
    machine.open(shopM)
    machine.have(shopM, M, 9)
    machine.hear(shopM, chunk(5, [9], 9, true))
    const refused = { type: 'refused', peer: shopM, rid: M, fresh: false, now: 1_000 } as const
    expect(tell(machine.step(refused))).toEqual(['drop-stage', 'to M: want above 0'])
    expect(tell(machine.hear(shopM, chunk(9, [10], 10, true)))).toEqual([])
    expect(tell(machine.hear(shopM, chunk(0, [1, 9, 10], 10, true)))).toEqual(['commit 3, high 10, fresh'])
    expect(tell(machine.step({ ...refused, fresh: true }))).toEqual([
      'drop-stage',
      'alarm M: digest-wrong',
      'close M: digest-wrong',
    ])
  })

  it('a source that answers after another one has been committed is not blamed', () => {
    const machine = new Machine()
    machine.open(shopE)
    machine.have(shopE, M, 3)
    expect(tell(machine.hear(shopE, chunk(0, [1, 2, 3], 3, true)))).toEqual(['commit 3, high 3'])
    machine.open(shopM)
    expect(tell(machine.have(shopM, M, 4))).toEqual(['to M: want above 0'])
    machine.step({ type: 'committed', claims: [{ rid: M, ...claim(3) }], now: 1_000 })
    expect(tell(machine.hear(shopM, chunk(0, [1, 2, 4], 4, true)))).toEqual(['commit 3, high 4'])
  })

  it.each([
    ['a record at or below its beginning', chunk(3, [3], 9, false)],
    ['records that do not rise', chunk(0, [2, 2], 9, false)],
    ['a record above the claim', chunk(0, [10], 9, true)],
    ['no end although the claim is reached', chunk(0, [9], 9, false)],
    ['neither records nor an end', chunk(0, [], 9, false)],
    ['bytes that are no record', { ...chunk(0, [], 9, true), records: [new Uint8Array(3)] }],
  ])('a chunk with %s closes the session and leaves nothing', (_what, bad) => {
    const machine = new Machine([[M, claim(3)]])
    machine.open(shopM)
    machine.have(shopM, M, 9)
    expect(tell(machine.hear(shopM, bad))).toEqual(['alarm M: chunk-invalid', 'close M: chunk-invalid'])
    expect(machine.state.stages.size).toBe(0)
  })

  it('a claim below what was announced of a stage does not end it', () => {
    const machine = new Machine([], [[M, { through: 3, announced: 9, records: 3, bytes: 100 }]])
    machine.open(shopM)
    machine.have(shopM, M, 9)
    expect(tell(machine.hear(shopM, chunk(3, [4], 7, true)))).toEqual(['stage 1, through 7 of 9'])
    expect(tell(machine.hear(shopM, chunk(7, [8], 10, true)))).toEqual(['commit 1, high 10'])
  })

  it('a stage that nobody can complete any more goes after a minute, and not while the line flaps', () => {
    const machine = new Machine([[M, claim(3)]], [[M, { through: 7, announced: 9, records: 4, bytes: 100 }]])
    const tick = (ms: number): string[] => {
      machine.now += ms
      return tell(machine.step({ type: 'tick', now: machine.now })).filter((line) => !line.includes('digests'))
    }
    expect([tick(1), tick(stageForsakenMsMax)]).toEqual([[], []])
    machine.open(shopM)
    // M went back to what is held here. E may be ahead, and has not said.
    expect(tell(machine.have(shopM, M, 3, claim(3).digest))).toEqual([])
    expect([tick(1), tick(stageForsakenMsMax - 1)]).toEqual([[], []])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 9))).toEqual(['to E: want above 7'])
    expect(tick(1)).toEqual([])
    machine.step({ type: 'closed', peer: shopE, now: machine.now })
    expect([tick(1), tick(stageForsakenMsMax - 1)]).toEqual([[], []])
    expect(tick(1)).toEqual(['drop-stage', 'to M: want above 3'])
    expect(machine.state.stages.size).toBe(0)
  })

  it('a stage over its limit is dropped and its sender closed', () => {
    const stage = { through: 3, announced: 9, records: stageRecordsMax, bytes: 100 }
    const machine = new Machine([], [[M, stage]])
    machine.open(shopM)
    expect(tell(machine.have(shopM, M, 9))).toEqual(['to M: want above 3'])
    expect(tell(machine.hear(shopM, chunk(3, [4], 9, false)))).toEqual([
      'drop-stage',
      'alarm M: stage-too-large',
      'close M: stage-too-large',
    ])
    expect([machine.state.stages.size, machine.state.pulls.size]).toEqual([0, 0])
  })

  it('serves four chunks ahead of an acknowledgement, and nothing while memory is ahead of the disk', () => {
    const machine = new Machine([[M, claim(20)]])
    machine.source = (_rid, above) => {
      const record = totals(above + 1, 1, 0, `sku-${above + 1}`)
      return { records: [rowOf(record)], through: above + 1, end: above + 1 === 20 }
    }
    machine.open(shopE)
    const first = machine.hear(shopE, { type: 'want', rid: M, above: 0 })
    expect(tell(first)).toEqual(
      Array.from({ length: chunksUnacknowledgedMax }, (_, index) => `to E: chunk ${index} above ${index}`),
    )
    expect(tell(machine.hear(shopE, { type: 'ack', rid: M, index: 9 }))).toEqual([])
    expect(tell(machine.hear(shopE, { type: 'ack', rid: M, index: 0 }))).toEqual(['to E: chunk 4 above 4'])
    const { source } = machine
    machine.source = () => null
    expect(tell(machine.hear(shopE, { type: 'ack', rid: M, index: 4 }))).toEqual([])
    machine.source = source
    const again = machine.step({ type: 'committed', claims: [{ rid: M, ...claim(20) }], now: 1_000 })
    expect(tell(again).filter((line) => line.includes('chunk'))).toHaveLength(4)
  })

  it('tells a new replica at once and the rest at most every 250 ms', () => {
    const machine = new Machine()
    machine.open(shopE)
    const commit = (rid: Rid, high: number): string[] =>
      tell(machine.step({ type: 'committed', claims: [{ rid, ...claim(high) }], now: machine.now }))
    expect(commit(M, 1)).toEqual(['to E: have 1'])
    expect(commit(M, 2)).toEqual([])
    expect(commit(E, 1)).toEqual(['to E: have 1'])
    machine.now += 249
    expect(tell(machine.step({ type: 'tick', now: machine.now }))).toEqual([])
    machine.now += 1
    expect(tell(machine.step({ type: 'tick', now: machine.now }))).toEqual(['to E: have 2'])
    machine.now += 250
    expect(tell(machine.step({ type: 'tick', now: machine.now }))).toEqual([])
  })
})

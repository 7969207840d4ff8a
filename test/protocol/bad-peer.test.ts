/**
 * What a member's node cannot be right to say: it ends the session, a person hears of it, others are asked meanwhile,
 * and nothing that it says grows without limit here.
 */
import { describe, expect, test } from 'vitest'
import { equalsPeer, holdsAllOf } from '../../packages/protocol/src/agreement.ts'
import { emptyDigest } from '../../packages/protocol/src/digest.ts'
import type { Rid, ShopId } from '../../packages/protocol/src/ids.ts'
import {
  distrustMs,
  mergedSeqBase,
  replicasMax,
  stageBytesMax,
  stagedBytesMax,
  stagedRecordsMax,
  stageRecordsMax,
  stagesMax,
} from '../../packages/protocol/src/limits.ts'
import type { ClaimLine } from '../../packages/protocol/src/wire.ts'
import { ridAt, shopAt } from './arbitraries.ts'
import { chunk, claim, Machine, tell } from './machine.ts'

const [shopM, shopE] = [shopAt(1), shopAt(2)] as const
const [M, E] = [ridAt(shopM), ridAt(shopE)] as const

describe('a claim', () => {
  test('that goes back ends the session, alarms, and is not believed', () => {
    const machine = new Machine([[M, claim(3)]])
    machine.open(shopE)
    machine.have(shopE, M, 9)
    expect(tell(machine.have(shopE, M, 8))).toEqual(['alarm E: claim-changed', 'close E: claim-changed'])
    expect(machine.state.peers.get(shopE)?.claims.get(M)?.high).toBe(9)
  })

  test('that names other records than before ends the session; one that is repeated or grows does not', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 3, claim(3).digest))).toEqual([])
    expect(tell(machine.have(shopE, M, 3, claim(3).digest))).toEqual([])
    expect(tell(machine.have(shopE, M, 4, claim(4).digest))).toEqual([])
    expect(tell(machine.have(shopE, M, 4, claim(4, 2).digest))).toEqual([
      'alarm E: claim-changed',
      'close E: claim-changed',
    ])
  })

  test('of merged histories may be of others up to the same number, since more was merged', () => {
    const machine = new Machine([[M, claim(mergedSeqBase + 9)]])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, mergedSeqBase + 3, claim(1).digest))).toEqual([])
    expect(tell(machine.have(shopE, M, mergedSeqBase + 3, claim(1, 2).digest))).toEqual([])
    expect(tell(machine.have(shopE, M, mergedSeqBase + 2))).toContain('close E: claim-changed')
  })

  test('in a later session may be less: the peer was put back to an old copy', () => {
    const machine = new Machine([[M, claim(3)]])
    machine.open(shopE)
    machine.have(shopE, M, 9)
    machine.step({ type: 'closed', peer: shopE, now: machine.now })
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 8))).toEqual(['to E: want above 3'])
  })

  test('of one replica more than is kept is left out, told once, and nobody is then said to be in step', () => {
    const machine = new Machine()
    machine.open(shopE)
    const invented = (from: number, count: number): readonly ClaimLine[] =>
      Array.from({ length: count }, (_, index) => ({
        rid: ridAt(shopAt(9), from + index),
        high: 1,
        digest: emptyDigest,
        signature: new Uint8Array(64),
      }))
    const told: string[] = []
    for (let from = 0; from <= replicasMax + 5_000; from += 5_000) {
      told.push(...tell(machine.hear(shopE, { type: 'have', claims: invented(from, 5_000), complete: false })))
    }
    machine.hear(shopE, { type: 'have', claims: [], complete: true })
    expect(told).toEqual(['alarm E: too-many-replicas'])
    expect(machine.state.peers.get(shopE)?.claims.size).toBe(replicasMax)
    expect([holdsAllOf(machine.state, shopE), equalsPeer(machine.state, shopE)]).toEqual([false, false])
  })
})

test('a replica more than can be held is not asked for', () => {
  const held = Array.from({ length: replicasMax }, (_, index) => [ridAt(shopE, index), claim(1)] as const)
  const machine = new Machine(held)
  machine.open(shopM)
  expect(tell(machine.have(shopM, M, 9))).toEqual([])
  expect(tell(machine.have(shopM, ridAt(shopE, 7), 9))).toEqual(['to M: want above 1'])
})

test('of what nobody was told a question is not kept', () => {
  const machine = new Machine([[M, claim(0)]])
  machine.open(shopE)
  for (let epoch = 0; epoch < 1_000; epoch += 1) {
    machine.hear(shopE, { type: 'want', rid: ridAt(shopE, epoch), above: 0 })
  }
  expect(machine.state.peers.get(shopE)?.serving.size).toBe(0)
})

describe('after a lie', () => {
  /** E claims nine records of M, sends one of them beyond the claim, and its session ends. */
  function lied(): Machine {
    const machine = new Machine([[M, claim(3)]])
    machine.open(shopE)
    machine.have(shopE, M, 9)
    expect(tell(machine.hear(shopE, chunk(3, [11], 9, true)))).toEqual([
      'alarm E: chunk-invalid',
      'close E: chunk-invalid',
    ])
    machine.step({ type: 'closed', peer: shopE, now: machine.now })
    return machine
  }

  test('nothing is asked of the peer for a while, though it is back, and then it is asked again', () => {
    const machine = lied()
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 9))).toEqual([])
    const tick = (): string[] => tell(machine.step({ type: 'tick', now: machine.now }))
    machine.now += distrustMs - 1
    expect(tick()).not.toContain('to E: want above 3')
    machine.now += 1
    expect(tick()).toContain('to E: want above 3')
  })

  test('another peer that claims less is asked meanwhile', () => {
    const machine = lied()
    machine.open(shopE)
    machine.have(shopE, M, 9)
    machine.open(shopM)
    expect(tell(machine.have(shopM, M, 5))).toEqual(['to M: want above 3'])
  })

  test('an equal claim with other records is told, and is not fetched from the peer', () => {
    const machine = lied()
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, 3, claim(3, 2).digest))).toEqual(['alarm E: fork'])
  })
})

describe('stages of all replicas together', () => {
  const size = { through: 3, announced: 9 }

  /** E has begun so many replicas, of each of which `each` is staged, and M one. */
  function crowded(count: number, each: { readonly records: number; readonly bytes: number }): Machine {
    const rids = Array.from({ length: count }, (_, index) => ridAt(shopE, index))
    const stages = rids.map((rid) => [rid, { ...size, ...each }] as const)
    const machine = new Machine([], [...stages, [M, { ...size, records: 3, bytes: 100 }]])
    machine.open(shopE)
    machine.open(shopM)
    const have = (peer: ShopId, of: readonly Rid[]): void => {
      const claims = of.map((rid) => ({ rid, high: 9, digest: emptyDigest, signature: new Uint8Array(64) }))
      machine.hear(peer, { type: 'have', claims, complete: true })
    }
    have(shopE, rids)
    have(shopM, [M])
    return machine
  }

  test.each([
    ['records', 3, { records: stagedRecordsMax / 3, bytes: 100 }],
    ['bytes', 3, { records: 1, bytes: stagedBytesMax / 3 }],
    ['replicas', stagesMax, { records: 1, bytes: 100 }],
  ])('over the limit in %s: all of the peer that has most of them go, and no one else’s', (_, count, each) => {
    const machine = crowded(count, each)
    const told = tell(machine.hear(shopM, chunk(3, [4], 9, false)))
    const drops = told.filter((line) => line === 'drop-stage')
    expect([drops.length, machine.state.stages.size]).toEqual([count, 1])
    expect(told.filter((line) => line !== 'drop-stage')).toEqual([
      'stage 1, through 4 of 9',
      'alarm E: stage-too-large',
      'close E: stage-too-large',
    ])
    expect(machine.state.stages.has(M)).toBe(true)
    expect([...machine.state.pulls.keys()]).toEqual([M])
  })

  test('those that nobody is asked to complete make room first, and nobody is blamed', () => {
    const each = { records: stagedRecordsMax / 3, bytes: 100 }
    const machine = crowded(3, each)
    machine.step({ type: 'closed', peer: shopE, now: machine.now })
    const told = tell(machine.hear(shopM, chunk(3, [4], 9, false)))
    expect(told).toEqual(['stage 1, through 4 of 9', 'drop-stage', 'drop-stage', 'drop-stage'])
  })

  test('ten million records of one replica after the other never come to more than the limit', () => {
    const machine = new Machine()
    machine.open(shopE)
    const most = { records: stageRecordsMax - 1, bytes: stageBytesMax / 4 }
    let [records, blamed] = [0, 0]
    for (let epoch = 1; records < 10_000_000; epoch += 1) {
      const rid = ridAt(shopE, epoch)
      machine.have(shopE, rid, 10 ** 9)
      // As if so many had come of it already: one by one they would take minutes.
      if (machine.state.pulls.has(rid)) machine.state.stages.set(rid, { through: 0, announced: 10 ** 9, ...most })
      const told = tell(machine.hear(shopE, { ...chunk(0, [1], 10 ** 9, false), rid }))
      records += stageRecordsMax
      if (told.includes('alarm E: stage-too-large')) {
        blamed += 1
        machine.step({ type: 'closed', peer: shopE, now: machine.now })
        machine.open(shopE)
      }
      const staged = [...machine.state.stages.values()].reduce((sum, stage) => sum + stage.records, 0)
      expect(staged).toBeLessThanOrEqual(stagedRecordsMax)
    }
    // From then on it is not asked any more.
    expect(blamed).toBe(1)
  })
})

test('what E says of itself and what it says of M are judged alike', () => {
  const machine = new Machine()
  machine.open(shopE)
  machine.have(shopE, E, 9)
  expect(tell(machine.have(shopE, E, 2))).toEqual(['alarm E: claim-changed', 'close E: claim-changed'])
})

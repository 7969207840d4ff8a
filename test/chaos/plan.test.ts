/** The plan of a run: the same for the same seed, and within what was asked for. */
import { describe, expect, test } from 'vitest'
import { faultNames } from './faults.ts'
import { planRun, type PlanOptions } from './plan.ts'

const options: PlanOptions = {
  seed: 7,
  members: 4,
  skus: 24,
  rounds: 3,
  roundMs: 60_000,
  operationsPerSecond: 20,
  faults: faultNames,
  rejoins: true,
}

describe('a plan', () => {
  const plan = planRun(options)
  const operations = plan.rounds.flatMap(({ rejoin, operations: own }) => [...(rejoin?.operations ?? []), ...own])
  const faults = plan.rounds.flatMap((round) => round.faults)

  test('is the same for the same seed and another for another', () => {
    expect(planRun(options)).toEqual(plan)
    expect(planRun({ ...options, seed: 8 })).not.toEqual(plan)
  })

  test('has adds of -5 to 5 without 0 of every kind, reads, and numbers that count through', () => {
    expect(operations.map(({ number }) => number)).toEqual(operations.map((_, index) => index + 1))
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(
      new Set(['order', 'change', 'cancel', 'received', 'read']),
    )
    const deltas = operations.flatMap((operation) => (operation.kind === 'read' ? [] : [operation.delta]))
    expect(deltas.every((delta) => delta !== 0 && Math.abs(delta) <= 5)).toBe(true)
  })

  test('cancels an order once, in its own shop, by what it took', () => {
    const cancels = operations.flatMap((operation) => (operation.kind === 'cancel' ? [operation] : []))
    expect(new Set(cancels.map(({ order }) => order)).size).toBe(cancels.length)
    for (const { order, member, sku, delta, atMs } of cancels) {
      expect(operations[(order ?? 0) - 1]).toMatchObject({ kind: 'order', member, sku, delta: -delta })
      expect(atMs).toBeGreaterThanOrEqual(0)
    }
  })

  test('has every fault, each over when its round is, and never two for one program at once', () => {
    expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(faultNames))
    for (const { faults: inRound, lastsMs: roundMs } of plan.rounds) {
      for (const { atMs, lastsMs } of inRound) expect(atMs + lastsMs).toBeLessThanOrEqual(roundMs)
      const ofPrograms = inRound.flatMap(({ atMs, lastsMs, fault }) =>
        fault.kind === 'kill' || fault.kind === 'pause'
          ? [{ program: `${fault.program} ${fault.member}`, atMs, endMs: atMs + lastsMs }]
          : [],
      )
      for (const one of ofPrograms) {
        const same = ofPrograms.filter(({ program, atMs, endMs }) => {
          return program === one.program && atMs < one.endMs && one.atMs < endMs
        })
        expect(same).toEqual([one])
      }
    }
  })

  test('lets a member leave before a later round, while only others trade', () => {
    expect(plan.rounds.map(({ rejoin }) => rejoin !== null)).toEqual([false, true, true])
    for (const { rejoin } of plan.rounds) {
      if (rejoin === null) continue
      expect(rejoin.via).not.toBe(rejoin.member)
      expect(rejoin.operations.length).toBeGreaterThan(0)
      expect(rejoin.operations.map(({ member }) => member)).not.toContain(rejoin.member)
    }
    expect(planRun({ ...options, rejoins: false }).rounds.every(({ rejoin }) => rejoin === null)).toBe(true)
  })

  test('has only the faults that were asked for, or none', () => {
    const only = planRun({ ...options, faults: ['flap'] }).rounds.flatMap((round) => round.faults)
    expect(new Set(only.map(({ name }) => name))).toEqual(new Set(['flap']))
    expect(planRun({ ...options, faults: [] }).rounds.flatMap((round) => round.faults)).toEqual([])
  })
})

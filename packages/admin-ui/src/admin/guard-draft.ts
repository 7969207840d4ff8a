/** What is typed into the form of the partition guard, and what of it is sent. */
import { type Signal, signal } from '@preact/signals'
import type { GuardAnswer } from '@stockmesh/protocol/api'

export interface GuardDraft {
  readonly isOn: Signal<boolean>
  readonly outOfReachSeconds: Signal<number>
  readonly shares: Signal<GuardAnswer['shares']>
  /** By member, as typed. */
  readonly weights: ReadonlyMap<string, Signal<string>>
}

export function createGuardDraft(answer: GuardAnswer, members: readonly string[]): GuardDraft {
  const known = new Map(answer.weights.map(({ member, weight }) => [member, weight]))
  return {
    isOn: signal(answer.on),
    outOfReachSeconds: signal(answer.outOfReachSeconds),
    shares: signal(answer.shares),
    weights: new Map(members.map((member) => [member, signal(String(known.get(member) ?? 1))])),
  }
}

/** The body of the call. Weights are sent only where a person sets them. */
export function guardChange({ isOn, outOfReachSeconds, shares, weights }: GuardDraft): object {
  const set = Object.fromEntries([...weights].map(([member, typed]) => [member, Number(typed.value)]))
  return {
    on: isOn.value,
    outOfReachSeconds: outOfReachSeconds.value,
    shares: shares.value,
    ...(shares.value === 'set' ? { weights: set } : {}),
  }
}

/** The part of one of these weights, between 0 and 1; 0 where nobody has any. */
export function shareOf(weight: number, weights: Iterable<number>): number {
  let all = 0
  for (const one of weights) {
    all += Number.isFinite(one) ? one : 0
  }
  return all > 0 && Number.isFinite(weight) ? weight / all : 0
}

const usualSeconds = [30, 60, 120, 300, 900, 3_600]

/** Times to choose among, and the one that holds now. */
export function secondsToChoose(now: number): readonly number[] {
  return [...new Set([...usualSeconds, now])].toSorted((a, b) => a - b)
}

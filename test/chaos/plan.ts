/**
 * What is done and what goes wrong in a run, and when: a pure function of the seed and the size. Adds of -5 to 4 come
 * as orders, returns, cancellations, changes in a shop's admin and received goods, at random shops; reads at random
 * nodes. Times count from the beginning of a round.
 */
import { createRandom, type Random } from '../replay/random.ts'
import {
  bothWays,
  clearLine,
  type End,
  type Fault,
  type FaultName,
  faultNames,
  type PlannedFault,
  type Program,
} from './faults.ts'

export type AddKind = 'order' | 'change' | 'cancel' | 'received'

interface Planned {
  /** Counts through the whole run from 1. */
  readonly number: number
  readonly atMs: number
  readonly member: number
  readonly sku: string
}

export interface PlannedAdd extends Planned {
  readonly kind: AddKind
  /** What the level changes by; 0 is never asked for. Of a cancellation: what its order took, with the other sign. */
  readonly delta: number
  /** How often it is sent, under one key, until it is answered; a change in the admin has no key and is sent once. */
  readonly tries: number
  /** Of a cancellation: the number of the order. */
  readonly order: number | null
}

export interface PlannedRead extends Planned {
  readonly kind: 'read'
}

/** A member leaves and joins again through another, while the others go on trading. */
export interface Rejoin {
  readonly member: number
  readonly via: number
  readonly operations: readonly (PlannedAdd | PlannedRead)[]
}

interface Round {
  /** Before its faults; null: nobody leaves. */
  readonly rejoin: Rejoin | null
  readonly lastsMs: number
  readonly operations: readonly (PlannedAdd | PlannedRead)[]
  readonly faults: readonly PlannedFault[]
}

export interface Plan {
  readonly seed: number
  readonly members: number
  /** The number that the first shop begins with; the others take it. */
  readonly opening: ReadonlyMap<string, number>
  readonly rounds: readonly Round[]
}

export interface PlanOptions {
  readonly seed: number
  readonly members: number
  readonly skus: number
  readonly rounds: number
  readonly roundMs: number
  readonly operationsPerSecond: number
  readonly faults: readonly FaultName[]
  readonly rejoins: boolean
}

/** At most so many faults at once, and so long from one beginning to the next. */
const faultsAtOnceMax = 3
const faultGapMsMin = 300
const faultGapMsMax = 3_500
/** A fault that would be over at once is not begun. */
const faultMsMin = 200
const flapMs = 200
/** How long others trade while a member leaves and joins again, in milliseconds. */
const rejoinMs = 4_000
/** How long before a kill its companion begins, in milliseconds. */
const beforeKillMsMin = 50
const beforeKillMsMax = 1_500

export function planRun(options: PlanOptions): Plan {
  const random = createRandom(options.seed)
  const skus = Array.from({ length: options.skus }, (_, index) => `SKU-${index + 1}`)
  const opening = new Map(skus.map((sku) => [sku, random.pick([0, 5, 30, 500]) + random.between(0, 9)]))
  const orders: PlannedAdd[] = []
  let number = 0
  const operationsOf = (lastsMs: number, traders: readonly number[]): readonly (PlannedAdd | PlannedRead)[] => {
    const count = Math.round((lastsMs * options.operationsPerSecond) / 1_000)
    const times = Array.from({ length: count }, () => random.between(0, lastsMs)).sort((a, b) => a - b)
    return times.map((atMs) => {
      number += 1
      const operation = planOperation({ number, atMs, skus, orders, members: traders }, random)
      if (operation.kind === 'order') orders.push(operation)
      return operation
    })
  }
  const members = Array.from({ length: options.members }, (_, member) => member)
  const rounds = Array.from({ length: options.rounds }, (_, index): Round => {
    const [member = 0, ...others] = random.shuffle(members)
    const rejoin =
      options.rejoins && index > 0 ? { member, via: others[0] ?? 0, operations: operationsOf(rejoinMs, others) } : null
    const operations = operationsOf(options.roundMs, members)
    return { rejoin, lastsMs: options.roundMs, operations, faults: planFaults(options, random) }
  })
  return { seed: options.seed, members: options.members, opening, rounds }
}

interface Next {
  readonly number: number
  readonly atMs: number
  readonly skus: readonly string[]
  /** What may be cancelled; one that was picked is gone from it. */
  readonly orders: PlannedAdd[]
  /** Those who trade. */
  readonly members: readonly number[]
}

function planOperation({ number, atMs, skus, orders, members }: Next, random: Random): PlannedAdd | PlannedRead {
  const [member, sku] = [random.pick(members), random.pick(skus)]
  const at = { number, atMs, member, sku }
  const dice = random.between(1, 100)
  if (dice <= 10) return { ...at, kind: 'read' }
  const delta = random.pick([-5, -4, -3, -2, -1, 1, 2, 3, 4])
  const tries = random.pick([1, 3])
  const own = orders.filter((order) => members.includes(order.member))
  if (dice <= 20 && own.length > 0) {
    const order = random.pick(own)
    orders.splice(orders.indexOf(order), 1)
    const { number: cancelled, member: seller, sku: sold } = order
    return { ...at, member: seller, sku: sold, kind: 'cancel', delta: -order.delta, tries, order: cancelled }
  }
  if (dice <= 35) return { ...at, kind: 'change', delta, tries: 1, order: null }
  if (dice <= 45) return { ...at, kind: 'received', delta: Math.abs(delta), tries, order: null }
  return { ...at, kind: 'order', delta, tries, order: null }
}

function planFaults({ members, roundMs, faults }: PlanOptions, random: Random): readonly PlannedFault[] {
  const planned: PlannedFault[] = []
  const names = faultNames.filter((name) => faults.includes(name))
  if (names.length === 0) return planned
  for (let atMs = random.between(0, 1_000); atMs < roundMs - faultMsMin; ) {
    const name = random.pick(names)
    const fault = planFault(name, members, random)
    const lastsMs = Math.min(random.between(...durationOf(name)), roundMs - atMs)
    const running = planned.filter((other) => other.atMs + other.lastsMs > atMs)
    if (running.length < faultsAtOnceMax && !running.some((other) => ofOneProgram(other.fault, fault))) {
      planned.push({ name, atMs, lastsMs, fault })
      if (fault.kind === 'kill') planned.push(...planBeforeKill({ name, atMs, lastsMs, fault }, names, random))
    }
    atMs += random.between(faultGapMsMin, faultGapMsMax)
  }
  return planned
}

/**
 * Whoever is killed has often not heard yet what was done, or not written yet what is under way: the answers of the
 * shop to its node are dropped before, or its disk is slow.
 */
function planBeforeKill(kill: PlannedFault, names: readonly FaultName[], random: Random): readonly PlannedFault[] {
  const { fault, atMs, lastsMs } = kill
  if (fault.kind !== 'kill') return []
  const { program, member } = fault
  const earlierMs = Math.min(atMs, random.between(beforeKillMsMin, beforeKillMsMax))
  const time = { atMs: atMs - earlierMs, lastsMs: earlierMs + lastsMs }
  const before = random.pick(['nothing', 'unanswered', 'unwritten'] as const)
  if (before === 'unanswered' && names.includes('shop-cut')) {
    const lines = [{ from: `shop ${member}`, to: `node ${member}` }] as const
    return [{ ...time, name: 'shop-cut', fault: { kind: 'drop', lines } }]
  }
  if (before === 'unwritten' && names.includes('slow-disk')) {
    return [
      { ...time, name: 'slow-disk', fault: { kind: 'disk', program, member, writesPerSecond: random.between(3, 30) } },
    ]
  }
  return []
}

/** A process is either killed or stopped, and once at a time. */
function ofOneProgram(one: Fault, other: Fault): boolean {
  if (!('program' in one && 'program' in other)) return false
  // A slow disk goes with the rest, but is slow once.
  if ((one.kind === 'disk') !== (other.kind === 'disk')) return false
  return one.program === other.program && one.member === other.member
}

/** The dead-peer time-out is 10 s: some faults are noticed and some are not. */
function durationOf(name: FaultName): readonly [least: number, most: number] {
  switch (name) {
    case 'kill-node':
    case 'kill-shop':
      return [faultMsMin, 4_000]
    case 'pause-node':
    case 'pause-shop':
    case 'partition':
    case 'cut':
    case 'one-way':
    case 'shop-cut':
      return [500, 14_000]
    case 'flap':
    case 'delay':
    case 'slow-link':
    case 'lost-answers':
    case 'slow-disk':
      return [2_000, 12_000]
  }
}

function planFault(name: FaultName, members: number, random: Random): Fault {
  const order = random.shuffle(Array.from({ length: members }, (_, member) => member))
  const [member = 0, other = 0] = order
  const between = bothWays(`node ${member}`, `node ${other}`)
  switch (name) {
    case 'kill-node':
    case 'kill-shop':
      return { kind: 'kill', program: programOf(name), member }
    case 'pause-node':
    case 'pause-shop':
      return { kind: 'pause', program: programOf(name), member }
    case 'partition':
      return { kind: 'drop', lines: apart(order, random) }
    case 'cut':
      return { kind: 'drop', lines: between }
    case 'one-way':
      return { kind: 'drop', lines: between.slice(0, 1) }
    case 'flap':
      return { kind: 'flap', lines: random.pick([between, apart(order, random)]), everyMs: flapMs }
    case 'delay': {
      const state = { ...clearLine, delayMs: random.between(20, 1_500), jitterMs: random.between(0, 500) }
      return { kind: 'slow', lines: between, state }
    }
    case 'slow-link': {
      const state = { ...clearLine, bytesPerSecond: random.between(500, 20_000) }
      return { kind: 'slow', lines: between, state }
    }
    case 'shop-cut': {
      const lines = bothWays(`node ${member}`, `shop ${member}`)
      return { kind: 'drop', lines: random.pick([lines, lines.slice(0, 1), lines.slice(1)]) }
    }
    case 'lost-answers':
      return { kind: 'drop', lines: [{ from: `shop ${member}`, to: 'buyers' }] }
    case 'slow-disk': {
      const program = random.pick(['node', 'shop'] as const)
      return { kind: 'disk', program, member, writesPerSecond: random.between(3, 30) }
    }
  }
}

function programOf(name: 'kill-node' | 'kill-shop' | 'pause-node' | 'pause-shop'): Program {
  return name.endsWith('node') ? 'node' : 'shop'
}

/** Everybody apart from everybody, or two sides of any size that do not hear each other. */
function apart(order: readonly number[], random: Random): Extract<Fault, { kind: 'drop' }>['lines'] {
  const ends = order.map((member): End => `node ${member}`)
  const cut = random.between(0, order.length - 1)
  const isApart = (one: number, other: number): boolean => cut === 0 || one < cut !== other < cut
  return ends.flatMap((one, index) =>
    ends.slice(index + 1).flatMap((other, offset) => (isApart(index, index + 1 + offset) ? bothWays(one, other) : [])),
  )
}

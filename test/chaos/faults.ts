/**
 * What can go wrong around the programs of a run, and what that means for the lines between them: a line carries bytes
 * one way, from one end to another, and several faults can lie on it at once.
 */

/** `node 0`, `shop 0`: a program by the number of its member; `buyers`: whoever orders in the shops. */
export type End = `node ${number}` | `shop ${number}` | 'buyers'

export interface Line {
  readonly from: End
  readonly to: End
}

export interface LineState {
  /** Nothing arrives, and nobody is told. */
  readonly dropped: boolean
  readonly delayMs: number
  /** Up to so much more delay, another for each piece. */
  readonly jitterMs: number
  /** null: as fast as it goes. */
  readonly bytesPerSecond: number | null
}

export type Program = 'node' | 'shop'

export type Fault =
  /** kill -9, and started again when the fault is over. */
  | { readonly kind: 'kill'; readonly program: Program; readonly member: number }
  /** SIGSTOP, and SIGCONT when the fault is over. */
  | { readonly kind: 'pause'; readonly program: Program; readonly member: number }
  /** So many writes to its disk in a second, until the fault is over or the process is. */
  | {
      readonly kind: 'disk'
      readonly program: Program
      readonly member: number
      readonly writesPerSecond: number
    }
  | { readonly kind: 'drop'; readonly lines: readonly Line[] }
  /** Dropped and passed in turn, each for `everyMs`. */
  | { readonly kind: 'flap'; readonly lines: readonly Line[]; readonly everyMs: number }
  | { readonly kind: 'slow'; readonly lines: readonly Line[]; readonly state: LineState }

export const faultNames = [
  'kill-node',
  'kill-shop',
  'pause-node',
  'pause-shop',
  'partition',
  'cut',
  'one-way',
  'flap',
  'delay',
  'slow-link',
  'shop-cut',
  'lost-answers',
  'slow-disk',
] as const

export type FaultName = (typeof faultNames)[number]

/** What `--only` takes: the faults, and a member that leaves and joins again between two rounds. */
export const troubleNames = [...faultNames, 'rejoin'] as const

export type TroubleName = (typeof troubleNames)[number]

export interface PlannedFault {
  readonly name: FaultName
  /** From the beginning of its round. */
  readonly atMs: number
  readonly lastsMs: number
  readonly fault: Fault
}

export const clearLine: LineState = { dropped: false, delayMs: 0, jitterMs: 0, bytesPerSecond: null }

/** The state of a line under every fault that lies on it; of a flapping line, what `dropsNow` says. */
export function lineUnder(line: Line, faults: Iterable<Fault>, dropsNow: (fault: Fault) => boolean): LineState {
  let state = clearLine
  for (const fault of faults) {
    if (!('lines' in fault) || !fault.lines.some(({ from, to }) => from === line.from && to === line.to)) continue
    if (fault.kind === 'slow') state = worse(state, fault.state)
    else if (fault.kind === 'drop' || dropsNow(fault)) state = { ...state, dropped: true }
  }
  return state
}

function worse(one: LineState, other: LineState): LineState {
  const rates = [one, other].flatMap(({ bytesPerSecond }) => bytesPerSecond ?? [])
  return {
    dropped: one.dropped || other.dropped,
    delayMs: Math.max(one.delayMs, other.delayMs),
    jitterMs: Math.max(one.jitterMs, other.jitterMs),
    bytesPerSecond: rates.length === 0 ? null : Math.min(...rates),
  }
}

/** Between two ends, both ways. */
export function bothWays(one: End, other: End): readonly Line[] {
  return [
    { from: one, to: other },
    { from: other, to: one },
  ]
}

export function describeFault({ name, lastsMs, fault }: PlannedFault): string {
  const where =
    'lines' in fault
      ? fault.lines.map(({ from, to }) => `${from} > ${to}`).join(', ')
      : `${fault.program} ${fault.member}`
  return `${name} for ${lastsMs} ms: ${where}`
}

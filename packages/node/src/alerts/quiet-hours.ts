/**
 * The hours of the day in which nobody wants to be told: from one time of the clock to another, also over midnight, as
 * the clock shows them in one time zone. What begins in them is told when they end, if it is still so then; oversold
 * goods and a shop with two histories may be exempt.
 */
import type { AlertKind } from './alert.ts'

/** Which kinds are told at any hour. */
export const quietExemptions = ['none', 'oversold', 'fork', 'oversold-and-fork'] as const
export type QuietExemption = (typeof quietExemptions)[number]

export interface QuietHours {
  /** "22:00"; both null, or equal: there are none. */
  readonly from: string | null
  readonly to: string | null
  /** IANA name; null: the zone of this machine. */
  readonly zone: string | null
  readonly exempt: QuietExemption
}

const exempted: Readonly<Record<QuietExemption, readonly AlertKind[]>> = {
  none: [],
  oversold: ['oversold'],
  fork: ['fork', 'clone'],
  'oversold-and-fork': ['oversold', 'fork', 'clone'],
}

/** Whether a kind has to wait. A test is asked for by a person, and never waits. `now`: milliseconds since 1970. */
export function isQuiet(hours: QuietHours, kind: AlertKind, now: number): boolean {
  const { from, to, zone, exempt } = hours
  if (from === null || to === null || from === to) return false
  if (kind === 'test' || exempted[exempt].includes(kind)) return false
  const time = clockTime(zone, now)
  return from < to ? from <= time && time < to : from <= time || time < to
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** "07:05": times of one length compare as texts. */
function clockTime(zone: string | null, now: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone === null ? {} : { timeZone: zone }),
  })
  return format.format(now)
}

/** The hours of a SKU's course as the days of the reader's own calendar, and as a line to draw. */
import type { StockCourse } from '@stockmesh/protocol/api'

const dayMs = 24 * 3_600_000
const courseDays = 30
const shortestMs = 10 * 60_000

export interface CourseDay {
  /** Noon of the day, in milliseconds since 1970: the same day wherever clocks are set back. */
  readonly at: number
  readonly added: number
  readonly removed: number
  /** At the end of the day, or now. */
  readonly level: number
}

/** The last days, the oldest first, beginning with the first that is known. */
export function daysOf({ from, level, hours }: StockCourse, nowMs: number): readonly CourseDay[] {
  if (from === null || level === null) {
    return []
  }
  const days: CourseDay[] = []
  const known = [...hours]
  let after = level
  for (let back = courseDays - 1; back >= 0; back -= 1) {
    const noon = new Date(nowMs)
    noon.setHours(12, 0, 0, 0)
    noon.setDate(noon.getDate() - back)
    const end = new Date(noon)
    end.setHours(24, 0, 0, 0)
    let [added, removed] = [0, 0]
    while (known[0] !== undefined && Date.parse(known[0].at) < end.getTime()) {
      added += known[0].added
      removed += known[0].removed
      after = known[0].level
      known.shift()
    }
    if (end.getTime() > Date.parse(from)) {
      days.push({ at: noon.getTime(), added, removed, level: after })
    }
  }
  return days
}

export interface CoursePoint {
  /** 0 is 30 days ago, or when it begins to be known where that is later; 1 is now. */
  readonly x: number
  readonly level: number
}

/** Each level from when on it held; the last one holds until now. */
export function pointsOf({ from, level, hours }: StockCourse, nowMs: number): readonly CoursePoint[] {
  if (from === null || level === null) {
    return []
  }
  // What was connected a moment ago is a line too, and no dot at the edge.
  const start = Math.max(nowMs - courseDays * dayMs, Math.min(Date.parse(from), nowMs - shortestMs))
  const x = (at: string): number => Math.min(1, Math.max(0, (Date.parse(at) - start) / (nowMs - start)))
  // An hour begins before what is known of it where a shop was connected within it.
  const first = x(from)
  const points = [{ x: first, level }, ...hours.map((hour) => ({ x: Math.max(first, x(hour.at)), level: hour.level }))]
  return [...points, { x: 1, level: points.at(-1)?.level ?? level }]
}

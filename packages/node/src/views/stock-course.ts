/** What became of one SKU in the last 30 days, hour by hour, from the movements and stock counts that are held. */
import type { SkuKey, StockCourse } from '@stockmesh/protocol'
import { foundLines, type LineSource } from './log-lines.ts'
import { unexplained } from './unexplained.ts'

const hourMs = 3_600_000
const courseMs = 30 * 24 * hourMs
/** Lines read for one chart; of a SKU that moves more often it shows fewer days. */
const linesMax = 20_000

/** What a line did to the level. */
interface Step {
  readonly at: number
  readonly delta: number
  readonly isCount: boolean
}

/** `level`: as it is now; null where the network has none. */
export async function stockCourse(
  source: LineSource,
  key: SkuKey,
  level: number | null,
  now: number,
): Promise<StockCourse> {
  if (level === null) return { from: null, level: null, hours: [] }
  const { coming } = await unexplained(source, key)
  let missing = 0
  for (const { read } of coming) missing += (await read())?.delta ?? 0
  const since = now - courseMs
  const steps: Step[] = []
  let oldest: number | null = null
  let isWhole = false
  for await (const { place, read } of foundLines(source, key, null)) {
    if (place.at < since) isWhole = true
    if (isWhole || steps.length === linesMax) break
    oldest = place.at
    const line = await read()
    if (line === null || line.delta === null) continue
    const isCount = line.cause === 'stock-count'
    if (line.counted || isCount) steps.push({ at: place.at, delta: line.delta, isCount })
  }
  const from = isWhole ? since : oldest
  return from === null ? { from: null, level: null, hours: [] } : courseOf(level - missing, steps, from)
}

/** `steps`: the newest first; `level`: after the newest. */
export function courseOf(level: number, steps: readonly Step[], from: number): StockCourse {
  const hours: { at: number; added: number; removed: number; level: number }[] = []
  let after = level
  for (const { at, delta, isCount } of steps) {
    const start = at - (at % hourMs)
    let hour = hours.at(-1)
    // Clocks differ, so a step may belong to an hour that was begun already.
    if (hour === undefined || start < hour.at) {
      hour = { at: start, added: 0, removed: 0, level: after }
      hours.push(hour)
    }
    if (!isCount) {
      if (delta > 0) hour.added += delta
      else hour.removed -= delta
    }
    after -= delta
  }
  return {
    from: new Date(from).toISOString(),
    level: after,
    hours: hours.toReversed().map((hour) => ({ ...hour, at: new Date(hour.at).toISOString() })),
  }
}

/** The changes of the last 24 hours as rows to draw: one for each shop, each with every hour. */
import type { ActivityAnswer } from '@stockmesh/protocol/api'

const hourMs = 3_600_000
export const activityHours = 24

export interface ActivityRow {
  readonly member: string
  readonly total: number
  /** The oldest first, the present hour last. */
  readonly hours: readonly { readonly at: string; readonly changes: number }[]
}

/** The busiest shop first. */
export function activityRows({ hours }: ActivityAnswer, nowMs: number): readonly ActivityRow[] {
  const present = nowMs - (nowMs % hourMs)
  const known = new Map(hours.map(({ at, shops }) => [Date.parse(at), shops]))
  const members = [...new Set(hours.flatMap(({ shops }) => shops.map(({ member }) => member)))]
  const rows = members.map((member) => {
    const each = Array.from({ length: activityHours }, (_, index) => {
      const at = present - (activityHours - 1 - index) * hourMs
      const changes = known.get(at)?.find((shop) => shop.member === member)?.changes ?? 0
      return { at: new Date(at).toISOString(), changes }
    })
    return { member, total: each.reduce((sum, { changes }) => sum + changes, 0), hours: each }
  })
  return rows.filter(({ total }) => total > 0).toSorted((a, b) => b.total - a.total)
}

/** How many changes of stock each shop made in each of the last 24 hours, from the places of the lines alone. */
import { type ActivityAnswer, type ShopId, shopOfRid } from '@stockmesh/protocol'
import { foundLines, type LineSource } from './log-lines.ts'

const hourMs = 3_600_000
const activityMs = 24 * hourMs
/** Lines looked at for one chart; where more happened it begins later. */
const linesMax = 100_000

export async function activity(source: LineSource, now: number): Promise<ActivityAnswer> {
  const end = now - (now % hourMs) + hourMs
  let from = end - activityMs
  const counts = new Map<number, Map<ShopId, number>>()
  let lines = 0
  for await (const { place } of foundLines(source, null, null)) {
    if (place.at < from) break
    lines += 1
    if (lines > linesMax) {
      // The hour that is not all there is left out.
      const cut = place.at - (place.at % hourMs)
      counts.delete(cut)
      from = cut + hourMs
      break
    }
    if (place.rid === null || place.cause === 'created') continue
    const hour = place.at - (place.at % hourMs)
    const shops = counts.get(hour) ?? new Map<ShopId, number>()
    const shop = shopOfRid(place.rid)
    counts.set(hour, shops.set(shop, (shops.get(shop) ?? 0) + 1))
  }
  return {
    from: new Date(from).toISOString(),
    hours: [...counts]
      .toSorted(([a], [b]) => a - b)
      .map(([at, shops]) => ({
        at: new Date(at).toISOString(),
        shops: [...shops].map(([member, changes]) => ({ member, changes })),
      })),
  }
}

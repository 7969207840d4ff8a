/** Canned answers of what happened to stock: what is oversold, and the figures of the charts. */
import type { ActivityAnswer, OversoldItem, StockCourse } from '@stockmesh/protocol/api'

const shops = ['m7k2qd', 'e4x9rt'] as const
const hourMs = 3_600_000

function hoursAgo(hours: number): string {
  const now = Date.now()
  return new Date(now - (now % hourMs) - hours * hourMs).toISOString()
}

export function oversold(): readonly OversoldItem[] {
  const at = Date.now() - 600_000
  const order = (member: string, reference: string, seconds: number, short: number): OversoldItem['orders'][number] => {
    return { member, reference, delta: -1, at: new Date(at - seconds * 1000).toISOString(), short }
  }
  return [
    {
      sku: 'VN-10011',
      name: 'Læderbælte 5',
      level: -1,
      orders: [order(shops[1], '20417', 0, 1), order(shops[0], '10992', 14, 0)],
    },
    { sku: 'VN-10020', name: 'Uldsokker 3-pak', level: -3, orders: [] },
  ]
}

export function course(): StockCourse {
  let level = 40
  const hours = Array.from({ length: 60 }, (_, index) => {
    const removed = (index * 7) % 4
    const added = index === 25 || index === 45 ? 50 : 0
    level += added - removed
    return { at: hoursAgo(600 - index * 10), added, removed, level }
  })
  return { from: hoursAgo(640), level: 40, hours }
}

export function activity(): ActivityAnswer {
  const hours = Array.from({ length: 24 }, (_, index) => ({
    at: hoursAgo(23 - index),
    shops: [
      { member: shops[0], changes: (index * 5) % 17 },
      { member: shops[1], changes: (index * 3) % 7 },
    ],
  }))
  return { from: hoursAgo(23), hours }
}

/** Lists that are pasted, and the figures behind the charts. */
import { describe, expect, it } from 'vitest'
import { activityRows } from '../../packages/admin-ui/src/admin/activity-rows.ts'
import { daysOf, pointsOf } from '../../packages/admin-ui/src/admin/course-days.ts'
import { begunAt, parseStockLines } from '../../packages/admin-ui/src/admin/stock-lines.ts'
import { courseOf } from '../../packages/node/src/views/stock-course.ts'

describe('lines of a stock count', () => {
  it('are read as a spreadsheet copies them, with or without a head', () => {
    const pasted = 'Varenr.\tAntal\r\nKOP-1\t12\r\n\r\nKOP 2\t0\r\n'
    expect(parseStockLines(pasted, true)).toEqual({
      lines: [
        { sku: 'KOP-1', quantity: 12 },
        { sku: 'KOP 2', quantity: 0 },
      ],
      unread: [],
    })
  })

  it('are read from CSV with semicolons, quotation marks and what is not sent', () => {
    const csv = '\uFEFFsku;antal;ikke sendt\n"KRUS; ""stort""";7;2\n\'-9;4;\nA,5;1'
    expect(parseStockLines(csv, true).lines).toEqual([
      { sku: 'KRUS; "stort"', quantity: 7, unsent: 2 },
      { sku: '-9', quantity: 4 },
      { sku: 'A,5', quantity: 1 },
    ])
  })

  it('that say no whole number are named, and none is guessed', () => {
    expect(parseStockLines('A;1\nB;1,5\nC;-2\nD\nE;3;4', false).unread).toEqual([2, 3, 4, 5])
    expect(parseStockLines('KOP-1;1.5', false)).toEqual({ lines: [], unread: [1] })
    expect(parseStockLines(' \n', false)).toEqual({ lines: [], unread: [] })
  })

  it('began at the last time that the clock showed the time', () => {
    const now = new Date(2030, 4, 4, 9, 30).getTime()
    expect(begunAt('', now)).toBeNull()
    expect(begunAt('08:15', now)).toBe(new Date(2030, 4, 4, 8, 15).toISOString())
    expect(begunAt('23:50', now)).toBe(new Date(2030, 4, 3, 23, 50).toISOString())
  })
})

describe('the course of a SKU', () => {
  const now = new Date(2030, 4, 4, 12).getTime()
  const hoursAgo = (hours: number): number => now - hours * 3_600_000
  const steps = [
    { at: hoursAgo(1), delta: -2, isCount: false },
    { at: hoursAgo(1), delta: 5, isCount: false },
    { at: hoursAgo(26), delta: 3, isCount: true },
    { at: hoursAgo(26), delta: -1, isCount: false },
  ]
  const course = courseOf(10, steps, hoursAgo(48))

  it('is walked back from the level now, and a stock count moves it without a sale', () => {
    expect(course.level).toBe(5)
    expect(course.hours.map(({ added, removed, level }) => [added, removed, level])).toEqual([
      [0, 1, 7],
      [5, 2, 10],
    ])
  })

  it('is told by the days of the calendar, from the first that is known', () => {
    const days = daysOf(course, now)
    expect(days.map(({ added, removed, level }) => [added, removed, level])).toEqual([
      [0, 0, 5],
      [0, 1, 7],
      [5, 2, 10],
    ])
    expect(daysOf({ from: null, level: null, hours: [] }, now)).toEqual([])
  })

  it('is drawn from when it is known until now', () => {
    const points = pointsOf(course, now)
    expect(points.map(({ level }) => level)).toEqual([5, 7, 10, 10])
    // Two days are known, so they are as wide as the picture.
    expect(points[0]?.x).toBe(0)
    expect(points.at(-1)?.x).toBe(1)
  })

  it('is no wider than 30 days, and a line also where it has just begun', () => {
    const long = { ...course, from: new Date(now - 90 * 24 * 3_600_000).toISOString() }
    expect(pointsOf(long, now)[1]?.x).toBeGreaterThan(0.9)
    const brief = { from: new Date(now - 60_000).toISOString(), level: 5, hours: [] }
    expect(pointsOf(brief, now).map(({ x }) => Math.round(x * 10) / 10)).toEqual([0.9, 1])
    const hour = { at: new Date(now - 40 * 60_000).toISOString(), added: 2, removed: 0, level: 7 }
    const within = pointsOf({ ...brief, hours: [hour] }, now).map(({ x }) => Math.round(x * 10) / 10)
    expect(within).toEqual([0.9, 0.9, 1])
  })
})

describe('the changes of a day', () => {
  it('are a row for each shop that changed anything, the busiest first, with every hour', () => {
    const now = Date.UTC(2030, 4, 4, 12, 30)
    const at = new Date(Date.UTC(2030, 4, 4, 11)).toISOString()
    const old = new Date(Date.UTC(2030, 4, 3, 12)).toISOString()
    const rows = activityRows(
      {
        from: old,
        hours: [
          { at: old, shops: [{ member: 'T', changes: 9 }] },
          {
            at,
            shops: [
              { member: 'E', changes: 1 },
              { member: 'M', changes: 4 },
            ],
          },
        ],
      },
      now,
    )
    expect(rows.map(({ member, total }) => [member, total])).toEqual([
      ['M', 4],
      ['E', 1],
    ])
    expect(rows[0]?.hours).toHaveLength(24)
    expect(rows[0]?.hours.at(-2)).toEqual({ at, changes: 4 })
  })
})

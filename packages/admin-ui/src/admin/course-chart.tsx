/** A SKU's level over the last 30 days as a line, with the same numbers day by day as a table. */
import type { StockCourse } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useReading } from '../api/use-reading.ts'
import { versions } from '../live/live-store.ts'
import { nowMs } from '../live/now.ts'
import { Count, Delta } from '../parts/count.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { type CourseDay, type CoursePoint, daysOf, pointsOf } from './course-days.ts'

const width = 600
const height = 120

export function CourseChart({ sku }: { readonly sku: string }): JSX.Element {
  const path = `/api/v1/stock/${encodeURIComponent(sku)}/course`
  const reading = useReading<StockCourse>(path, versions.value.stock)
  const words = text.value.charts
  const course = reading.value.value
  const now = nowMs.peek()
  return (
    <section>
      <h2>{words.course}</h2>
      <FailureNotice failure={reading.failure} />
      {course !== null &&
        (course.hours.length === 0 ? (
          <p class="muted">{words.courseNone}</p>
        ) : (
          <Course sku={sku} points={pointsOf(course, now)} days={daysOf(course, now)} />
        ))}
    </section>
  )
}

interface CourseProps {
  readonly sku: string
  readonly points: readonly CoursePoint[]
  readonly days: readonly CourseDay[]
}

function Course({ sku, points, days }: CourseProps): JSX.Element {
  const words = text.value.charts
  const levels = points.map(({ level }) => level)
  const highest = Math.max(1, ...levels)
  const lowest = Math.min(0, ...levels)
  const y = (level: number): number => ((highest - level) / (highest - lowest)) * height
  const [first, ...rest] = points
  const steps = rest.map(({ x, level }) => `H${(x * width).toFixed(1)}V${y(level).toFixed(1)}`).join('')
  const line = first === undefined ? '' : `M${(first.x * width).toFixed(1)},${y(first.level).toFixed(1)}${steps}`
  const day = (at: number): string => format.value.day(new Date(at).toISOString())
  return (
    <figure class="chart">
      <div class="chart-frame">
        <span class="chart-high">{format.value.number(highest)}</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words.courseOf(sku)}>
          <line class="chart-axis" x1="0" x2={width} y1={y(0)} y2={y(0)} />
          <path class="chart-line" d={line} />
        </svg>
        {lowest < 0 && <span class="chart-low">{format.value.number(lowest)}</span>}
      </div>
      <figcaption>
        {days[0] !== undefined && <span>{days.length < 30 ? words.courseFrom(day(days[0].at)) : day(days[0].at)}</span>}
        <span>{words.now}</span>
      </figcaption>
      <details>
        <summary>{words.table}</summary>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col" class="right">
                {text.value.products.added}
              </th>
              <th scope="col" class="right">
                {text.value.products.removed}
              </th>
              <th scope="col" class="right">
                {words.endOfDay}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ at, added, removed, level }) => (
              <tr key={at}>
                <th scope="row">{day(at)}</th>
                <td class="right">
                  <Delta value={added} />
                </td>
                <td class="right">
                  <Delta value={-removed} />
                </td>
                <td class="right">
                  <Count value={level} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

/** How many changes each shop made in each of the last 24 hours: a row of bars for each shop, told apart by its name. */
import type { ActivityAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useReading } from '../api/use-reading.ts'
import { memberName } from '../live/live-store.ts'
import { nowMs } from '../live/now.ts'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { activityHours, activityRows, type ActivityRow } from './activity-rows.ts'

const minuteMs = 60_000
const barWidth = 10
const height = 36

export function ActivitySection(): JSX.Element {
  const words = text.value.charts
  const reading = useReading<ActivityAnswer>('/api/v1/activity', Math.floor(nowMs.value / minuteMs))
  const answer = reading.value.value
  const rows = answer === null ? [] : activityRows(answer, nowMs.value)
  const highest = Math.max(1, ...rows.flatMap(({ hours }) => hours.map(({ changes }) => changes)))
  return (
    <section class="section" aria-labelledby="activity">
      <h2 id="activity">{words.activity}</h2>
      <FailureNotice failure={reading.failure} />
      {answer !== null && (
        <div class="card">
          {rows.length === 0 ? (
            <p class="muted">{words.activityNone}</p>
          ) : (
            <figure class="chart">
              {rows.map((row) => (
                <Bars key={row.member} row={row} highest={highest} />
              ))}
              <figcaption>
                <span>{words.hoursAgo(activityHours)}</span>
                <span>{words.now}</span>
              </figcaption>
              <Table rows={rows} />
            </figure>
          )}
        </div>
      )}
    </section>
  )
}

function Bars({ row, highest }: { readonly row: ActivityRow; readonly highest: number }): JSX.Element {
  const words = text.value.charts
  const label = `${memberName(row.member)}: ${words.changes(row.total)}`
  return (
    <div class="chart-row">
      <span class="chart-name">{label}</span>
      <svg
        viewBox={`0 0 ${activityHours * barWidth} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <line class="chart-axis" x1="0" x2={activityHours * barWidth} y1={height} y2={height} />
        {row.hours.map(({ at, changes }, index) => {
          const bar = (changes / highest) * (height - 2)
          return (
            <rect
              key={at}
              class="chart-bar"
              x={index * barWidth + 1}
              y={height - bar}
              width={barWidth - 2}
              height={bar}
            >
              <title>{`${format.value.clock(at)}: ${words.changes(changes)}`}</title>
            </rect>
          )
        })}
      </svg>
    </div>
  )
}

function Table({ rows }: { readonly rows: readonly ActivityRow[] }): JSX.Element {
  const words = text.value.charts
  return (
    <details>
      <summary>{words.table}</summary>
      {/* Many shops make it wider than a phone: it moves within its frame, also by keyboard. */}
      <div class="table-scroll" role="region" aria-label={words.activity} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words.hour}</th>
              {rows.map(({ member }) => (
                <th key={member} scope="col" class="right">
                  {memberName(member)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(rows[0]?.hours ?? [])
              .map(({ at }, index) => ({ at, index }))
              .filter(({ index }) => rows.some((row) => (row.hours[index]?.changes ?? 0) > 0))
              .toReversed()
              .map(({ at, index }) => (
                <tr key={at}>
                  <th scope="row">{format.value.clock(at)}</th>
                  {rows.map((row) => (
                    <td key={row.member} class="right">
                      {format.value.number(row.hours[index]?.changes ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

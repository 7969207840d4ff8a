/** A time as the reader needs it: how long ago where that matters, else the time of day; the full time as a tooltip. */
import type { JSX } from 'preact'
import { nowMs } from '../live/now.ts'
import { format } from '../text/language.ts'

export function Ago({ at }: { readonly at: string }): JSX.Element {
  return (
    <time dateTime={at} title={format.value.full(at)}>
      {format.value.relative(at, nowMs.value)}
    </time>
  )
}

export function Moment({ at }: { readonly at: string }): JSX.Element {
  return (
    <time dateTime={at} title={format.value.full(at)} class="nowrap">
      {format.value.moment(at, Date.now())}
    </time>
  )
}

/** The one state of a SKU as a badge, with what it means as its help. */
import type { StockState } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { Badge, type Tone } from '../parts/badge.tsx'
import { text } from '../text/admin-language.ts'

const tones: Readonly<Record<StockState, Tone>> = {
  'left-out': 'quiet',
  duplicate: 'attention',
  held: 'attention',
  oversold: 'attention',
  untracked: 'quiet',
  'not-here': 'quiet',
  'only-here': 'quiet',
  waiting: 'busy',
  synced: 'good',
}

export function StockBadge({ state }: { readonly state: StockState }): JSX.Element {
  const words = text.value.products
  return <Badge tone={tones[state]} label={words.states[state]} help={words.stateHelp[state]} />
}

/** The sentences of the partition guard: its settings, and what is said while a shop is out of reach. */
import type { GuardAnswer } from '@stockmesh/protocol/api'

export interface GuardTexts {
  readonly guard: GuardText
}

interface GuardText {
  readonly title: string
  readonly intro: string
  readonly alone: string
  readonly turnedOn: string
  readonly after: string
  readonly afterHint: string
  readonly shares: string
  readonly sharesFrom: Readonly<Record<GuardAnswer['shares'], string>>
  readonly weightsHint: string
  /** `share` is between 0 and 1. */
  weight(share: number): string
  readonly sharesNow: string
  readonly save: string
  readonly saved: string
  unheard(names: string): string
  readonly partedTitle: string
  parted(names: string, share: number): string
  readonly partedOne: string
  productHint(share: number): string
  readonly settingsLink: string
  close(name: string): string
  closeTitle(name: string): string
  readonly closeStays: readonly string[]
  readonly closeDo: string
  closed(name: string): string
  closedBack(name: string): string
  reopen(name: string): string
}

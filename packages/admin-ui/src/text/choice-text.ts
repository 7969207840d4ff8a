/** The sentences of what a person chooses for single products in this shop, and for the whole network. */

export interface ChoiceText {
  readonly skuChoice: SkuChoiceText
  readonly stopAll: StopAllText
}

interface StopAllText {
  readonly title: string
  readonly isStopped: string
  readonly intro: string
  readonly do: string
  since(at: string): string
  readonly stays: string
  readonly resume: string
  unheard(names: string): string
}

interface SkuChoiceText {
  readonly title: string
  readonly buffer: string
  readonly bufferHint: string
  readonly save: string
  readonly saved: string
  readonly leaveOut: string
  readonly leaveOutIntro: string
  readonly leaveOutDo: string
  leftOutSince(at: string): string
  difference(units: number): string
  readonly useNetwork: string
  readonly countIn: string
  /** The products for which something was chosen. */
  readonly list: string
  readonly listIntro: string
  readonly listNone: string
  held(units: number): string
}

/** The sentences of what a person chooses for single products in this shop. */

export interface ChoiceText {
  readonly skuChoice: SkuChoiceText
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
}

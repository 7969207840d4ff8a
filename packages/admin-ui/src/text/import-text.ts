/** The sentences about what an import will do. */

export interface ImportFlowText {
  readonly preview: PreviewText
}

interface PreviewText {
  readonly title: string
  readonly nothingYet: string
  differ(skus: number, units: number): string
  readonly noneDiffer: string
  toZero(skus: number): string
  onlyHere(skus: number): string
  onlyNetwork(skus: number): string
  readonly largest: string
  change(from: number, to: number): string
  readonly csv: string
}

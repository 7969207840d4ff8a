/** The sentences about what an import will do, about taking it back, and about undoing what a shop did. */

export interface ImportFlowText {
  readonly preview: PreviewText
  readonly importPause: ImportPauseText
  readonly undo: UndoText
  readonly memberUndo: MemberUndoText
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
}

interface ImportPauseText {
  readonly pause: string
  readonly resume: string
  readonly held: string
  readonly shopPaused: string
  readonly cancelling: string
  readonly cancel: string
  readonly cancelTitle: string
  readonly cancelStays: readonly string[]
  readonly cancelDo: string
}

interface UndoText {
  readonly title: string
  until(at: string): string
  readonly open: string
  readonly confirmTitle: string
  readonly stays: readonly string[]
  readonly do: string
  readonly running: string
  readonly done: string
  refused(skus: number): string
  readonly useOpen: string
  readonly useTitle: string
  readonly useStays: readonly string[]
  readonly useDo: string
  used(skus: number, units: number): string
}

interface MemberUndoText {
  readonly open: string
  title(name: string): string
  readonly stays: readonly string[]
  readonly since: string
  readonly sinceHint: string
  readonly look: string
  readonly would: (skus: number, units: number) => string
  unclear(skus: number): string
  readonly withEvict: string
  readonly do: string
  readonly done: (skus: number, units: number) => string
}

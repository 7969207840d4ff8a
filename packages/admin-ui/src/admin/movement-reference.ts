/** What a movement refers to, in words: the order or the note as it came, and what the node wrote for want of one. */
import { text } from '../text/admin-language.ts'

interface Referring {
  readonly cause: string
  readonly reference: string | null
}

export function referenceWords({ cause, reference }: Referring): string | null {
  const words = text.value.log
  const [, typed] = /^=(-?\d+)$/.exec(reference ?? '') ?? []
  if (typed !== undefined) {
    return words.typed(Number(typed))
  }
  return cause === 'undo' && reference === 'held' ? (words.results['held'] ?? reference) : reference
}

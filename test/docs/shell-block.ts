/** Commands that a document shows, line by line: what stands in its `sh` blocks. */

export interface ShownCommand {
  /** Whole, with continued lines joined. */
  readonly line: string
  readonly words: readonly string[]
}

export function shownCommands(markdown: string): readonly ShownCommand[] {
  return [...markdown.matchAll(/```sh\n([^]*?)```/g)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ line, words: splitWords(line) }))
}

/** As a shell splits, for words that are bare or in one pair of quotes. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

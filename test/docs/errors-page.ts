/**
 * `docs/ERRORS.md`: every code that an error, a refused row or a closed session can carry, read from the source, so that
 * the page cannot name one that does not exist or leave one out.
 */
import { cell, sourceFiles } from './source.ts'

export interface ErrorEntry {
  readonly code: string
  /** Of the answers that carry it; empty where it never is an HTTP answer of its own. */
  readonly statuses: readonly string[]
  /** Its sentences, with the parts that vary in angle quotes. */
  readonly sentences: readonly string[]
}

const text = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|` + '`(?:[^`\\\\]|\\\\.)*`'
const code = String.raw`'([a-z0-9]+(?:-[a-z0-9]+)+)'`
/** `new SomeError(409, 'code', 'sentence'`, `failure('code', 'sentence'`; the sentence may be a constant, `message`. */
const thrown = new RegExp(String.raw`(?:new \w+|\bfailure)\(\s*(?:(\d{3}),\s*)?${code}(?:,\s*(message|${text}))?`, 'g')
/** `code: 'code', text: 'sentence'`. */
const told = new RegExp(String.raw`\bcode: ${code}(?:,\s*(?:text|message): (${text}))?`, 'g')
/** A class of errors that all have one code. */
const ofClass = new RegExp(String.raw`class (\w+) extends Error \{\s*readonly code = ${code}`, 'g')
/** A table of the statuses of codes. */
const mapped = new RegExp(String.raw`${code}: (\d{3}),`, 'g')

export function errorEntries(): readonly ErrorEntry[] {
  const found = new Map<string, { statuses: Set<string>; sentences: Set<string> }>()
  const add = (name: string, status: string | undefined, sentence: string | null): void => {
    const entry = found.get(name) ?? { statuses: new Set(), sentences: new Set() }
    found.set(name, entry)
    if (status !== undefined) entry.statuses.add(status)
    if (sentence !== null) entry.sentences.add(plainSentence(sentence))
  }
  const files = sourceFiles()
  for (const { text: source } of files) {
    for (const { 1: status, 2: name = '', 3: sentence, index } of source.matchAll(thrown)) {
      add(name, status, sentence === 'message' || sentence === undefined ? lastMessage(source, index) : sentence)
    }
    for (const [, name = '', sentence] of source.matchAll(told)) add(name, undefined, sentence ?? null)
    for (const { 1: className = '', 2: name = '', index } of source.matchAll(ofClass)) {
      const own = new RegExp(String.raw`super\(\s*(${text})`).exec(source.slice(index, index + 500))?.[1]
      add(name, undefined, own ?? null)
      for (const { text: user } of files) {
        const made = new RegExp(String.raw`new ${className}\(\s*(${text})`, 'g')
        for (const [, sentence] of user.matchAll(made)) add(name, undefined, sentence ?? null)
      }
    }
  }
  for (const { text: source } of files) {
    for (const [, name = '', status] of source.matchAll(mapped)) if (found.has(name)) add(name, status, null)
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { statuses, sentences }]) => ({
      code: name,
      statuses: [...statuses].sort(),
      sentences: [...sentences],
    }))
}

/** The sentence that was put into `message` right before. */
function lastMessage(source: string, before: number): string | null {
  const near = source.slice(Math.max(0, before - 600), before)
  return [...near.matchAll(new RegExp(String.raw`const message =\s*(${text})`, 'g'))].at(-1)?.[1] ?? null
}

export function errorsPage(): string {
  const rows = errorEntries().map(
    ({ code: name, statuses, sentences }) =>
      `| \`${name}\` | ${statuses.join(', ')} | ${sentences.map(cell).join('<br>')} |`,
  )
  return `# Error codes

Every error carries a stable code and one sentence that says what to do: on the command line, in HTTP answers
(\`{"error":{"code","message","details"}}\`), in the import's list of failed rows, in a problem's details and when a session
between two nodes is closed. Scripts compare codes; sentences may change. A code without a status is part of such a list
or of another answer. Written by \`npm run docs\` from the source.

| code | HTTP | says |
|---|---|---|
${rows.join('\n')}
`
}

function plainSentence(literal: string): string {
  return literal
    .slice(1, -1)
    .replaceAll(
      /\$\{([^}]*)\}/g,
      (_, expression: string) => `‹${expression.split(/[.(]/).at(-1)?.replaceAll(/[^\w]/g, '') ?? ''}›`,
    )
    .replaceAll(/\\(.)/g, '$1')
}

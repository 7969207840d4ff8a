/** The generated documents say what the source says. */
import { expect, it } from 'vitest'
import { errorEntries } from './errors-page.ts'
import { generatedPages } from './pages.ts'
import { readDocument } from './source.ts'

it.each(generatedPages)('$path is what the source says; `npm run docs` writes it anew', ({ path, make }) => {
  expect(readDocument(path)).toBe(make())
})

it('finds the codes however they are thrown', () => {
  const entry = (code: string) => errorEntries().find((one) => one.code === code)
  expect(entry('sku-unknown')?.statuses).toEqual(['404', '422'])
  expect(entry('code-mismatch')?.statuses).toEqual(['409'])
  expect(entry('too-many-tries')?.sentences[0]).toMatch(/^Too many tries\. Wait ‹/)
  expect(entry('identity-damaged')?.sentences[0]).toMatch(/^The identity of this shop in ‹file› is damaged\./)
  expect(entry('shop-key-missing')?.sentences).toHaveLength(1)
})

it('has a sentence that ends for every code that a person meets', () => {
  const entries = errorEntries()
  expect(entries.length).toBeGreaterThan(80)
  for (const { code, sentences } of entries) {
    // Alarms between nodes are told to a log, with facts instead of a sentence.
    if (['rolled-back', 'runs-twice', 'too-many-replicas'].includes(code)) continue
    expect(sentences, code).not.toEqual([])
    for (const sentence of sentences) expect(sentence, code).toMatch(/[.!]$|›$|".*"$/)
  }
})

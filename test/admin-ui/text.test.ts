/** The text table: every sentence is there in both languages and is a sentence of that language. */
import { describe, expect, it } from 'vitest'
import { createDanish } from '../../packages/admin-ui/src/text/da.ts'
import { createEnglish } from '../../packages/admin-ui/src/text/en.ts'
import { errorSentence } from '../../packages/admin-ui/src/text/error-text.ts'
import { createFormat } from '../../packages/admin-ui/src/text/format.ts'
import { shopTextOf } from '../../packages/admin-ui/src/text/shop-text.ts'

const da = createFormat('da-DK')
const en = createFormat('en-GB')
const tables = [
  ['admin', createDanish(da), createEnglish(en)],
  ['shop', shopTextOf('da', da), shopTextOf('en', en)],
] as const

/** Every text under its path; a function is asked with values that fit any of its parameters. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') {
    return [[path, value]]
  }
  if (typeof value === 'function') {
    const kind = path.endsWith('.explain') ? 'held' : 3
    return [[path, String((value as (...values: unknown[]) => unknown)(kind, 4, 5))]]
  }
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
}

describe.each(tables)('the %s text', (_name, danish, english) => {
  it('has the same keys in both languages', () => {
    expect(leaves(danish).map(([path]) => path)).toEqual(leaves(english).map(([path]) => path))
  })

  it('has no empty sentence, and none with a hole in it', () => {
    for (const [path, sentence] of [...leaves(danish), ...leaves(english)]) {
      expect(sentence.trim(), path).not.toBe('')
      expect(sentence, path).not.toMatch(/undefined|NaN|\[object/)
    }
  })

  it('has no sentence of one language left in the other', () => {
    const inEnglish = new Map(leaves(english))
    const same = leaves(danish).filter(([path, sentence]) => inEnglish.get(path) === sentence && sentence.length > 14)
    expect(same).toEqual([])
  })
})

describe('the words that Danish merchants know', () => {
  const danish = createDanish(da)

  it('are those of the stock synchronization they come from', () => {
    expect(danish.problems.duplicateTitle).toBe('Med dobbelt model/varenr.')
    expect(danish.overview.latestLogs).toBe('Seneste log')
    expect([danish.requests.accept, danish.requests.refuse, danish.shops.leaveConfirmDo]).toEqual([
      'Godkend',
      'Afvis',
      'Afbryd',
    ])
  })
})

describe('a failure', () => {
  it('is told in the language of the user when its code is known', () => {
    expect(errorSentence('da', 'code-mismatch', 'The codes differ.')).toMatch(/^Koderne er ikke ens/)
    expect(errorSentence('en', 'code-mismatch', 'The codes differ.')).toMatch(/^The codes are not equal/)
  })

  it("is told in the answer's own words when it is not, also for codes that are names of object methods", () => {
    expect(errorSentence('da', 'brand-new', 'Something new.')).toBe('Something new.')
    expect(errorSentence('da', 'constructor', 'Something new.')).toBe('Something new.')
  })
})

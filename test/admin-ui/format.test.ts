/** Numbers and times as each language writes them. */
import { describe, expect, it } from 'vitest'
import { createFormat, localeOf } from '../../packages/admin-ui/src/text/format.ts'

const nowMs = Date.parse('2030-05-04T10:00:00Z')
const danish = createFormat('da-DK')
const english = createFormat('en-GB')

function ago(seconds: number): string {
  return new Date(nowMs - seconds * 1000).toISOString()
}

describe('numbers', () => {
  it('has a thousands separator of the language', () => {
    expect(danish.number(4182)).toBe('4.182')
    expect(english.number(4182)).toBe('4,182')
  })

  it('writes a change with its sign and a real minus, and none for zero', () => {
    expect([5, -3, 0, -0].map((value) => danish.signed(value))).toEqual(['+5', '−3', '0', '0'])
  })

  it('counts one and many, zero as many', () => {
    expect([0, 1, 2, 4182].map((count) => danish.count(count, 'vare', 'varer'))).toEqual([
      '0 varer',
      '1 vare',
      '2 varer',
      '4.182 varer',
    ])
  })
})

describe('times', () => {
  it('says how long ago in the largest fitting unit', () => {
    expect([0, 12, 59, 60, 3_599, 3_600, 86_400 * 3].map((seconds) => danish.relative(ago(seconds), nowMs))).toEqual([
      'nu',
      'for 12 sekunder siden',
      'for 59 sekunder siden',
      'for 1 minut siden',
      'for 59 minutter siden',
      'for 1 time siden',
      'for 3 dage siden',
    ])
  })

  it('never says "in 5 seconds" when the clocks of node and browser differ', () => {
    expect(english.relative(ago(-5), nowMs)).toBe('now')
  })

  it('names the date only of another day', () => {
    expect(danish.moment(ago(2), nowMs)).not.toMatch(/maj/)
    expect(danish.moment(ago(86_400 * 40), nowMs)).toMatch(/mar/)
    expect(danish.since(ago(2), nowMs)).toMatch(/^\d\d\.\d\d$/)
  })

  it('rounds what is left of an import, never to nothing', () => {
    expect(danish.duration(0.2)).toBe('1 sekund')
    expect(danish.duration(185)).toBe('3 minutter')
  })
})

describe('the locale', () => {
  it("is the user's own kind of the language, else the common one", () => {
    expect(localeOf('en', ['da-DK', 'en-US'])).toBe('en-US')
    expect(localeOf('en', ['da-DK'])).toBe('en-GB')
    expect(localeOf('da', ['en-US'])).toBe('da-DK')
  })
})

/**
 * Numbers, times and plurals in one locale, all through Intl. Every sentence of the text table gets its numbers here,
 * so that 4182 is "4.182" in Danish and "4,182" in English wherever it stands.
 */
import type { Language } from '@stockmesh/protocol/api'

export interface Format {
  number(value: number): string
  /** With its sign, and a real minus: "+5", "−3", "0". */
  signed(value: number): string
  /** "1 vare", "4.182 varer". */
  count(value: number, one: string, other: string): string
  /** "for 12 sekunder siden"; never in the future, because clocks differ a little. */
  relative(at: string, nowMs: number): string
  /** The time of day when it is today, else date and time. */
  moment(at: string, nowMs: number): string
  /** The same without seconds, for sentences. */
  since(at: string, nowMs: number): string
  /** A day of this year or the last: "25. nov.". */
  day(at: string): string
  /** The time of day, without seconds. */
  clock(at: string): string
  /** The full date and time, for tooltips. */
  full(at: string): string
  /** A rounded span: "45 sekunder", "3 minutter". */
  duration(seconds: number): string
  percent(share: number): string
  list(words: readonly string[]): string
}

/** The browser's own kind of the language ("en-US", "de-AT"), else that of its first country. */
export function localeOf(language: Language, browserLanguages: readonly string[]): string {
  const own = browserLanguages.find((one) => one.toLowerCase().split('-')[0] === language)
  return own ?? commonLocales[language]
}

const commonLocales: Readonly<Record<Language, string>> = {
  da: 'da-DK',
  sv: 'sv-SE',
  nb: 'nb-NO',
  en: 'en-GB',
  de: 'de-DE',
}

type Unit = 'day' | 'hour' | 'minute' | 'second'

const secondsPerUnit: readonly (readonly [Unit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

function largestUnit(seconds: number): readonly [Unit, number] {
  for (const [unit, size] of secondsPerUnit) {
    if (seconds >= size) {
      return [unit, Math.floor(seconds / size)]
    }
  }
  return ['second', 0]
}

function isSameDay(at: string, nowMs: number): boolean {
  return new Date(at).toDateString() === new Date(nowMs).toDateString()
}

export function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const plural = new Intl.PluralRules(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const present = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const shortClock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const dated = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    number: (value) => number.format(value).replace('-', '−'),
    signed: (value) => signed.format(value).replace('-', '−'),
    count: (value, one, other) => `${number.format(value)} ${plural.select(value) === 'one' ? one : other}`,
    relative(at, nowMs) {
      const [unit, amount] = largestUnit(Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1000)))
      // "0 seconds ago" is "now"; "1 day ago" stays, since "yesterday" may be wrong.
      return amount === 0 ? present.format(0, 'second') : relative.format(-amount, unit)
    },
    moment: (at, nowMs) => (isSameDay(at, nowMs) ? clock : dated).format(new Date(at)),
    since: (at, nowMs) => (isSameDay(at, nowMs) ? shortClock : dated).format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    clock: (at) => shortClock.format(new Date(at)),
    full: (at) => full.format(new Date(at)),
    duration(seconds) {
      const [unit, amount] = largestUnit(Math.max(1, Math.round(seconds)))
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
    },
    percent: (share) => percent.format(share),
    list: (words) => list.format(words),
  }
}

/** The text tables: every sentence is there in each language, and is a sentence of that language. */
import { languages } from '@stockmesh/protocol'
import type { Language, ProblemKind } from '@stockmesh/protocol/api'
import { describe, expect, it } from 'vitest'
import type { AdminText } from '../../packages/admin-ui/src/text/admin-text.ts'
import * as danishAdmin from '../../packages/admin-ui/src/text/da/admin.ts'
import * as danishShop from '../../packages/admin-ui/src/text/da/shop.ts'
import * as germanAdmin from '../../packages/admin-ui/src/text/de/admin.ts'
import * as germanShop from '../../packages/admin-ui/src/text/de/shop.ts'
import * as englishAdmin from '../../packages/admin-ui/src/text/en/admin.ts'
import * as englishShop from '../../packages/admin-ui/src/text/en/shop.ts'
import { errorSentence } from '../../packages/admin-ui/src/text/error-text.ts'
import { createFormat, localeOf } from '../../packages/admin-ui/src/text/format.ts'
import { languageNames, languageOf } from '../../packages/admin-ui/src/text/language.ts'
import * as norwegianAdmin from '../../packages/admin-ui/src/text/nb/admin.ts'
import * as norwegianShop from '../../packages/admin-ui/src/text/nb/shop.ts'
import { platformFieldText } from '../../packages/admin-ui/src/text/platform-text.ts'
import * as swedishAdmin from '../../packages/admin-ui/src/text/sv/admin.ts'
import * as swedishShop from '../../packages/admin-ui/src/text/sv/shop.ts'
import { loadPlatform, platformNames } from '../../packages/node/src/connectors/platforms.ts'

const admin = { da: danishAdmin, sv: swedishAdmin, nb: norwegianAdmin, en: englishAdmin, de: germanAdmin }
const shop = { da: danishShop, sv: swedishShop, nb: norwegianShop, en: englishShop, de: germanShop }
const foreign = languages.filter((language) => language !== 'en')

function formatOf(language: Language): ReturnType<typeof createFormat> {
  return createFormat(localeOf(language, []))
}

function adminText(language: Language): AdminText {
  return admin[language].createText(formatOf(language))
}

/** Every text of a language under its path; what takes values is asked with one and with many. */
function sentencesOf(language: Language): ReadonlyMap<string, string> {
  const { errors } = admin[language]
  const tables = { admin: adminText(language), shop: shop[language].createText(formatOf(language)), errors }
  return new Map(leaves(tables, '', Object.keys(tables.admin.problems.titles) as ProblemKind[]))
}

function leaves(value: unknown, path: string, kinds: readonly ProblemKind[]): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const ask = value as (...values: unknown[]) => unknown
    const first: readonly unknown[] = path.endsWith('.explain') ? kinds : [3, 1]
    return first.map((one) => [`${path}(${String(one)})`, String(ask(one, one === 1 ? 1 : 4, 5))] as const)
  }
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`, kinds))
}

/** Words that are the same in English and in the language: brands, units of computing, and true cousins. */
const sameAsEnglish: Readonly<Record<Exclude<Language, 'en'>, readonly string[]>> = {
  da: ['Browser', 'Buffer', 'Client id', 'Client secret', 'Import', 'Live', 'Log', 'Note', 'Online', 'Platform'],
  sv: ['Client id', 'Client secret', 'Import', 'Live', 'Online'],
  nb: ['Buffer', 'Client id', 'Client secret', 'Import'],
  de: ['Browser', 'Code', 'Import', 'Live', 'Name', 'Online', 'Shop', 'Shops'],
}

describe.each(languages)('the text in %s', (language) => {
  const sentences = sentencesOf(language)

  it('has the sentences of every other language', () => {
    expect([...sentences.keys()].toSorted()).toEqual([...sentencesOf('en').keys()].toSorted())
  })

  it('has no empty sentence, and none with a hole in it', () => {
    for (const [path, sentence] of sentences) {
      expect(sentence.trim(), path).not.toBe('')
      expect(sentence, path).not.toMatch(/undefined|NaN|\[object/)
    }
  })

  it('names and explains each field of each platform', async () => {
    for (const name of platformNames) {
      const { fields, locationField } = await loadPlatform(name)
      for (const field of fields.filter((one) => one.name !== locationField)) {
        const { label, hint } = platformFieldText(adminText(language).platforms, name, {
          name: field.name,
          help: field.help,
          secret: field.isSecret,
          required: field.isRequired,
          location: false,
        })
        expect([name, label]).not.toEqual([name, field.name])
        expect([name, hint]).not.toEqual([name, field.help])
      }
    }
  })
})

describe.each(foreign)('no English is left in %s', (language) => {
  const sentences = sentencesOf(language)
  const english = sentencesOf('en')

  it('as a whole sentence, but for words that are the same', () => {
    const same = [...sentences].filter(([path, sentence]) => english.get(path) === sentence)
    const words = same.map(([, sentence]) => sentence).filter((sentence) => !/^[\d, ]+$|^Stockmesh \d$/.test(sentence))
    expect([...new Set(words)].toSorted()).toEqual(sameAsEnglish[language])
  })

  it('as words among others', () => {
    // What stands between quotation marks is code.
    const left = [...sentences].filter(([, sentence]) =>
      /\b(the|and|this|your|with|from|its|which)\b/i.test(sentence.replaceAll(/"[^"]*"/g, '')),
    )
    expect(left).toEqual([])
  })
})

describe('each language', () => {
  it('has no letters of another', () => {
    const strangers: Readonly<Record<Language, RegExp>> = {
      da: /[äöüß]/i,
      sv: /[æøüß]/i,
      nb: /[äöüß]/i,
      en: /[åäæöøüß]/i,
      de: /[åæø]/i,
    }
    for (const language of languages) {
      const strange = [...sentencesOf(language)].filter(([, sentence]) => strangers[language].test(sentence))
      expect(strange, language).toEqual([])
    }
  })

  it('speaks to one person, as its shop owners do', () => {
    const spoken = (language: Language): string => [...sentencesOf(language).values()].join('\n')
    expect(spoken('de')).not.toMatch(/\b(du|dein|deine|dir|dich)\b/)
    expect(spoken('de')).toMatch(/\bSie\b/)
    // The old polite forms; "Dem" and "Deres" begin sentences in Danish, so only "De" would tell there.
    expect(spoken('sv')).not.toMatch(/\b(Ni|Er|Ert)\b/)
    expect(spoken('sv')).toMatch(/\bdu\b/)
    expect(spoken('nb')).toMatch(/\bdu\b/)
  })

  it('is named in itself, Danish first', () => {
    expect(languageNames.map(([one]) => one)).toEqual([...languages])
    expect(languageNames[0]).toEqual(['da', 'Dansk'])
  })
})

describe('the language of the browser', () => {
  it('is the first that there is; Norwegian of every kind is bokmål, and the rest of the world reads English', () => {
    expect(languageOf(['fi-FI', 'sv-FI', 'en'])).toBe('sv')
    expect(['no', 'nn-NO', 'nb'].map((tag) => languageOf([tag]))).toEqual(['nb', 'nb', 'nb'])
    expect(languageOf(['de-AT'])).toBe('de')
    expect(languageOf(['fr-FR', 'pl'])).toBe('en')
    expect(languageOf([])).toBe('en')
  })
})

describe('the words that merchants know', () => {
  it('are those of the stock synchronization that the Danish ones come from', () => {
    const danish = adminText('da')
    expect(danish.problems.duplicateTitle).toBe('Med dobbelt model/varenr.')
    expect(danish.overview.latestLogs).toBe('Seneste log')
    expect(decisions(danish)).toEqual(['Godkend', 'Afvis', 'Afbryd'])
  })

  it.each([
    ['sv', 'Artikelnr', 'Lagersaldo', ['Godkänn', 'Avvisa', 'Koppla från']],
    ['nb', 'Varenr.', 'Lagerbeholdning', ['Godkjenn', 'Avvis', 'Koble fra']],
    ['de', 'Artikelnr.', 'Bestand', ['Annehmen', 'Ablehnen', 'Trennen']],
  ] as const)('are those of their own trade in %s', (language, sku, level, words) => {
    const text = adminText(language)
    expect([text.products.sku, text.products.level]).toEqual([sku, level])
    expect(decisions(text)).toEqual(words)
  })

  function decisions({ requests, shops }: AdminText): readonly string[] {
    return [requests.accept, requests.refuse, shops.leaveDo.replace(' …', '')]
  }
})

describe('a failure', () => {
  it('is told in the language of the user when its code is known', () => {
    const told = (language: Language): string =>
      errorSentence(admin[language].errors, 'code-mismatch', 'The codes differ.')
    expect(told('da')).toMatch(/^Koderne er ikke ens/)
    expect(told('en')).toMatch(/^The codes are not equal/)
  })

  it("is told in the answer's own words when it is not, also for codes that are names of object methods", () => {
    expect(errorSentence(admin.da.errors, 'brand-new', 'Something new.')).toBe('Something new.')
    expect(errorSentence(admin.da.errors, 'constructor', 'Something new.')).toBe('Something new.')
    expect(errorSentence(null, 'code-mismatch', 'The codes differ.')).toBe('The codes differ.')
  })
})

/** What happened to stock, in Danish. */
import type { Format } from '../format.ts'
import type { StockViewsTexts } from '../stock-views-text.ts'

export function stockViews(format: Format): StockViewsTexts {
  const pieces = (units: number): string => format.count(units, 'stk.', 'stk.')
  const lines = (count: number): string => format.count(count, 'varenr.', 'varenumre')
  return {
    oversoldPage: {
      title: 'Oversolgte varer',
      intro:
        'Her er der solgt flere, end der var, fordi butikker solgte de sidste næsten samtidig. Butikkerne viser 0 imens.',
      none: 'Intet er oversolgt.',
      missing: (units) => `Mangler ${pieces(units)}`,
      between: (duration, orders) =>
        orders === 2 ? `De to ordrer kom med ${duration} imellem.` : `Ordrerne kom inden for ${duration}.`,
      noOrders: 'Ingen ordrer forklarer det: tallet er sat ned på anden vis. Se loggen for varen.',
      write: (units) => `Skriv til køberen: ${pieces(units)} mangler`,
      send: 'Send som normalt',
      solve:
        'Fyld lageret op, eller annullér en af ordrerne i butikken. Når lagerantallet er 0 eller mere, forsvinder varen herfra af sig selv.',
      restock: 'Modtag eller tæl varen',
    },
    charts: {
      course: 'De sidste 30 dage',
      courseOf: (sku) => `Lagerantal for ${sku} de sidste 30 dage`,
      courseNone: 'Der er ikke noget at tegne endnu.',
      courseFrom: (day) => `Kendt siden ${day}`,
      table: 'Vis tallene',
      day: 'Dag',
      endOfDay: 'Ved dagens slutning',
      activity: 'Ændringer time for time',
      activityNone: 'Ingen ændringer det seneste døgn.',
      changes: (count) => format.count(count, 'ændring', 'ændringer'),
      hour: 'Time',
      now: 'nu',
      hoursAgo: (hours) => `for ${format.count(hours, 'time', 'timer')} siden`,
    },
    stockList: {
      open: 'Optælling og varemodtagelse',
      title: 'Optælling og varemodtagelse',
      kind: 'Hvad vil du gøre?',
      kinds: { count: 'Optælling', received: 'Varemodtagelse' },
      countIntro: 'Skriv, hvad der ligger på hylden. Det bliver det nye lagerantal i alle butikker.',
      receivedIntro: 'Skriv, hvad der er kommet hjem. Det lægges til lagerantallet i alle butikker.',
      lines: 'Varenr. og antal',
      linesHint: {
        count:
          'En vare pr. linje: varenr., antal og eventuelt hvor mange af dem der er solgt, men ikke sendt. Kopiér fra et regneark, eller adskil med semikolon.',
        received: 'En vare pr. linje: varenr. og antal. Kopiér fra et regneark, eller adskil med semikolon.',
      },
      file: 'Eller vælg en CSV-fil',
      begun: 'Hvornår begyndte I at tælle?',
      begunHint: 'Det, der er solgt siden, trækkes fra. Tomt betyder nu.',
      preview: 'Se forskellene',
      unread: (numbers) => `Linje ${numbers} kan ikke læses. Skriv varenr. og et helt tal.`,
      empty: 'Skriv mindst én linje med varenr. og antal.',
      summary: (count, units) => `${lines(count)}, ${pieces(units)} i forskel. Intet er gemt endnu.`,
      refused: (count) => `${lines(count)} kan ikke bruges og springes over.`,
      before: 'Nu',
      after: 'Bliver',
      difference: 'Forskel',
      save: { count: 'Gem optællingen', received: 'Læg på lager' },
      saved: (count, units) => `Gemt: ${lines(count)}, ${pieces(units)} i forskel.`,
    },
  }
}

/** What happened to stock, in Norwegian bokmål. */
import type { Format } from '../format.ts'
import type { StockViewsTexts } from '../stock-views-text.ts'

export function stockViews(format: Format): StockViewsTexts {
  const pieces = (units: number): string => `${format.number(units)} stk.`
  const lines = (count: number): string => format.count(count, 'varenummer', 'varenumre')
  return {
    oversoldPage: {
      title: 'Oversolgte varer',
      intro:
        'Her er det solgt flere enn det fantes, fordi butikker solgte de siste nesten samtidig. Butikkene viser 0 i mellomtiden.',
      none: 'Ingenting er oversolgt.',
      missing: (units) => `${pieces(units)} mangler`,
      between: (duration, orders) =>
        orders === 2 ? `Det gikk ${duration} mellom de to ordrene.` : `Ordrene kom innen ${duration}.`,
      noOrders: 'Ingen ordre forklarer det: tallet er satt ned på en annen måte. Se i loggen for varen.',
      write: (units) => `Skriv til kjøperen: ${pieces(units)} mangler`,
      send: 'Send som vanlig',
      solve:
        'Fyll på lageret, eller kanseller en av ordrene i butikken. Når beholdningen er 0 eller mer, forsvinner varen herfra av seg selv.',
      restock: 'Motta eller tell varen',
    },
    charts: {
      course: 'De siste 30 dagene',
      courseOf: (sku) => `Lagerbeholdning for ${sku} de siste 30 dagene`,
      courseNone: 'Det har ikke skjedd noe å tegne ennå.',
      courseFrom: (day) => `Kjent siden ${day}`,
      table: 'Vis tallene',
      day: 'Dag',
      endOfDay: 'Ved dagens slutt',
      activity: 'Endringer time for time',
      activityNone: 'Ingen endringer det siste døgnet.',
      changes: (count) => format.count(count, 'endring', 'endringer'),
      hour: 'Time',
      now: 'nå',
      hoursAgo: (hours) => `for ${format.count(hours, 'time', 'timer')} siden`,
    },
    stockList: {
      open: 'Varetelling og varemottak',
      title: 'Varetelling og varemottak',
      kind: 'Hva vil du gjøre?',
      kinds: { count: 'Varetelling', received: 'Varemottak' },
      countIntro: 'Skriv hva som ligger på hyllen. Det blir den nye beholdningen i alle butikkene.',
      receivedIntro: 'Skriv hva som har kommet inn. Det legges til beholdningen i alle butikkene.',
      lines: 'Varenr. og antall',
      linesHint: {
        count:
          'Én vare per linje: varenr., antall og eventuelt hvor mange av dem som er solgt, men ikke sendt. Kopier fra et regneark, eller skill med semikolon.',
        received: 'Én vare per linje: varenr. og antall. Kopier fra et regneark, eller skill med semikolon.',
      },
      file: 'Eller velg en CSV-fil',
      begun: 'Når begynte dere å telle?',
      begunHint: 'Det som er solgt siden da, trekkes fra. Tomt betyr nå.',
      preview: 'Se forskjellene',
      unread: (numbers) => `Linje ${numbers} kan ikke leses. Skriv varenr. og et heltall.`,
      empty: 'Skriv minst én linje med varenr. og antall.',
      summary: (count, units) => `${lines(count)}, ${pieces(units)} i forskjell. Ingenting er lagret ennå.`,
      refused: (count) => `${lines(count)} kan ikke brukes og hoppes over.`,
      before: 'Nå',
      after: 'Blir',
      difference: 'Forskjell',
      save: { count: 'Lagre tellingen', received: 'Legg på lager' },
      saved: (count, units) => `Lagret: ${lines(count)}, ${pieces(units)} i forskjell.`,
    },
  }
}

/** What happened to stock, in Swedish. */
import type { Format } from '../format.ts'
import type { StockViewsTexts } from '../stock-views-text.ts'

export function stockViews(format: Format): StockViewsTexts {
  const pieces = (units: number): string => `${format.number(units)} st`
  const lines = (count: number): string => format.count(count, 'artikel', 'artiklar')
  return {
    oversoldPage: {
      title: 'Översålda artiklar',
      intro:
        'Här har fler sålts än vad som fanns, eftersom butiker sålde de sista nästan samtidigt. Butikerna visar 0 så länge.',
      none: 'Inget är översålt.',
      missing: (units) => `${pieces(units)} saknas`,
      between: (duration, orders) =>
        orders === 2 ? `Det gick ${duration} mellan de två orderna.` : `Orderna kom inom ${duration}.`,
      noOrders: 'Ingen order förklarar det: saldot har sänkts på annat sätt. Titta i loggen för artikeln.',
      write: (units) => `Skriv till köparen: ${pieces(units)} saknas`,
      send: 'Skicka som vanligt',
      solve:
        'Fyll på lagret eller makulera en av orderna i butiken. När saldot är 0 eller mer försvinner artikeln härifrån av sig själv.',
      restock: 'Ta emot eller räkna artikeln',
    },
    charts: {
      course: 'De senaste 30 dagarna',
      courseOf: (sku) => `Lagersaldo för ${sku} de senaste 30 dagarna`,
      courseNone: 'Det finns inget att rita än.',
      courseFrom: (day) => `Känt sedan ${day}`,
      table: 'Visa siffrorna',
      day: 'Dag',
      endOfDay: 'Vid dagens slut',
      activity: 'Ändringar timme för timme',
      activityNone: 'Inga ändringar det senaste dygnet.',
      changes: (count) => format.count(count, 'ändring', 'ändringar'),
      hour: 'Timme',
      now: 'nu',
      hoursAgo: (hours) => `för ${format.count(hours, 'timme', 'timmar')} sedan`,
    },
    stockList: {
      open: 'Inventering och inleverans',
      title: 'Inventering och inleverans',
      kind: 'Vad vill du göra?',
      kinds: { count: 'Inventering', received: 'Inleverans' },
      countIntro: 'Skriv vad som ligger på hyllan. Det blir det nya lagersaldot i alla butiker.',
      receivedIntro: 'Skriv vad som har kommit in. Det läggs till lagersaldot i alla butiker.',
      lines: 'Artikelnr och antal',
      linesHint: {
        count:
          'En artikel per rad: artikelnr, antal och vid behov hur många av dem som är sålda men inte skickade. Kopiera från ett kalkylark eller skilj åt med semikolon.',
        received: 'En artikel per rad: artikelnr och antal. Kopiera från ett kalkylark eller skilj åt med semikolon.',
      },
      file: 'Eller välj en CSV-fil',
      begun: 'När började ni räkna?',
      begunHint: 'Det som har sålts sedan dess dras av. Tomt betyder nu.',
      preview: 'Visa skillnaderna',
      unread: (numbers) => `Rad ${numbers} går inte att läsa. Skriv artikelnr och ett heltal.`,
      empty: 'Skriv minst en rad med artikelnr och antal.',
      summary: (count, units) => `${lines(count)}, ${pieces(units)} i skillnad. Inget är sparat än.`,
      refused: (count) => `${lines(count)} går inte att använda och hoppas över.`,
      before: 'Nu',
      after: 'Blir',
      difference: 'Skillnad',
      save: { count: 'Spara inventeringen', received: 'Lägg till i lagret' },
      saved: (count, units) => `Sparat: ${lines(count)}, ${pieces(units)} i skillnad.`,
    },
  }
}

/** What happened to stock, in German. */
import type { Format } from '../format.ts'
import type { StockViewsTexts } from '../stock-views-text.ts'

export function stockViews(format: Format): StockViewsTexts {
  const pieces = (units: number): string => `${format.number(units)} Stück`
  const lines = (count: number): string => format.count(count, 'Artikel', 'Artikel')
  return {
    oversoldPage: {
      title: 'Überverkaufte Artikel',
      intro:
        'Hier wurde mehr verkauft, als da war, weil Shops die letzten Stücke fast gleichzeitig verkauften. Die Shops zeigen so lange 0.',
      none: 'Nichts ist überverkauft.',
      missing: (units) => `${pieces(units)} zu wenig`,
      between: (duration, orders) =>
        orders === 2
          ? `Zwischen beiden Bestellungen lagen ${duration}.`
          : `Die Bestellungen kamen innerhalb von ${duration}.`,
      noOrders:
        'Keine Bestellung erklärt es: Der Bestand wurde anders gesenkt. Sehen Sie im Protokoll des Artikels nach.',
      write: (units) => `Dem Käufer schreiben: ${pieces(units)} zu wenig`,
      send: 'Wie immer versenden',
      solve:
        'Füllen Sie das Lager auf, oder stornieren Sie eine der Bestellungen im Shop. Sobald der Bestand 0 oder mehr ist, verschwindet der Artikel hier von selbst.',
      restock: 'Wareneingang oder Inventur',
    },
    charts: {
      course: 'Die letzten 30 Tage',
      courseOf: (sku) => `Bestand von ${sku} in den letzten 30 Tagen`,
      courseNone: 'Es ist noch nichts passiert, was sich zeichnen ließe.',
      courseFrom: (day) => `Bekannt seit ${day}`,
      table: 'Zahlen zeigen',
      day: 'Tag',
      endOfDay: 'Am Ende des Tages',
      activity: 'Änderungen je Stunde',
      activityNone: 'Keine Änderungen in den letzten 24 Stunden.',
      changes: (count) => format.count(count, 'Änderung', 'Änderungen'),
      hour: 'Stunde',
      now: 'jetzt',
      hoursAgo: (hours) => `vor ${format.count(hours, 'Stunde', 'Stunden')}`,
    },
    stockList: {
      open: 'Inventur und Wareneingang',
      title: 'Inventur und Wareneingang',
      kind: 'Was möchten Sie tun?',
      kinds: { count: 'Inventur', received: 'Wareneingang' },
      countIntro: 'Tragen Sie ein, was im Regal liegt. Das wird der neue Bestand in allen Shops.',
      receivedIntro: 'Tragen Sie ein, was angekommen ist. Es kommt in allen Shops zum Bestand dazu.',
      lines: 'Artikelnr. und Menge',
      linesHint: {
        count:
          'Ein Artikel je Zeile: Artikelnr., Menge und bei Bedarf, wie viele davon verkauft, aber nicht versandt sind. Aus einer Tabelle kopieren oder mit Semikolon trennen.',
        received: 'Ein Artikel je Zeile: Artikelnr. und Menge. Aus einer Tabelle kopieren oder mit Semikolon trennen.',
      },
      file: 'Oder eine CSV-Datei wählen',
      begun: 'Wann haben Sie mit dem Zählen begonnen?',
      begunHint: 'Was seither verkauft wurde, wird abgezogen. Leer bedeutet jetzt.',
      preview: 'Unterschiede ansehen',
      unread: (numbers) => `Zeile ${numbers} ist nicht lesbar. Schreiben Sie Artikelnr. und eine ganze Zahl.`,
      empty: 'Schreiben Sie mindestens eine Zeile mit Artikelnr. und Menge.',
      summary: (count, units) => `${lines(count)}, Unterschied ${pieces(units)}. Noch ist nichts gespeichert.`,
      refused: (count) => `${lines(count)} nicht verwendbar; sie werden übersprungen.`,
      before: 'Jetzt',
      after: 'Danach',
      difference: 'Unterschied',
      save: { count: 'Inventur speichern', received: 'Alles einbuchen' },
      saved: (count, units) => `Gespeichert: ${lines(count)}, Unterschied ${pieces(units)}.`,
    },
  }
}

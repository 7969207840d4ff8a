/** The partition guard in German. */
import type { Format } from '../format.ts'
import type { GuardTexts } from '../guard-text.ts'

export function guard(format: Format): GuardTexts {
  return {
    guard: {
      title: 'Überverkäufe vermeiden, wenn ein Shop nicht erreichbar ist',
      intro:
        'Verliert ein Shop den Kontakt, erfährt er nicht, was die anderen verkaufen, und das letzte Stück kann zweimal verkauft werden. Wenn Sie dies einschalten, zeigt jeder Shop so lange nur seinen Anteil an dem, was beim Abbruch der Verbindung auf Lager war. Sobald die Shops wieder Kontakt haben, wird alles gezeigt.',
      alone: 'Das lässt sich einschalten, sobald der Shop mit anderen verbunden ist.',
      turnedOn: 'Nur den eigenen Anteil zeigen, solange ein Shop nicht erreichbar ist (gilt für alle Shops)',
      after: 'So lange muss ein Shop unerreichbar sein, bevor dies gilt',
      afterHint: 'Kurz: Es kann weniger doppelt verkauft werden. Lang: Ein Neustart fällt nicht auf.',
      shares: 'So wird der Bestand aufgeteilt',
      sharesFrom: {
        equal: 'Für jeden Shop gleich viel',
        sales: 'Nach den Verkäufen der letzten 7 Tage',
        set: 'Ich bestimme selbst',
      },
      weightsHint:
        'Eine ganze Zahl für jeden Shop. Nur das Verhältnis zählt: 3 und 1 sind drei Viertel und ein Viertel. 0 ist kein Anteil.',
      weight: (share) => `Das sind ${format.percent(share)}`,
      sharesNow: 'Aktuelle Anteile',
      save: 'Aufteilung speichern',
      saved: 'Gespeichert. Die anderen Shops erfahren es von selbst.',
      unheard: (names) =>
        `Noch nicht von der letzten Änderung gehört: ${names}. Bis dahin gilt der kleinere von altem und neuem Anteil.`,
      partedTitle: 'Der Shop zeigt nur seinen Anteil',
      parted: (names, share) =>
        `Nicht erreichbar: ${names}. So lange werden hier nur ${format.percent(share)} von dem gezeigt, was beim Abbruch der Verbindung auf Lager war. Der Rest ist nicht weg: Alles wird wieder gezeigt, sobald wieder Kontakt besteht.`,
      partedOne: 'Ein Artikel, von dem es nur ein Stück gab, kann hier deshalb ausverkauft sein.',
      productHint: (share) =>
        `Ein anderer Shop ist nicht erreichbar, deshalb zeigt dieser Shop zurzeit nur seinen Anteil (${format.percent(share)}) am Bestand.`,
      settingsLink: 'So wird der Bestand aufgeteilt',
      close: (name) => `${name} als geschlossen melden …`,
      closeTitle: (name) => `Verkauft ${name} wirklich nichts?`,
      closeStays: [
        'Dann bekommen die anderen Shops seinen Anteil und zeigen ihn sofort.',
        'Tun Sie das nur, wenn der Shop geschlossen ist. Verkauft er doch, können die letzten Stücke doppelt verkauft werden.',
        'Ist er zurück, melden Sie ihn wieder als geöffnet; dann bekommt er wieder einen Anteil.',
      ],
      closeDo: 'Ja, er ist geschlossen',
      closed: (name) => `${name} ist als geschlossen gemeldet: Die anderen Shops haben seinen Anteil.`,
      closedBack: (name) => `${name} ist als geschlossen gemeldet, hat aber wieder Kontakt.`,
      reopen: (name) => `${name} als wieder geöffnet melden`,
    },
  }
}

/** What a person chooses for single products and for the whole network, in German. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    stopAll: {
      isStopped: 'Alles ist angehalten',
      title: 'Alles anhalten',
      intro:
        'Hält das Schreiben in alle Shops des Netzwerks an. Verkäufe werden weiter gelesen und gezählt, es geht also nichts verloren.',
      do: 'Alles anhalten',
      since: (at) => `Alles ist angehalten seit ${at}.`,
      stays: 'Kein Shop bekommt neue Bestände, bis jemand alles weiterlaufen lässt. Verkäufe werden weiter gezählt.',
      resume: 'Alles weiterlaufen lassen',
      unheard: (names) => `${names}: haben es noch nicht erfahren und hören davon, sobald sie wieder Kontakt haben.`,
    },
    skuChoice: {
      title: 'Puffer, oder Artikel ausnehmen',
      buffer: 'Puffer für diesen Artikel',
      bufferHint: 'So viele Stück hält dieser Shop zurück. Leer: Es gilt der Puffer des Shops.',
      save: 'Puffer speichern',
      saved: 'Gespeichert.',
      leaveOut: 'Artikel ausnehmen',
      leaveOutIntro:
        'Dieser Shop zählt seine Verkäufe des Artikels nicht mehr mit, und sein Bestand wird nicht geändert. Die anderen Shops machen weiter.',
      leaveOutDo: 'Artikel ausnehmen',
      leftOutSince: (at) => `Der Artikel ist seit ${at} ausgenommen.`,
      difference: (units) =>
        units === 0
          ? 'Der Shop hat den Bestand inzwischen nicht selbst geändert.'
          : `Der Shop hat den Bestand inzwischen selbst um ${format.signed(units)} geändert. Das ist nicht gezählt.`,
      useNetwork: 'Mit der Zahl des Netzwerks wieder aufnehmen',
      countIn: 'Wieder aufnehmen und die Änderung zählen',
      list: 'Artikel mit eigenem Puffer oder ausgenommen',
      listIntro: 'Wird beim Artikel unter Artikel gewählt.',
      listNone: 'Kein Artikel hat einen eigenen Puffer oder ist ausgenommen.',
      held: (units) => `Eigener Puffer: ${format.number(units)}`,
    },
  }
}

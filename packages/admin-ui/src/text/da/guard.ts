/** The partition guard in Danish. */
import type { Format } from '../format.ts'
import type { GuardTexts } from '../guard-text.ts'

export function guard(format: Format): GuardTexts {
  return {
    guard: {
      title: 'Undgå oversalg, når en butik er uden kontakt',
      intro:
        'Ryger forbindelsen til en butik, ved den ikke, hvad de andre sælger, og så kan den sidste vare blive solgt to gange. Slår du dette til, viser hver butik imens kun sin andel af det, der var på lager, da forbindelsen røg. Når butikkerne har kontakt igen, vises det hele.',
      alone: 'Det kan slås til, når butikken er forbundet med andre.',
      turnedOn: 'Vis kun andelen, når en butik er uden kontakt (gælder alle butikker)',
      after: 'Så længe skal en butik være væk, før det gælder',
      afterHint: 'Kort tid: mindre kan nå at blive solgt to gange. Lang tid: en genstart mærkes ikke.',
      shares: 'Sådan deles lageret',
      sharesFrom: {
        equal: 'Lige meget til hver butik',
        sales: 'Efter salget de sidste 7 dage',
        set: 'Jeg bestemmer selv',
      },
      weightsHint:
        'Et helt tal for hver butik. Kun forholdet tæller: 3 og 1 giver tre fjerdedele og en fjerdedel. 0 giver ingen andel.',
      weight: (share) => `Svarer til ${format.percent(share)}`,
      sharesNow: 'Andele lige nu',
      save: 'Gem delingen',
      saved: 'Gemt. De andre butikker får det at vide af sig selv.',
      unheard: (names) =>
        `${names} har ikke hørt om den seneste ændring endnu. Indtil da gælder den mindste af den gamle og den nye andel.`,
      partedTitle: 'Butikken viser kun sin andel',
      parted: (names, share) =>
        `${names} er uden kontakt. Imens vises her kun ${format.percent(share)} af det, der var på lager, da forbindelsen røg. Resten er ikke væk: det hele vises igen, når der er kontakt.`,
      partedOne: 'En vare, der kun var én af, kan derfor stå som udsolgt her.',
      productHint: (share) =>
        `En anden butik er uden kontakt, så lige nu viser denne butik kun sin andel (${format.percent(share)}) af lageret.`,
      settingsLink: 'Sådan deles lageret',
      close: (name) => `Meld ${name} lukket …`,
      closeTitle: (name) => `Sælger ${name} slet ikke noget?`,
      closeStays: [
        'Så får de andre butikker dens andel og viser den med det samme.',
        'Gør det kun, hvis butikken er lukket. Sælger den alligevel, kan de sidste varer blive solgt to gange.',
        'Når den er tilbage, melder du den åben igen, så den får en andel igen.',
      ],
      closeDo: 'Ja, den er lukket',
      closed: (name) => `${name} er meldt lukket: de andre butikker har dens andel.`,
      closedBack: (name) => `${name} er meldt lukket, men har kontakt igen.`,
      reopen: (name) => `Meld ${name} åben igen`,
    },
  }
}

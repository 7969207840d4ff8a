/** The partition guard in Norwegian bokmål. */
import type { Format } from '../format.ts'
import type { GuardTexts } from '../guard-text.ts'

export function guard(format: Format): GuardTexts {
  return {
    guard: {
      title: 'Unngå oversalg når en butikk er uten kontakt',
      intro:
        'Mister en butikk kontakten, vet den ikke hva de andre selger, og da kan den siste varen bli solgt to ganger. Slår du på dette, viser hver butikk i mellomtiden bare sin andel av det som var på lager da kontakten ble brutt. Når butikkene har kontakt igjen, vises alt.',
      alone: 'Det kan slås på når butikken er koblet til andre.',
      turnedOn: 'Vis bare andelen når en butikk er uten kontakt (gjelder alle butikkene)',
      after: 'Så lenge skal en butikk være borte før det gjelder',
      afterHint: 'Kort tid: mindre rekker å bli solgt to ganger. Lang tid: en omstart merkes ikke.',
      shares: 'Slik deles lageret',
      sharesFrom: {
        equal: 'Like mye til hver butikk',
        sales: 'Etter salget de siste 7 dagene',
        set: 'Jeg bestemmer selv',
      },
      weightsHint:
        'Et heltall for hver butikk. Bare forholdet teller: 3 og 1 gir tre firedeler og en firedel. 0 gir ingen andel.',
      weight: (share) => `Tilsvarer ${format.percent(share)}`,
      sharesNow: 'Andeler akkurat nå',
      save: 'Lagre delingen',
      saved: 'Lagret. De andre butikkene får vite det av seg selv.',
      unheard: (names) =>
        `${names} har ikke hørt om den siste endringen ennå. Inntil da gjelder den minste av den gamle og den nye andelen.`,
      partedTitle: 'Butikken viser bare sin andel',
      parted: (names, share) =>
        `${names} er uten kontakt. I mellomtiden vises her bare ${format.percent(share)} av det som var på lager da kontakten ble brutt. Resten er ikke borte: alt vises igjen når kontakten er tilbake.`,
      partedOne: 'En vare det bare var én av, kan derfor stå som utsolgt her.',
      productHint: (share) =>
        `En annen butikk er uten kontakt, så akkurat nå viser denne butikken bare sin andel (${format.percent(share)}) av lageret.`,
      settingsLink: 'Slik deles lageret',
      close: (name) => `Meld ${name} stengt …`,
      closeTitle: (name) => `Selger ${name} ingenting i det hele tatt?`,
      closeStays: [
        'Da får de andre butikkene andelen dens og viser den med en gang.',
        'Gjør det bare hvis butikken er stengt. Selger den likevel, kan de siste varene bli solgt to ganger.',
        'Når den er tilbake, melder du den åpen igjen, så den får en andel igjen.',
      ],
      closeDo: 'Ja, den er stengt',
      closed: (name) => `${name} er meldt stengt: de andre butikkene har andelen dens.`,
      closedBack: (name) => `${name} er meldt stengt, men har kontakt igjen.`,
      reopen: (name) => `Meld ${name} åpen igjen`,
    },
  }
}

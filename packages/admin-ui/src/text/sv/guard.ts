/** The partition guard in Swedish. */
import type { Format } from '../format.ts'
import type { GuardTexts } from '../guard-text.ts'

export function guard(format: Format): GuardTexts {
  return {
    guard: {
      title: 'Undvik att översälja när en butik tappar kontakten',
      intro:
        'När en butik tappar kontakten vet den inte vad de andra säljer, och då kan det sista exemplaret säljas två gånger. Slår du på det här visar varje butik under tiden bara sin andel av det som fanns i lager när kontakten bröts. När butikerna har kontakt igen visas hela lagret.',
      alone: 'Det går att slå på när butiken är kopplad till andra.',
      turnedOn: 'Visa bara andelen när en butik saknar kontakt (gäller alla butiker)',
      after: 'Så länge ska en butik vara borta innan det gäller',
      afterHint: 'Kort tid: mindre hinner säljas två gånger. Lång tid: en omstart märks inte.',
      shares: 'Så delas lagret',
      sharesFrom: {
        equal: 'Lika mycket till varje butik',
        sales: 'Efter försäljningen de senaste 7 dagarna',
        set: 'Jag bestämmer själv',
      },
      weightsHint:
        'Ett heltal för varje butik. Bara förhållandet räknas: 3 och 1 ger tre fjärdedelar och en fjärdedel. 0 ger ingen andel.',
      weight: (share) => `Motsvarar ${format.percent(share)}`,
      sharesNow: 'Andelar just nu',
      save: 'Spara delningen',
      saved: 'Sparat. De andra butikerna får veta det av sig själva.',
      unheard: (names) =>
        `${names} har inte hört om den senaste ändringen än. Tills dess gäller den minsta av den gamla och den nya andelen.`,
      partedTitle: 'Butiken visar bara sin andel',
      parted: (names, share) =>
        `${names} går inte att nå. Under tiden visas här bara ${format.percent(share)} av det som fanns i lager när kontakten bröts. Resten är inte borta: allt visas igen när kontakten är tillbaka.`,
      partedOne: 'En artikel som det bara fanns en av kan därför stå som slutsåld här.',
      productHint: (share) =>
        `En annan butik går inte att nå, så just nu visar den här butiken bara sin andel (${format.percent(share)}) av lagret.`,
      settingsLink: 'Så delas lagret',
      close: (name) => `Ange ${name} som stängd …`,
      closeTitle: (name) => `Säljer ${name} ingenting alls?`,
      closeStays: [
        'Då får de andra butikerna dess andel och visar den direkt.',
        'Gör det bara om butiken är stängd. Säljer den ändå kan de sista artiklarna säljas två gånger.',
        'När den är tillbaka anger du den som öppen igen, så får den en andel igen.',
      ],
      closeDo: 'Ja, den är stängd',
      closed: (name) => `${name} är angiven som stängd: de andra butikerna har dess andel.`,
      closedBack: (name) => `${name} är angiven som stängd men har kontakt igen.`,
      reopen: (name) => `Ange ${name} som öppen igen`,
    },
  }
}

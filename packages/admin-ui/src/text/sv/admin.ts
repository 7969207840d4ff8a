/** The admin pages in Swedish. */
import type { AdminText, SentenceText } from '../admin-text.ts'
import type { Format } from '../format.ts'
import { access } from './access.ts'
import { choices } from './choices.ts'
import { forms } from './forms.ts'
import { guard } from './guard.ts'
import { importFlow } from './import-flow.ts'
import { lists } from './lists.ts'
import { platforms } from './platforms.ts'
import { stockViews } from './stock-views.ts'

export { errors } from './errors.ts'

function sentences(format: Format): SentenceText {
  return {
    inStep: 'Allt är synkroniserat.',
    alone: 'Butiken är klar men är än så länge ensam i nätverket.',
    unconnected: 'Butiken är inte kopplad till någon annan än.',
    evicted:
      'En annan butik har tagit bort den här butiken ur nätverket. Saldona ligger kvar. Koppla från butiken, så kan den gå med igen som en ny butik.',
    comparing: 'Butikerna jämför sina saldon.',
    restInStep: 'Allt annat är synkroniserat.',
    paused: 'Importen är pausad.',
    importFailed: 'Importen avbröts innan den var klar.',
    importReady: 'Importen är klar att startas.',
    joinSent: (address) => `Förfrågan till ${address} är skickad men inte besvarad än.`,
    joinSeen: (address) => `${address} har tagit emot förfrågan och behöver godkänna den.`,
    joinAccepted: 'Förfrågan är godkänd.',
    importing: (done, total) => `Importen pågår: ${format.number(done)} av ${format.number(total)}.`,
    listing: (done) => `Butikens artiklar läses in: ${format.number(done)} hittills.`,
    stoppedAll: 'Allt är stoppat: ingen butik får nya saldon förrän någon låter allt fortsätta.',
    shopPaused: 'Butiken är pausad: inget läses eller ändras i den förrän du avslutar pausen.',
    shopUnreachable: (since) =>
      since === null
        ? 'Noden får ingen kontakt med din butik.'
        : `Noden har inte haft kontakt med din butik sedan ${since}.`,
    memberAway: (name, since) =>
      since === null ? `${name} har inte hört av sig än.` : `${name} har inte varit i kontakt sedan ${since}.`,
    membersAway: (names) => `${names} går inte att nå.`,
    problems: (count) => `${format.count(count, 'problem', 'problem')} väntar på dig.`,
    oversold: (count) => `${format.count(count, 'artikel är översåld', 'artiklar är översålda')}.`,
    waiting: (count) => `${format.count(count, 'ändring', 'ändringar')} på väg.`,
    facts: (shops, skus, lastChange) =>
      `${format.count(shops, 'butik', 'butiker')}, ${format.count(skus, 'artikel', 'artiklar')}, ${
        lastChange === null ? 'inga ändringar än' : `senaste ändringen ${lastChange}`
      }.`,
  }
}

export function createText(format: Format): AdminText {
  return {
    ...lists(format),
    ...forms(format),
    ...access(),
    ...choices(format),
    ...guard(format),
    ...stockViews(format),
    ...importFlow(format),
    platforms,
    nav: {
      overview: 'Översikt',
      products: 'Artiklar',
      problems: 'Problem',
      log: 'Logg',
      shops: 'Butiker',
      settings: 'Inställningar',
    },
    common: {
      loading: 'Hämtar …',
      cancel: 'Avbryt',
      close: 'Stäng',
      more: 'Visa fler',
      previous: 'Visa föregående',
      search: 'Sök',
      all: 'Alla',
      none: 'Inga',
      language: 'Språk',
      signOut: 'Logga ut',
      viewer: 'Du har läsbehörighet: du ser allt, men bara en administratör kan ändra något.',
      skip: 'Hoppa till innehållet',
      tryAgain: 'Försök igen',
      never: 'aldrig',
      noName: 'Utan namn',
      noSku: 'utan artikelnr',
      unknownShop: 'Tidigare butik',
      storefront: 'Butiken',
      csv: 'Ladda ner som CSV',
      csvPlain: 'CSV för program',
      goesOn: 'Om noden stannar säljer butiken vidare. Det som säljs under tiden räknas med när noden är tillbaka.',
      rows: (first, last, total) => `${format.number(first)}–${format.number(last)} av ${format.number(total)}`,
    },
    entry: {
      setupTitle: 'Kom igång med noden',
      setupIntro:
        'Noden är programmet som håller butikens lager i takt med de andras. Det tar en minut att komma igång, sedan väljer du vilka butiker som ska dela lager.',
      token: 'Startkod',
      tokenHint: 'Står i fönstret där noden startades.',
      shopName: 'Butikens namn',
      shopNameHint: 'Det här namnet ser de andra butikerna.',
      password: 'Välj ett lösenord',
      passwordHint: 'Minst 10 tecken.',
      passwordShow: 'Visa lösenordet',
      setupDo: 'Kom igång',
      signInTitle: 'Logga in',
      signInPassword: 'Lösenord',
      signInDo: 'Logga in',
    },
    sentence: sentences(format),
    overview: {
      nextStep: 'Nästa steg',
      stepShop: '1. Butiken',
      stepShopHint: 'Är det inte din butik? Välj plattform och ange nyckeln till den.',
      stepShopOpen: 'Välj plattform och nyckel',
      stepStart: '2. Är det här den första butiken, eller delar andra redan lager?',
      firstTitle: 'Det här är den första butiken',
      firstIntro: 'Nätverket börjar med den här butikens lagersaldon. Inget ändras i butiken; artiklarna läses bara.',
      firstDo: 'Importera',
      otherTitle: 'Gå ihop med en annan butik',
      otherIntro:
        'Skicka en förfrågan till en butik som redan delar lager. Då visar den här butiken samma saldon som den.',
      inviteTitle: 'Koppla nästa butik',
      inviteIntro: (url) =>
        `Öppna den andra butikens nod och skicka en förfrågan till ${url}. Sedan dyker den upp här.`,
      shops: 'Butiker',
      latestLogs: 'Senaste i loggen',
      allLog: 'Hela loggen',
      noLog: 'Inget har hänt än. Den första försäljningen eller ändringen syns här direkt.',
      problemsLink: (count) => (count === 1 ? 'Visa problemet' : 'Visa problemen'),
      oversoldLink: 'Visa översålda artiklar',
    },
    join: {
      address: 'Den andra butikens adress',
      addressHint: 'En domän eller en adress, t.ex. butik.example eller 127.0.0.1:7401.',
      send: 'Skicka förfrågan till butik',
      title: 'Förfrågan',
      codeLabel: 'Kod',
      codeHint: 'Den andra butiken ser samma kod. Jämför dem innan den godkänner.',
      withdraw: 'Ta tillbaka förfrågan',
      again: 'Skicka en ny förfrågan',
      states: { sent: 'Skickad', seen: 'Mottagen', accepted: 'Godkänd', refused: 'Avvisad', expired: 'Har gått ut' },
      advice: {
        sent: 'Den andra noden har inte svarat än. Det gör inget, förfrågan skickas igen tills den svarar.',
        seen: 'Be den andra butiken att öppna sin nod och godkänna förfrågan.',
        accepted: 'Den andra butiken har godkänt. Importera nu, så får den här butiken nätverkets saldon.',
        refused: 'Den andra butiken sa nej. Prata med dem och skicka sedan en ny förfrågan.',
        expired: 'Ingen svarade inom sju dagar. Skicka en ny förfrågan när den andra butiken är redo.',
      },
      expires: (at) => `Förfrågan gäller till ${at}.`,
    },
    import: {
      title: 'Import',
      do: 'Importera',
      readyIntro:
        'Artiklar med samma artikelnummer får nätverkets lagersaldo i den här butiken. Artiklar som nätverket inte känner till tar med sig sitt eget. Namn och texter ändras aldrig.',
      again: 'Starta importen igen',
      states: {
        idle: 'Inte startad',
        listing: 'Läser butikens artiklar',
        ready: 'Redo att starta',
        running: 'Pågår',
        paused: 'Pausad',
        done: 'Klar',
        failed: 'Avbruten',
      },
      progress: (done, total) => `${format.number(done)} av ${format.number(total)}`,
      rate: (perSecond) => `${format.number(Math.round(perSecond))} per sekund`,
      left: (duration) => `ungefär ${duration} kvar`,
      failed: (count) => `${format.count(count, 'rad', 'rader')} kunde inte importeras`,
      finished: (at) => `klar ${at}`,
    },
    requests: {
      title: 'Förfrågningar',
      none: 'Inga öppna förfrågningar.',
      code: 'Kod',
      accept: 'Godkänn',
      refuse: 'Avvisa',
      waitingCode: 'Koden är på väg',
      confirmTitle: (name) => `Visar ${name} samma kod?`,
      confirmIntro:
        'Be den andra butiken läsa upp sin kod. Godkänn bara om den är exakt likadan. Sedan delar butikerna lager.',
      confirmDo: 'Koderna är lika: godkänn',
      confirmNot: 'Inte nu',
      refuseTitle: (name) => `Avvisa ${name}?`,
      refuseIntro: 'Butiken får veta det och kan skicka en ny förfrågan senare.',
    },
    shops: {
      members: 'Butiker i nätverket',
      alone: 'Butiken är inte med i något nätverk än.',
      self: 'Den här butiken',
      online: 'Online',
      offline: 'Ingen kontakt',
      offlineSince: (at) => `Ingen kontakt sedan ${at}`,
      neverSeen: 'Inte i kontakt än',
      lastContact: (at) => `Senaste kontakt ${at}`,
      caughtUp: 'Har alla ändringar',
      behind: (count) => `Saknar ${format.count(count, 'ändring', 'ändringar')}`,
      neverHeard: 'Har inte hört av sig än',
      ownShop: 'Själva butiken',
      shopStates: {
        connecting: 'Ansluter',
        connected: 'Ansluten',
        unreachable: 'Svarar inte',
        paused: 'Pausad',
        idle: 'Används inte än',
      },
      promises: {
        exact: 'Exakt: varje ändring räknas en gång, även om något startas om.',
        'best-effort':
          'Så bra det går: säljs något i samma ögonblick som saldot justeras kan du behöva kontrollera det.',
      },
      openStorefront: 'Visa butiken',
      release: (release) => `Stockmesh ${release}`,
      clockAhead: (duration) => `Klockan går ${duration} före`,
      clockBehind: (duration) => `Klockan går ${duration} efter`,
      importing: (done, total) => `Importerar: ${format.number(done)} av ${format.number(total)}`,
      theirShop: (state) => `Själva butiken: ${state}`,
      joinTitle: 'Gå ihop med en annan butik',
      joinLater: 'Butiken är redan kopplad till andra. Koppla från den innan den går ihop med en ny.',
      leaveTitle: 'Koppla från butiken',
      leaveIntro: 'Butiken slutar dela lager. Saldona som den visar nu ligger kvar.',
      leaveDo: 'Koppla från …',
      leaveConfirmTitle: 'Ska butiken kopplas från nätverket?',
      leaveStays: [
        'Butiken behåller saldona som den visar nu och säljer vidare.',
        'De andra butikerna behåller sina saldon och är fortfarande kopplade till varandra.',
        'Försäljning här ändrar inte längre deras lager, och deras försäljning ändrar inte ditt.',
        'Vill butiken vara med igen skickar den en ny förfrågan.',
      ],
      leaveConfirmDo: 'Koppla från butiken',
    },
    live: {
      live: 'Live',
      polling: 'Uppdateras var 5:e sekund',
      reconnecting: 'Ansluter igen …',
      stale: (since) => `Siffror från ${since}, ingen kontakt med noden`,
    },
  }
}

/** The admin pages in Norwegian (bokmål). */
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
    inStep: 'Alt er synkronisert.',
    alone: 'Butikken er klar, men er foreløpig alene i nettverket.',
    unconnected: 'Butikken er ikke koblet til noen andre ennå.',
    evicted:
      'En annen butikk har fjernet denne butikken fra nettverket. Tallene blir stående. Koble fra butikken, så kan den bli med igjen som en ny butikk.',
    comparing: 'Butikkene sammenligner tallene sine.',
    restInStep: 'Alt annet er synkronisert.',
    paused: 'Importen er satt på pause.',
    importFailed: 'Importen stoppet før den var ferdig.',
    importReady: 'Importen er klar til å startes.',
    joinSent: (address) => `Forespørselen til ${address} er sendt, men ikke besvart ennå.`,
    joinSeen: (address) => `${address} har mottatt forespørselen og må godkjenne den.`,
    joinAccepted: 'Forespørselen er godkjent.',
    importing: (done, total) => `Importen pågår: ${format.number(done)} av ${format.number(total)}.`,
    listing: (done) => `Varene i butikken leses inn: ${format.number(done)} så langt.`,
    stoppedAll: 'Alt er stoppet: Ingen butikk får nye tall før noen lar alt fortsette.',
    shopPaused: 'Butikken er satt på pause: Ingenting leses eller endres i den før du avslutter pausen.',
    shopUnreachable: (since) =>
      since === null
        ? 'Noden får ikke kontakt med butikken din.'
        : `Noden har ikke hatt kontakt med butikken din siden ${since}.`,
    memberAway: (name, since) =>
      since === null ? `${name} har ikke vært i kontakt ennå.` : `${name} har ikke vært i kontakt siden ${since}.`,
    membersAway: (names) => `Får ikke kontakt med ${names}.`,
    problems: (count) => `${format.count(count, 'problem', 'problemer')} venter på deg.`,
    oversold: (count) => `${format.count(count, 'vare', 'varer')} er oversolgt.`,
    waiting: (count) => `${format.count(count, 'endring', 'endringer')} på vei.`,
    facts: (shops, skus, lastChange) =>
      `${format.count(shops, 'butikk', 'butikker')}, ${format.count(skus, 'vare', 'varer')}, ${
        lastChange === null ? 'ingen endringer ennå' : `siste endring ${lastChange}`
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
      overview: 'Oversikt',
      products: 'Varer',
      problems: 'Problemer',
      log: 'Logg',
      shops: 'Butikker',
      settings: 'Innstillinger',
    },
    common: {
      loading: 'Henter …',
      cancel: 'Avbryt',
      close: 'Lukk',
      more: 'Vis flere',
      previous: 'Vis forrige',
      search: 'Søk',
      all: 'Alle',
      none: 'Ingen',
      language: 'Språk',
      signOut: 'Logg ut',
      viewer: 'Du har lesetilgang: du ser alt, men bare en administrator kan endre noe.',
      skip: 'Gå til innholdet',
      tryAgain: 'Prøv igjen',
      never: 'aldri',
      noName: 'Uten navn',
      noSku: 'uten varenr.',
      unknownShop: 'Tidligere butikk',
      storefront: 'Butikken',
      csv: 'Last ned som CSV',
      csvPlain: 'CSV for programmer',
      goesOn:
        'Hvis noden stopper, selger butikken videre. Det som selges i mellomtiden, telles med når noden er tilbake.',
      rows: (first, last, total) => `${format.number(first)}–${format.number(last)} av ${format.number(total)}`,
    },
    entry: {
      setupTitle: 'Sett opp noden',
      setupIntro:
        'Noden er programmet som holder butikkens lager i takt med de andres. Oppsettet tar ett minutt; etterpå velger du hvilke butikker som skal dele lager.',
      token: 'Oppsettkode',
      tokenHint: 'Står i vinduet der noden ble startet.',
      shopName: 'Navnet på butikken',
      shopNameHint: 'De andre butikkene ser dette navnet.',
      password: 'Velg et passord',
      passwordHint: 'Minst 10 tegn.',
      passwordShow: 'Vis passordet',
      setupDo: 'Sett opp',
      signInTitle: 'Logg inn',
      signInPassword: 'Passord',
      signInDo: 'Logg inn',
    },
    sentence: sentences(format),
    overview: {
      nextStep: 'Neste steg',
      stepShop: '1. Butikken',
      stepShopHint: 'Er det ikke din butikk, velger du plattform og skriver inn nøkkelen til den.',
      stepShopOpen: 'Velg plattform og nøkkel',
      stepStart: '2. Er dette den første butikken, eller deler andre allerede lager?',
      firstTitle: 'Dette er den første butikken',
      firstIntro:
        'Nettverket starter med lagerbeholdningen i denne butikken. Ingenting endres i butikken, varene blir bare lest.',
      firstDo: 'Importer',
      otherTitle: 'Koble til en annen butikk',
      otherIntro:
        'Send en forespørsel til en butikk som allerede deler lager. Da viser denne butikken de samme tallene.',
      inviteTitle: 'Koble til neste butikk',
      inviteIntro: (url) =>
        `Åpne noden til den andre butikken og send en forespørsel til ${url}. Så dukker den opp her.`,
      shops: 'Butikker',
      latestLogs: 'Siste i loggen',
      allLog: 'Hele loggen',
      noLog: 'Ingenting har skjedd ennå. Det første salget eller den første endringen vises her med en gang.',
      problemsLink: (count) => (count === 1 ? 'Se på problemet' : 'Se på problemene'),
      oversoldLink: 'Vis oversolgte varer',
    },
    join: {
      address: 'Adressen til den andre butikken',
      addressHint: 'Et domene eller en adresse, f.eks. butikk.example eller 127.0.0.1:7401.',
      send: 'Send forespørsel til butikk',
      title: 'Forespørsel',
      codeLabel: 'Kode',
      codeHint: 'Den andre butikken ser den samme koden. Sammenlign dem før den godkjenner.',
      withdraw: 'Trekk tilbake forespørselen',
      again: 'Send en ny forespørsel',
      states: { sent: 'Sendt', seen: 'Mottatt', accepted: 'Godkjent', refused: 'Avvist', expired: 'Utløpt' },
      advice: {
        sent: 'Den andre noden har ikke svart ennå. Det gjør ingenting, forespørselen sendes på nytt til den svarer.',
        seen: 'Be den andre butikken åpne noden sin og godkjenne forespørselen.',
        accepted: 'Den andre butikken har godkjent. Importer nå, så får denne butikken tallene fra nettverket.',
        refused: 'Den andre butikken sa nei. Snakk med dem, og send så en ny forespørsel.',
        expired: 'Ingen svarte innen sju dager. Send en ny forespørsel når den andre butikken er klar.',
      },
      expires: (at) => `Forespørselen er åpen til ${at}.`,
    },
    import: {
      title: 'Import',
      do: 'Importer',
      readyIntro:
        'Varer med samme varenummer får lagerbeholdningen fra nettverket i denne butikken. Varer som nettverket ikke kjenner, tar med seg sin egen. Navn og tekster endres aldri.',
      again: 'Start importen på nytt',
      states: {
        idle: 'Ikke startet',
        listing: 'Leser varene i butikken',
        ready: 'Klar til start',
        running: 'Pågår',
        paused: 'På pause',
        done: 'Ferdig',
        failed: 'Stoppet',
      },
      progress: (done, total) => `${format.number(done)} av ${format.number(total)}`,
      rate: (perSecond) => `${format.number(Math.round(perSecond))} i sekundet`,
      left: (duration) => `omtrent ${duration} igjen`,
      failed: (count) => `${format.count(count, 'rad', 'rader')} kunne ikke importeres`,
      finished: (at) => `ferdig ${at}`,
    },
    requests: {
      title: 'Forespørsler',
      none: 'Ingen åpne forespørsler.',
      code: 'Kode',
      accept: 'Godkjenn',
      refuse: 'Avvis',
      waitingCode: 'Koden er på vei',
      confirmTitle: (name) => `Viser ${name} den samme koden?`,
      confirmIntro:
        'Be den andre butikken lese opp koden sin. Godkjenn bare hvis den er nøyaktig lik. Etterpå deler butikkene lager.',
      confirmDo: 'Kodene er like: godkjenn',
      confirmNot: 'Ikke nå',
      refuseTitle: (name) => `Avvise ${name}?`,
      refuseIntro: 'Butikken får beskjed og kan sende en ny forespørsel senere.',
    },
    shops: {
      members: 'Butikker i nettverket',
      alone: 'Butikken er ikke med i noe nettverk ennå.',
      self: 'Denne butikken',
      online: 'Tilkoblet',
      offline: 'Uten kontakt',
      offlineSince: (at) => `Uten kontakt siden ${at}`,
      neverSeen: 'Ikke i kontakt ennå',
      lastContact: (at) => `Siste kontakt ${at}`,
      caughtUp: 'Har alle endringer',
      behind: (count) => `Mangler ${format.count(count, 'endring', 'endringer')}`,
      neverHeard: 'Har ikke gitt lyd fra seg ennå',
      ownShop: 'Selve butikken',
      shopStates: {
        connecting: 'Kobler til',
        connected: 'Tilkoblet',
        unreachable: 'Svarer ikke',
        paused: 'På pause',
        idle: 'Ikke i bruk ennå',
      },
      promises: {
        exact: 'Nøyaktig: Hver endring telles én gang, også om noe startes på nytt.',
        'best-effort':
          'Så godt det lar seg gjøre: Et salg i samme øyeblikk som en justering kan kreve at du ser etter.',
      },
      openStorefront: 'Se butikken',
      release: (release) => `Stockmesh ${release}`,
      clockAhead: (duration) => `Klokken går ${duration} for fort`,
      clockBehind: (duration) => `Klokken går ${duration} for sakte`,
      importing: (done, total) => `Importerer: ${format.number(done)} av ${format.number(total)}`,
      theirShop: (state) => `Selve butikken: ${state}`,
      joinTitle: 'Koble til en annen butikk',
      joinLater: 'Butikken er allerede koblet til andre. Koble den fra før den kobles til en ny.',
      leaveTitle: 'Koble fra butikken',
      leaveIntro: 'Butikken slutter å dele lager. Tallene den viser nå, blir stående.',
      leaveDo: 'Koble fra …',
      leaveConfirmTitle: 'Skal butikken kobles fra nettverket?',
      leaveStays: [
        'Butikken beholder tallene den viser nå, og selger videre.',
        'De andre butikkene beholder tallene sine og er fortsatt koblet til hverandre.',
        'Salg her endrer ikke lenger lageret deres, og salget deres endrer ikke ditt.',
        'Vil butikken være med igjen, sender den en ny forespørsel.',
      ],
      leaveConfirmDo: 'Koble fra butikken',
    },
    live: {
      live: 'Direkte',
      polling: 'Oppdateres hvert 5. sekund',
      reconnecting: 'Kobler til igjen …',
      stale: (since) => `Tall fra ${since}, ingen kontakt med noden`,
    },
  }
}

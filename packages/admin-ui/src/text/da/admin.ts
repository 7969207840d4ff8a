/** The admin pages in Danish. */
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
    inStep: 'Alt er synkroniseret.',
    alone: 'Butikken er klar, men er endnu den eneste i netværket.',
    unconnected: 'Butikken er endnu ikke forbundet med andre.',
    evicted:
      'En anden butik har fjernet denne fra netværket. Dens tal bliver stående. Afbryd forbindelsen; så kan den gå med igen som en ny butik.',
    comparing: 'Butikkerne er ved at sammenligne deres tal.',
    restInStep: 'Alt andet er synkroniseret.',
    paused: 'Importen er sat på pause.',
    importFailed: 'Importen stoppede, før den var færdig.',
    importReady: 'Importen er klar til at blive startet.',
    joinSent: (address) => `Anmodningen til ${address} er sendt, men endnu ikke besvaret.`,
    joinSeen: (address) => `${address} har modtaget anmodningen og skal nu godkende den.`,
    joinAccepted: 'Anmodningen er godkendt.',
    importing: (done, total) => `Importen er i gang: ${format.number(done)} af ${format.number(total)}.`,
    listing: (done) => `Butikkens varer læses: ${format.number(done)} indtil nu.`,
    stoppedAll: 'Alt er stoppet: ingen butik får nye tal, før nogen lader alt fortsætte.',
    shopPaused: 'Butikken er på pause: der læses og ændres ikke noget i den, før pausen ophæves.',
    shopUnreachable: (since) =>
      since === null
        ? 'Noden kan ikke få kontakt til din butik.'
        : `Noden har ikke haft kontakt til din butik siden ${since}.`,
    memberAway: (name, since) =>
      since === null ? `${name} har endnu ikke været i kontakt.` : `${name} har været uden kontakt siden ${since}.`,
    membersAway: (names) => `${names} er uden kontakt.`,
    problems: (count) => `${format.count(count, 'problem', 'problemer')} venter på dig.`,
    oversold: (count) => `${format.count(count, 'vare', 'varer')} er oversolgt.`,
    waiting: (count) => `${format.count(count, 'ændring', 'ændringer')} på vej.`,
    facts: (shops, skus, lastChange) =>
      `${format.count(shops, 'butik', 'butikker')}, ${format.count(skus, 'vare', 'varer')}, ${
        lastChange === null ? 'ingen ændringer endnu' : `sidste ændring ${lastChange}`
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
      overview: 'Overblik',
      products: 'Varer',
      problems: 'Problemer',
      log: 'Log',
      shops: 'Butikker',
      settings: 'Indstillinger',
    },
    common: {
      loading: 'Henter …',
      cancel: 'Annullér',
      close: 'Luk',
      more: 'Vis flere',
      previous: 'Vis forrige',
      search: 'Søg',
      all: 'Alle',
      none: 'Ingen',
      language: 'Sprog',
      signOut: 'Log ud',
      viewer: 'Du har læseadgang: du kan se alt, men kun en administrator kan ændre noget.',
      skip: 'Gå til indholdet',
      tryAgain: 'Prøv igen',
      never: 'aldrig',
      noName: 'Uden navn',
      noSku: 'uden varenr.',
      unknownShop: 'Tidligere butik',
      storefront: 'Butikken',
      csv: 'Hent som CSV',
      csvPlain: 'CSV til programmer',
      goesOn:
        'Hvis noden stopper, sælger butikken videre. Det, den sælger imens, bliver talt med, når noden er tilbage.',
      rows: (first, last, total) => `${format.number(first)}–${format.number(last)} af ${format.number(total)}`,
    },
    entry: {
      setupTitle: 'Sæt noden op',
      setupIntro:
        'Noden er programmet, der holder din butiks lager i takt med de andres. Opsætningen tager et minut; bagefter vælger du, hvilke butikker der skal dele lager.',
      token: 'Opsætningskode',
      tokenHint: 'Står i det vindue, hvor noden blev startet.',
      shopName: 'Butikkens navn',
      shopNameHint: 'De andre butikker ser dette navn.',
      password: 'Vælg en adgangskode',
      passwordHint: 'Mindst 10 tegn.',
      passwordShow: 'Vis adgangskoden',
      setupDo: 'Sæt op',
      signInTitle: 'Log ind',
      signInPassword: 'Adgangskode',
      signInDo: 'Log ind',
    },
    sentence: sentences(format),
    overview: {
      nextStep: 'Næste skridt',
      stepShop: '1. Butikken',
      stepShopHint: 'Er det ikke din butik, så vælg platformen og indtast nøglen til den.',
      stepShopOpen: 'Vælg platform og nøgle',
      stepStart: '2. Er det den første butik, eller deler andre allerede lager?',
      firstTitle: 'Dette er den første butik',
      firstIntro:
        'Netværket begynder med denne butiks lagerantal. Intet ændres i butikken; dens varer bliver kun læst.',
      firstDo: 'Importér',
      otherTitle: 'Forbind med en anden butik',
      otherIntro:
        'Send en anmodning til en butik, der allerede deler lager. Så viser denne butik de samme tal som den.',
      inviteTitle: 'Forbind den næste butik',
      inviteIntro: (url) => `Åbn den anden butiks node, og send en anmodning til ${url}. Så dukker den op her.`,
      shops: 'Butikker',
      latestLogs: 'Seneste log',
      allLog: 'Hele loggen',
      noLog: 'Der er ikke sket noget endnu. Det første salg eller den første rettelse vises her med det samme.',
      problemsLink: (count) => (count === 1 ? 'Se på problemet' : 'Se på problemerne'),
      oversoldLink: 'Vis oversolgte varer',
    },
    join: {
      address: 'Den anden butiks adresse',
      addressHint: 'Et domæne eller en adresse, f.eks. butik.example eller 127.0.0.1:7401.',
      send: 'Send anmodning til butik',
      title: 'Anmodning',
      codeLabel: 'Kode',
      codeHint: 'Den anden butik ser den samme kode. Sammenlign dem, før den godkender.',
      withdraw: 'Fortryd anmodningen',
      again: 'Send en ny anmodning',
      states: { sent: 'Sendt', seen: 'Modtaget', accepted: 'Godkendt', refused: 'Afvist', expired: 'Udløbet' },
      advice: {
        sent: 'Den anden node har ikke svaret endnu. Det gør ikke noget; anmodningen sendes igen, til den svarer.',
        seen: 'Bed den anden butik åbne sin node og godkende anmodningen.',
        accepted: 'Den anden butik har godkendt. Importér nu, så denne butik får netværkets tal.',
        refused: 'Den anden butik sagde nej. Tal med den, og send så en ny anmodning.',
        expired: 'Ingen svarede inden for syv dage. Send en ny anmodning, når den anden butik er klar.',
      },
      expires: (at) => `Anmodningen er åben til ${at}.`,
    },
    import: {
      title: 'Import',
      do: 'Importér',
      readyIntro:
        'Varer med samme varenr. får netværkets lagerantal i denne butik. Varer, som netværket ikke kender, tager deres eget med. Navne og tekster bliver aldrig ændret.',
      again: 'Start importen igen',
      states: {
        idle: 'Ikke startet',
        listing: 'Læser butikkens varer',
        ready: 'Klar til start',
        running: 'I gang',
        paused: 'På pause',
        done: 'Færdig',
        failed: 'Stoppet',
      },
      progress: (done, total) => `${format.number(done)} af ${format.number(total)}`,
      rate: (perSecond) => `${format.number(Math.round(perSecond))} i sekundet`,
      left: (duration) => `cirka ${duration} tilbage`,
      failed: (count) => `${format.count(count, 'række', 'rækker')} kunne ikke importeres`,
      finished: (at) => `færdig ${at}`,
    },
    requests: {
      title: 'Anmodninger',
      none: 'Ingen åbne anmodninger.',
      code: 'Kode',
      accept: 'Godkend',
      refuse: 'Afvis',
      waitingCode: 'Koden er på vej',
      confirmTitle: (name) => `Viser ${name} den samme kode?`,
      confirmIntro:
        'Bed den anden butik læse sin kode højt. Godkend kun, hvis den er præcis denne; derefter deler butikkerne lager.',
      confirmDo: 'Koderne er ens: godkend',
      confirmNot: 'Ikke nu',
      refuseTitle: (name) => `Afvis ${name}?`,
      refuseIntro: 'Butikken får det at vide og kan sende en ny anmodning senere.',
    },
    shops: {
      members: 'Butikker i netværket',
      alone: 'Butikken er endnu ikke i et netværk.',
      self: 'Denne butik',
      online: 'Online',
      offline: 'Uden kontakt',
      offlineSince: (at) => `Uden kontakt siden ${at}`,
      neverSeen: 'Endnu ikke i kontakt',
      lastContact: (at) => `Sidste kontakt ${at}`,
      caughtUp: 'Har alle ændringer',
      behind: (count) => `Mangler ${format.count(count, 'ændring', 'ændringer')}`,
      neverHeard: 'Har endnu ikke meldt sig',
      ownShop: 'Selve butikken',
      shopStates: {
        connecting: 'Forbinder',
        connected: 'Forbundet',
        unreachable: 'Svarer ikke',
        paused: 'På pause',
        idle: 'Ikke i brug endnu',
      },
      promises: {
        exact: 'Nøjagtig: hver ændring tælles én gang, også hvis noget genstartes.',
        'best-effort': 'Så godt som muligt: et salg i samme øjeblik som en justering kan kræve, at du ser efter.',
      },
      openStorefront: 'Se butikken',
      release: (release) => `Stockmesh ${release}`,
      clockAhead: (duration) => `Uret går ${duration} foran`,
      clockBehind: (duration) => `Uret går ${duration} bagud`,
      importing: (done, total) => `Importerer: ${format.number(done)} af ${format.number(total)}`,
      theirShop: (state) => `Selve butikken: ${state}`,
      joinTitle: 'Forbind med en anden butik',
      joinLater: 'Butikken er allerede forbundet med andre. Afbryd den først, hvis den skal forbindes med en ny.',
      leaveTitle: 'Afbryd butikken',
      leaveIntro: 'Butikken holder op med at dele lager. De tal, den viser nu, bliver stående.',
      leaveDo: 'Afbryd …',
      leaveConfirmTitle: 'Skal butikken afbrydes fra netværket?',
      leaveStays: [
        'Butikken beholder de tal, den viser nu, og sælger videre.',
        'De andre butikker beholder deres tal og er stadig forbundet med hinanden.',
        'Salg her ændrer ikke længere deres lager, og deres salg ændrer ikke dit.',
        'Vil butikken med igen, sender den en ny anmodning.',
      ],
      leaveConfirmDo: 'Afbryd butikken',
    },
    live: {
      live: 'Live',
      polling: 'Opdateres hvert 5. sekund',
      reconnecting: 'Forbinder igen …',
      stale: (since) => `Tal fra ${since}; ingen kontakt til noden`,
    },
  }
}

/** What a person sets or says, in Norwegian (bokmål). */
import type { Format } from '../format.ts'
import type { FormText } from '../form-text.ts'

export function forms(format: Format): FormText {
  return {
    settings: {
      shop: 'Butikken',
      name: 'Navnet på butikken',
      nameHint: 'De andre butikkene ser dette navnet.',
      language: 'Språket til noden',
      languageHint: 'Språket sidene åpnes på, til noen velger et annet øverst på siden.',
      buffer: 'Buffer',
      bufferHint:
        'Så mange stk. holder butikken tilbake av hver vare, så den siste ikke selges to steder. 0 er ingen buffer.',
      holds: 'Store endringer på én gang',
      holdOwn: 'Spør før de andre butikkene får vite om en stor endring i denne butikken',
      holdMembers: 'Spør før denne butikken følger en stor endring i en annen butikk',
      holdFrom: 'Fra så mange varenumre',
      holdHint:
        'Færre enn dette er aldri en stor endring. Slå av spørsmålene hvis et program endrer lageret for mange varer hver dag. Salg telles alltid med.',
      alerts: 'Varsler når noe trenger deg',
      alertsIntro:
        'Noden varsler når en butikk er uten kontakt, når noe er oversolgt, og når noe venter på avgjørelsen din.',
      webhook: 'Adressen til webhooken',
      webhookHint: 'Får varselet som JSON. Tomt: ingen webhook.',
      webhookSecret: 'Nøkkel til signaturen på webhooken',
      emailTo: 'E-post til',
      emailFrom: 'E-post fra',
      smtp: 'SMTP-server',
      smtpHint: 'F.eks. smtps://bruker:passord@epost.butikk.example',
      minutes: 'Minutter uten kontakt før det varsles',
      minutesHint: 'Et kort avbrudd retter seg selv.',
      quiet: 'Stille timer',
      quietHint:
        'Det som skjer i de stille timene, varsles når de er over, både på e-post og webhook. La feltene stå tomme hvis du vil ha varsler døgnet rundt.',
      quietFrom: 'Fra kl.',
      quietTo: 'Til kl.',
      quietExempt: 'Varsle likevel med en gang',
      quietExemptions: {
        none: 'Ingenting',
        oversold: 'Når noe er oversolgt',
        fork: 'Når en butikk har to utgaver eller kjører to steder',
        'oversold-and-fork': 'Begge deler',
      },
      secretKept: 'Det er allerede lagret en verdi. La feltet stå tomt for å beholde den.',
      secretRemove: 'Slett den lagrede verdien',
      save: 'Lagre',
      saved: 'Innstillingene er lagret.',
      alertTest: 'Prøv varslene',
      alertTestIntro: 'Sender et testvarsel dit varslene sendes, etter de lagrede innstillingene.',
      alertTestDo: 'Send et testvarsel',
      delivered: (target) =>
        target === 'webhook' ? 'Webhooken har mottatt varselet.' : 'E-postserveren har mottatt varselet.',
      undelivered: (target, why) =>
        `${target === 'webhook' ? 'Webhooken' : 'E-postserveren'} tok ikke imot varselet. ${why}`,
      backup: 'Sikkerhetskopi',
      backupIntro:
        'En kopi av noden slik den er nå, til kommandoen stockmesh restore. Den inneholder den private nøkkelen til butikken: Pass like godt på den som på et passord.',
      backupDo: 'Last ned en sikkerhetskopi',
    },
    connection: {
      title: 'Tilkoblingen til butikken',
      present: (platform, location) =>
        location === null
          ? `Noden er koblet til: ${platform}.`
          : `Noden er koblet til: ${platform}, lageret ${location}.`,
      exact: 'Tilkoblingen er nøyaktig: Hver endring leses for seg, og ingen går tapt eller telles to ganger.',
      bestEffort:
        'Butikken fører ingen liste over endringer, så de finnes ved å sammenligne. Et salg i samme øyeblikk som en justering kan bli oppdaget litt senere.',
      alsoWritten: (writers) => `Endrer også lagertall i butikken: ${writers}.`,
      fixed: 'Tilkoblingen ble valgt da noden ble startet, og endres der.',
      fromEnvironment: 'kommer fra miljøvariablene til noden og endres der.',
      platform: 'Plattform',
      test: 'Prøv tilkoblingen',
      answers: (release) => `Butikken svarer: ${release}.`,
      sample: (name, sku, stock) =>
        `En vare derfra: ${name}, ${sku === null ? 'uten varenr.' : `varenr. ${sku}`}, ${stock === null ? 'uten lagerstyring' : `${format.number(stock)} på lager`}.`,
      noSample: 'Det er ingen varer i butikken ennå.',
      mayWrite: 'Nøkkelen kan endre lagertall.',
      mayNotWrite: 'Nøkkelen har ikke lov til å endre lagertall. Gi den tilgang i butikken og prøv igjen.',
      mayWriteUnknown: 'Om nøkkelen kan endre lagertall, viser seg ved den første endringen.',
      location: 'Lagersted',
      locationHint: 'Butikken har flere lagersteder. Det du velger, deles med de andre butikkene.',
      locationChoose: 'Velg et lagersted',
      locationAll: 'Hele lageret til butikken',
      writersAsk: 'Hva annet endrer lagertall i butikken?',
      writersHint: 'Et annet program som setter faste tall, kan skrive over et salg. La bare ett sted styre lageret.',
      writers: {
        erp: 'Et økonomisystem (ERP)',
        'supplier-feed': 'En varefil fra en leverandør',
        'sync-app': 'Et eldre synkroniseringsprogram',
        other: 'Noe annet',
      },
      save: 'Bruk denne butikken',
      saved: 'Tilkoblingen er lagret, og noden bruker den nå.',
      health: 'Varekatalogen',
      healthIntro: 'Leser alle varene og finner dem som ikke kan synkroniseres, før de skaper problemer.',
      healthDo: 'Gå gjennom katalogen',
      healthRead: (products) => `${format.count(products, 'vare eller variant', 'varer og varianter')} er lest.`,
      healthGood: 'Alt kan synkroniseres.',
      faults: {
        'no-sku': 'Uten varenr.',
        duplicate: 'Med dobbelt varenr.',
        untracked: 'Uten lagerstyring',
        fraction: 'Med desimaler i beholdningen',
        bundle: 'Pakker og sett',
        negative: 'Under null',
        other: 'Kan ikke synkroniseres av andre grunner',
      },
    },
    stockChange: {
      title: 'Rett beholdningen',
      count: 'Varetelling',
      countIntro: 'Det som ligger på hyllen, blir lagerbeholdningen i alle butikker.',
      counted: 'Talt på hyllen',
      unsent: 'Av disse solgt, men ikke sendt',
      unsentHint: 'De ligger på hyllen, men kan ikke selges igjen.',
      countDo: 'Lagre tellingen',
      received: 'Varemottak',
      receivedIntro: 'Det mottatte legges til lagerbeholdningen i alle butikker.',
      quantity: 'Mottatt antall',
      note: 'Notat',
      noteHint: 'F.eks. nummeret på pakkseddelen. Det vises i loggen.',
      receivedDo: 'Legg på lager',
      done: (from, to) =>
        from === null || to === null
          ? 'Lagret.'
          : `Lagret: Beholdningen er endret fra ${format.number(from)} til ${format.number(to)}.`,
      unheard: (names) => `Ingen kontakt med ${names}. Det som selges der imens, trekkes fra når kontakten er tilbake.`,
    },
    pause: {
      title: 'Sett butikken på pause',
      intro:
        'Mens butikken er på pause, leser og endrer noden ingenting i den, for eksempel under en oppdatering. Butikken blir værende i nettverket og kan selge videre.',
      do: 'Sett på pause',
      since: (at) => `Butikken har vært på pause siden ${at}.`,
      exact: 'Når pausen avsluttes, telles det som har skjedd i butikken imens, med én endring om gangen.',
      inexact: 'Velg hva som skal skje med det som er endret i butikken imens.',
      look: 'Se hva som er endret',
      largest: (shown, all) => `De ${format.number(shown)} største av ${format.number(all)} vises.`,
      differ: (skus, units) =>
        skus === 0
          ? 'Ingenting er endret i butikken imens.'
          : `${format.count(skus, 'varenummer', 'varenumre')} er endret, til sammen ${format.number(units)} stk.`,
      resume: 'Avslutt pausen',
      useNetwork: 'Avslutt pausen med tallene fra nettverket',
      countIn: 'Avslutt pausen og tell med endringene',
      link: 'Se på pausen',
    },
    evict: {
      open: 'Fjern …',
      title: (name) => `Skal ${name} fjernes fra nettverket?`,
      stays: [
        'Butikken deler ikke lenger lager med de andre. Det kan ikke angres.',
        'Den beholder tallene den viser nå, og kan selge videre på egen hånd.',
        'Alt den har solgt som de andre kjenner til, er fortsatt talt med.',
        'Det den har solgt uten at de andre har hørt om det, blir ikke talt med.',
        'Vil den være med igjen, sender den en ny forespørsel som en ny butikk.',
      ],
      do: 'Fjern butikken',
    },
  }
}

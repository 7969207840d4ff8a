/** What a person sets or says, in Danish. */
import type { Format } from '../format.ts'
import type { FormText } from '../form-text.ts'

export function forms(format: Format): FormText {
  return {
    settings: {
      shop: 'Butikken',
      name: 'Butikkens navn',
      nameHint: 'De andre butikker ser dette navn.',
      language: 'Nodens sprog',
      languageHint: 'Det sprog, siderne åbner på, til nogen vælger et andet øverst på siden.',
      buffer: 'Buffer',
      bufferHint:
        'Så mange stk. holder butikken tilbage af hver vare, så den sidste ikke bliver solgt to steder. Skriv 0, hvis du ikke vil have en buffer.',
      holds: 'Store ændringer på én gang',
      holdOwn: 'Spørg, før de andre butikker får en stor ændring i denne butik at vide',
      holdMembers: 'Spørg, før denne butik følger en stor ændring i en anden butik',
      holdFrom: 'Fra så mange varenumre',
      holdHint:
        'Færre ændringer end det er aldrig en stor ændring. Slå spørgsmålene fra, hvis et program retter lageret i mange varer hver dag. Salg tælles altid med.',
      alerts: 'Besked, når der er brug for dig',
      alertsIntro:
        'Noden giver besked, når en butik er uden kontakt, når noget er oversolgt, og når noget venter på din afgørelse.',
      webhook: 'Webhook-adresse',
      webhookHint: 'Modtager beskeden som JSON. Lad feltet stå tomt, hvis du ikke bruger en webhook.',
      webhookSecret: 'Nøgle til signering af webhooken',
      emailTo: 'E-mail til',
      emailFrom: 'E-mail fra',
      smtp: 'SMTP-server',
      smtpHint: 'F.eks. smtps://bruger:kode@mail.butik.example',
      minutes: 'Giv besked efter så mange minutter uden kontakt',
      minutesHint: 'En kort afbrydelse går over af sig selv.',
      quiet: 'Stilletid',
      quietHint:
        'Besked om det, der sker i stilletiden, sendes, når den er slut, både på e-mail og webhook. Lad felterne stå tomme, hvis du vil have besked døgnet rundt.',
      quietFrom: 'Fra kl.',
      quietTo: 'Til kl.',
      quietExempt: 'Giv alligevel besked med det samme',
      quietExemptions: {
        none: 'Intet',
        oversold: 'Når noget er oversolgt',
        fork: 'Når en butik har to udgaver eller kører to gange',
        'oversold-and-fork': 'Begge dele',
      },
      secretKept: 'Der er allerede gemt en. Lad feltet stå tomt for at beholde den.',
      secretRemove: 'Slet den gemte',
      save: 'Gem',
      saved: 'Indstillingerne er gemt.',
      alertTest: 'Prøv beskederne',
      alertTestIntro: 'Sender en prøvebesked derhen, hvor beskederne sendes, efter de gemte indstillinger.',
      alertTestDo: 'Send en prøvebesked',
      delivered: (target) =>
        target === 'webhook' ? 'Webhooken har modtaget beskeden.' : 'Mailserveren har modtaget beskeden.',
      undelivered: (target, why) =>
        `${target === 'webhook' ? 'Webhooken' : 'Mailserveren'} tog ikke imod beskeden. ${why}`,
      backup: 'Sikkerhedskopi',
      backupIntro:
        'En kopi af noden, som den er nu, til kommandoen stockmesh restore. Den indeholder butikkens private nøgle: Pas lige så godt på den som på en adgangskode.',
      backupDo: 'Hent en sikkerhedskopi',
    },
    connection: {
      title: 'Forbindelsen til butikken',
      present: (platform, location) =>
        location === null
          ? `Noden er forbundet med: ${platform}.`
          : `Noden er forbundet med: ${platform}, lageret ${location}.`,
      exact: 'Forbindelsen er nøjagtig: ændringerne læses én for én, og ingen går tabt eller tælles to gange.',
      bestEffort:
        'Butikken fører ingen liste over ændringer, så de findes ved at sammenligne. Et salg i samme øjeblik som en rettelse bliver måske først set lidt senere.',
      alsoWritten: (writers) => `Retter også lagertal i butikken: ${writers}.`,
      fixed: 'Forbindelsen er valgt, da noden blev startet, og ændres der.',
      fromEnvironment: 'kommer fra nodens miljø og ændres der.',
      platform: 'Platform',
      test: 'Prøv forbindelsen',
      answers: (release) => `Butikken svarer: ${release}.`,
      sample: (name, sku, stock) =>
        `En vare derfra: ${name}, ${sku === null ? 'uden varenr.' : `varenr. ${sku}`}, ${stock === null ? 'uden lagerstyring' : `${format.number(stock)} på lager`}.`,
      noSample: 'Der er ingen varer i butikken endnu.',
      mayWrite: 'Nøglen må ændre lagertal.',
      mayNotWrite: 'Nøglen må ikke ændre lagertal. Giv den lov til det i butikken, og prøv igen.',
      mayWriteUnknown: 'Om nøglen må ændre lagertal, viser sig ved den første ændring.',
      location: 'Lagersted',
      locationHint: 'Butikken har flere lagersteder. Det valgte deles med de andre butikker.',
      locationChoose: 'Vælg et lagersted',
      locationAll: 'Hele butikkens lager',
      writersAsk: 'Hvad retter ellers lagertal i butikken?',
      writersHint: 'Sætter et andet program faste tal, kan det skrive hen over et salg. Lad kun ét sted styre lageret.',
      writers: {
        erp: 'Et økonomisystem (ERP)',
        'supplier-feed': 'En leverandørs varefil',
        'sync-app': 'Et ældre synkroniseringsprogram',
        other: 'Noget andet',
      },
      save: 'Brug denne butik',
      saved: 'Forbindelsen er gemt, og noden bruger den nu.',
      health: 'Varekataloget',
      healthIntro: 'Læser alle varer og finder dem, der ikke kan synkroniseres, før de giver problemer.',
      healthDo: 'Gennemgå kataloget',
      healthRead: (products) => `${format.count(products, 'vare eller variant', 'varer og varianter')} er læst.`,
      healthGood: 'Alt kan synkroniseres.',
      faults: {
        'no-sku': 'Uden varenr.',
        duplicate: 'Med dobbelt varenr.',
        untracked: 'Uden lagerstyring',
        fraction: 'Med brøkdele på lager',
        bundle: 'Pakker og sæt',
        negative: 'Under nul',
        other: 'Kan ikke synkroniseres af andre grunde',
      },
    },
    stockChange: {
      title: 'Ret lageret',
      count: 'Optælling',
      countIntro: 'Det, der ligger på hylden, bliver lagerantallet i alle butikker.',
      counted: 'Talt på hylden',
      unsent: 'Heraf solgt og ikke sendt',
      unsentHint: 'De ligger på hylden, men kan ikke sælges igen.',
      countDo: 'Gem optælling',
      received: 'Varemodtagelse',
      receivedIntro: 'Det modtagne lægges til lagerantallet i alle butikker.',
      quantity: 'Modtaget antal',
      note: 'Note',
      noteHint: 'F.eks. følgeseddelens nummer; den står i loggen.',
      receivedDo: 'Læg på lager',
      done: (from, to) =>
        from === null || to === null
          ? 'Gemt.'
          : `Gemt: lagerantallet er ændret fra ${format.number(from)} til ${format.number(to)}.`,
      unheard: (names) =>
        `${names} er uden kontakt. Det, der er solgt der imens, trækkes fra, når kontakten er tilbage.`,
    },
    pause: {
      title: 'Sæt butikken på pause',
      intro:
        'Mens butikken er på pause, læser og ændrer noden intet i den, f.eks. under en opdatering. Butikken bliver i netværket og kan sælge videre.',
      do: 'Sæt på pause',
      since: (at) => `Butikken har været på pause siden ${at}.`,
      exact: 'Når pausen ophæves, tælles det, der er sket i butikken imens, med ét for ét.',
      inexact: 'Vælg, hvad der skal ske med det, der er ændret i butikken imens.',
      look: 'Se, hvad der er ændret',
      largest: (shown, all) => `De ${format.number(shown)} største af ${format.number(all)} vises.`,
      differ: (skus, units) =>
        skus === 0
          ? 'Intet er ændret i butikken imens.'
          : `${format.count(skus, 'varenr. er', 'varenumre er')} ændret, tilsammen ${format.number(units)} stk.`,
      resume: 'Ophæv pausen',
      useNetwork: 'Ophæv pausen, og brug netværkets tal',
      countIn: 'Ophæv pausen, og tæl ændringerne med',
      link: 'Se på pausen',
    },
    evict: {
      open: 'Fjern …',
      title: (name) => `Skal ${name} fjernes fra netværket?`,
      stays: [
        'Butikken deler ikke længere lager med de andre. Det kan ikke fortrydes.',
        'Den beholder de tal, den viser nu, og kan sælge videre for sig selv.',
        'Alt, hvad den har solgt, og som de andre kender, er stadig talt med.',
        'Det, den har solgt, uden at de andre har hørt om det, bliver ikke talt med.',
        'Vil den med igen, sender den en ny anmodning som en ny butik.',
      ],
      do: 'Fjern butikken',
    },
  }
}

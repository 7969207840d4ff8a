/** What a person sets or says, in Swedish. */
import type { Format } from '../format.ts'
import type { FormText } from '../form-text.ts'

export function forms(format: Format): FormText {
  return {
    settings: {
      shop: 'Butiken',
      name: 'Butikens namn',
      nameHint: 'Det här namnet ser de andra butikerna.',
      language: 'Nodens språk',
      languageHint: 'Språket som sidorna öppnas på tills någon väljer ett annat högst upp på sidan.',
      buffer: 'Buffert',
      bufferHint:
        'Så många håller butiken inne av varje artikel, så att den sista inte säljs på två ställen. 0 är ingen buffert.',
      holds: 'Stora ändringar på en gång',
      holdOwn: 'Fråga innan de andra butikerna får veta om en stor ändring i den här butiken',
      holdMembers: 'Fråga innan den här butiken följer en stor ändring i en annan butik',
      holdFrom: 'Från så många artikelnummer',
      holdHint:
        'Färre än så är aldrig en stor ändring. Stäng av frågorna om ett program ändrar lagret för många artiklar varje dag. Försäljning räknas alltid.',
      alerts: 'Meddelanden när något behöver dig',
      alertsIntro:
        'Noden meddelar när en butik inte går att nå, när något är översålt och när något väntar på ditt beslut.',
      webhook: 'Webhookens adress',
      webhookHint: 'Får meddelandet som JSON. Tomt: ingen webhook.',
      webhookSecret: 'Nyckel för webhookens signatur',
      emailTo: 'E-post till',
      emailFrom: 'E-post från',
      smtp: 'SMTP-server',
      smtpHint: 'T.ex. smtps://anvandare:losenord@mail.butik.example',
      minutes: 'Minuter utan kontakt innan du får ett meddelande',
      minutesHint: 'Ett kort avbrott löser sig självt.',
      quiet: 'Tysta timmar',
      quietHint:
        'Det som händer under de tysta timmarna meddelas när de är slut, både med e-post och webhook. Lämna fälten tomma om du vill ha meddelanden dygnet runt.',
      quietFrom: 'Från kl.',
      quietTo: 'Till kl.',
      quietExempt: 'Meddela ändå direkt',
      quietExemptions: {
        none: 'Inget',
        oversold: 'När något är översålt',
        fork: 'När en butik har två versioner eller körs på två ställen',
        'oversold-and-fork': 'Båda',
      },
      secretKept: 'Det finns redan ett sparat värde. Lämna fältet tomt för att behålla det.',
      secretRemove: 'Radera det sparade värdet',
      save: 'Spara',
      saved: 'Inställningarna är sparade.',
      alertTest: 'Testa meddelandena',
      alertTestIntro: 'Skickar ett testmeddelande dit meddelandena skickas, enligt de sparade inställningarna.',
      alertTestDo: 'Skicka ett testmeddelande',
      delivered: (target) =>
        target === 'webhook' ? 'Webhooken har tagit emot meddelandet.' : 'Mejlservern har tagit emot meddelandet.',
      undelivered: (target, why) =>
        `${target === 'webhook' ? 'Webhooken' : 'Mejlservern'} tog inte emot meddelandet. ${why}`,
      backup: 'Säkerhetskopia',
      backupIntro:
        'En kopia av noden som den är nu, för kommandot stockmesh restore. Den innehåller butikens privata nyckel: var lika rädd om den som om ett lösenord.',
      backupDo: 'Ladda ner en säkerhetskopia',
    },
    connection: {
      title: 'Anslutningen till butiken',
      present: (platform, location) =>
        location === null
          ? `Noden är ansluten till: ${platform}.`
          : `Noden är ansluten till: ${platform}, lagret ${location}.`,
      exact: 'Anslutningen är exakt: varje ändring läses en för en, och ingen tappas bort eller räknas två gånger.',
      bestEffort:
        'Butiken för ingen lista över ändringar, så de hittas genom att jämföra. En försäljning i samma ögonblick som en justering kan upptäckas lite senare.',
      alsoWritten: (writers) => `Ändrar också lagersaldon i butiken: ${writers}.`,
      fixed: 'Anslutningen valdes när noden startades och ändras där.',
      fromEnvironment: 'kommer från nodens miljövariabler och ändras där.',
      platform: 'Plattform',
      test: 'Testa anslutningen',
      answers: (release) => `Butiken svarar: ${release}.`,
      sample: (name, sku, stock) =>
        `En artikel därifrån: ${name}, ${sku === null ? 'utan artikelnr' : `artikelnr ${sku}`}, ${stock === null ? 'utan lagerhållning' : `${format.number(stock)} i lager`}.`,
      noSample: 'Det finns inga artiklar i butiken än.',
      mayWrite: 'Nyckeln får ändra lagersaldon.',
      mayNotWrite: 'Nyckeln får inte ändra lagersaldon. Ge den rätt att göra det i butiken och försök igen.',
      mayWriteUnknown: 'Om nyckeln får ändra lagersaldon visar sig vid den första ändringen.',
      location: 'Lagerställe',
      locationHint: 'Butiken har flera lagerställen. Det du väljer delas med de andra butikerna.',
      locationChoose: 'Välj ett lagerställe',
      locationAll: 'Hela butikens lager',
      writersAsk: 'Vad mer ändrar lagersaldon i butiken?',
      writersHint:
        'Ett annat program som sätter fasta saldon kan skriva över en försäljning. Låt bara ett ställe styra lagret.',
      writers: {
        erp: 'Ett affärssystem (ERP)',
        'supplier-feed': 'En artikelfil från en leverantör',
        'sync-app': 'Ett äldre synkroniseringsprogram',
        other: 'Något annat',
      },
      save: 'Använd den här butiken',
      saved: 'Anslutningen är sparad, och noden använder den nu.',
      health: 'Artikelregistret',
      healthIntro: 'Läser alla artiklar och hittar dem som inte kan synkroniseras, innan de ställer till problem.',
      healthDo: 'Gå igenom artiklarna',
      healthRead: (products) => `${format.count(products, 'artikel eller variant', 'artiklar och varianter')} lästa.`,
      healthGood: 'Allt kan synkroniseras.',
      faults: {
        'no-sku': 'Utan artikelnr',
        duplicate: 'Med dubbelt artikelnr',
        untracked: 'Utan lagerhållning',
        fraction: 'Med decimaler i saldot',
        bundle: 'Paket och set',
        negative: 'Under noll',
        other: 'Kan inte synkroniseras av andra skäl',
      },
    },
    stockChange: {
      title: 'Ändra saldot',
      count: 'Inventering',
      countIntro: 'Det som ligger på hyllan blir lagersaldot i alla butiker.',
      counted: 'Räknat på hyllan',
      unsent: 'Varav sålt men inte skickat',
      unsentHint: 'De ligger på hyllan men kan inte säljas igen.',
      countDo: 'Spara inventeringen',
      received: 'Inleverans',
      receivedIntro: 'Det som kommit in läggs till lagersaldot i alla butiker.',
      quantity: 'Antal som kommit in',
      note: 'Anteckning',
      noteHint: 'T.ex. följesedelns nummer. Den syns i loggen.',
      receivedDo: 'Lägg in i lagret',
      done: (from, to) =>
        from === null || to === null
          ? 'Sparat.'
          : `Sparat: lagersaldot har ändrats från ${format.number(from)} till ${format.number(to)}.`,
      unheard: (names) => `${names} går inte att nå. Det som säljs där under tiden dras av när kontakten är tillbaka.`,
    },
    pause: {
      title: 'Pausa butiken',
      intro:
        'Medan butiken är pausad läser och ändrar noden inget i den, till exempel under en uppdatering. Butiken är kvar i nätverket och kan sälja vidare.',
      do: 'Pausa',
      since: (at) => `Butiken har varit pausad sedan ${at}.`,
      exact: 'När pausen avslutas räknas det som har hänt i butiken under tiden in, en ändring i taget.',
      inexact: 'Välj vad som ska hända med det som har ändrats i butiken under tiden.',
      look: 'Visa vad som har ändrats',
      largest: (shown, all) => `De ${format.number(shown)} största av ${format.number(all)} visas.`,
      differ: (skus, units) =>
        skus === 0
          ? 'Inget har ändrats i butiken under tiden.'
          : `${format.count(skus, 'artikelnummer', 'artikelnummer')} har ändrats, sammanlagt ${format.number(units)} st.`,
      resume: 'Avsluta pausen',
      useNetwork: 'Avsluta pausen med nätverkets saldon',
      countIn: 'Avsluta pausen och räkna in ändringarna',
      link: 'Visa pausen',
    },
    evict: {
      open: 'Ta bort …',
      title: (name) => `Ska ${name} tas bort ur nätverket?`,
      stays: [
        'Butiken delar inte längre lager med de andra. Det går inte att ångra.',
        'Den behåller saldona som den visar nu och kan sälja vidare för sig själv.',
        'Allt den har sålt som de andra känner till är fortfarande inräknat.',
        'Det den har sålt utan att de andra har fått veta det räknas inte in.',
        'Vill den vara med igen skickar den en ny förfrågan som en ny butik.',
      ],
      do: 'Ta bort butiken',
    },
  }
}

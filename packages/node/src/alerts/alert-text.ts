/** What alerts say, in each language of the pages. A sentence that is missing in one of them does not compile. */
import type { Language } from '@stockmesh/protocol'
import type { AlertKind } from './alert.ts'

/** What a subject is about. */
interface AlertSubject {
  /** The shop concerned, or how many. */
  readonly who: string
  /** The shop that tells. */
  readonly shop: string
  readonly count: number
}

interface AlertText {
  readonly subjects: Readonly<Record<AlertKind, (about: AlertSubject) => string>>
  readonly explanations: Readonly<Record<AlertKind, string>>
  shops(count: number): string
  /** After the things that are named. */
  more(count: number): string
}

const danish: AlertText = {
  subjects: {
    'shop-unreachable': ({ who }) => `${who} kan ikke nås`,
    'shop-reachable': ({ who }) => `${who} kan nås igen`,
    oversold: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'varenr. er' : 'varenumre er'} oversolgt`,
    held: ({ shop, count }) =>
      `${shop}: ${count} ${count === 1 ? 'varenr. venter' : 'varenumre venter'} på din afgørelse`,
    fork: ({ who }) => `${who}: to forskellige tal for det samme`,
    clone: ({ who }) => `${who} ser ud til at køre to gange`,
    'bad-peer': ({ who }) => `${who} sender ændringer, der ikke kan passe`,
    'key-rejected': ({ who }) => `${who} afviste nodens nøgle`,
    'stopped-all': ({ who }) => `${who} har stoppet alt`,
    test: ({ shop }) => `${shop}: en prøve fra Stockmesh`,
  },
  explanations: {
    'shop-unreachable':
      'Noden får ikke svar. Alle butikker sælger videre, og alt bliver talt med, når der er forbindelse igen.',
    'shop-reachable': 'Der er forbindelse igen, og det, der er sket imens, bliver talt med nu.',
    oversold:
      'Der er solgt mere, end der var, fordi butikker solgte de sidste samtidig. Kontakt køberne, eller fyld lageret op.',
    held: 'Butikken viser tal, som ingen ordre forklarer. Intet er sendt videre til de andre butikker, og salg tælles stadig med.',
    fork: 'To noder har forskellige tal, hvor de skulle være ens. Se under Problemer, hvad du skal gøre.',
    clone: 'Sørg for, at butikkens node kun kører ét sted. Se under Problemer, hvad du skal gøre.',
    'bad-peer':
      'Intet af det er talt med. Opdater dens node. Fortsætter det, så fjern butikken fra netværket. Se under Problemer.',
    'key-rejected':
      'Butikken accepterer ikke nodens nøgle længere, så noden kan hverken læse eller rette lageret. Giv noden en ny nøgle under Indstillinger; det, der er solgt imens, tælles med bagefter.',
    'stopped-all':
      'Der skrives ikke til nogen butik, før nogen lader alt fortsætte under Overblik. Salg læses og tælles stadig med.',
    test: 'Sådan kommer besked, når en butik ikke kan nås, når noget er oversolgt, og når noget venter på dig.',
  },
  shops: (count) => `${count} butikker`,
  more: (count) => `... og ${count} mere`,
}

const swedish: AlertText = {
  subjects: {
    'shop-unreachable': ({ who }) => `${who} går inte att nå`,
    'shop-reachable': ({ who }) => `${who} går att nå igen`,
    oversold: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'artikel är översåld' : 'artiklar är översålda'}`,
    held: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'artikel väntar' : 'artiklar väntar'} på ditt beslut`,
    fork: ({ who }) => `${who}: två olika saldon för samma sak`,
    clone: ({ who }) => `${who} verkar köras på två ställen`,
    'bad-peer': ({ who }) => `${who} skickar ändringar som inte kan stämma`,
    'key-rejected': ({ who }) => `${who} godtog inte nodens nyckel`,
    'stopped-all': ({ who }) => `${who} har stoppat allt`,
    test: ({ shop }) => `${shop}: ett testmeddelande från Stockmesh`,
  },
  explanations: {
    'shop-unreachable':
      'Noden får inget svar. Alla butiker säljer vidare, och allt räknas in när kontakten är tillbaka.',
    'shop-reachable': 'Kontakten är tillbaka, och det som har hänt under tiden räknas in nu.',
    oversold:
      'Mer har sålts än vad som fanns, eftersom butiker sålde de sista samtidigt. Kontakta köparna eller fyll på lagret.',
    held: 'Butiken visar saldon som ingen order förklarar. Inget har skickats vidare till de andra butikerna, och försäljning räknas fortfarande.',
    fork: 'Två noder har olika saldon där de ska vara lika. Under Problem står vad du ska göra.',
    clone: 'Se till att butikens nod bara körs på ett ställe. Under Problem står vad du ska göra.',
    'bad-peer':
      'Inget av det räknades. Uppdatera dess nod. Fortsätter det, ta bort butiken från nätverket. Under Problem står mer.',
    'key-rejected':
      'Butiken godtar inte längre nodens nyckel, så noden kan varken läsa eller ändra lagret. Ge noden en ny nyckel under Inställningar, så räknas det som har sålts under tiden in efteråt.',
    'stopped-all':
      'Ingen butik får nya saldon förrän någon låter allt fortsätta under Översikt. Försäljning läses och räknas ändå.',
    test: 'Så här får du veta när en butik inte går att nå, när något är översålt och när något väntar på dig.',
  },
  shops: (count) => `${count} butiker`,
  more: (count) => `... och ${count} till`,
}

const norwegian: AlertText = {
  subjects: {
    'shop-unreachable': ({ who }) => `Får ikke kontakt med ${who}`,
    'shop-reachable': ({ who }) => `Har kontakt med ${who} igjen`,
    oversold: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'vare' : 'varer'} er oversolgt`,
    held: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'vare' : 'varer'} venter på avgjørelsen din`,
    fork: ({ who }) => `${who}: to ulike tall for det samme`,
    clone: ({ who }) => `${who} ser ut til å kjøre to steder`,
    'bad-peer': ({ who }) => `${who} sender endringer som ikke kan stemme`,
    'key-rejected': ({ who }) => `${who} godtok ikke nøkkelen til noden`,
    'stopped-all': ({ who }) => `${who} har stoppet alt`,
    test: ({ shop }) => `${shop}: et testvarsel fra Stockmesh`,
  },
  explanations: {
    'shop-unreachable': 'Noden får ikke svar. Alle butikker selger videre, og alt telles med når det er kontakt igjen.',
    'shop-reachable': 'Det er kontakt igjen, og det som har skjedd imens, telles med nå.',
    oversold:
      'Det er solgt mer enn det fantes, fordi butikker solgte de siste samtidig. Kontakt kjøperne, eller fyll på lageret.',
    held: 'Butikken viser tall som ingen ordre forklarer. Ingenting er sendt videre til de andre butikkene, og salg telles fortsatt med.',
    fork: 'To noder har ulike tall der de skulle vært like. Under Problemer står det hva du skal gjøre.',
    clone: 'Sørg for at noden til butikken bare kjører ett sted. Under Problemer står det hva du skal gjøre.',
    'bad-peer':
      'Ingenting av det er talt med. Oppdater noden dens. Fortsetter det, fjern butikken fra nettverket. Se under Problemer.',
    'key-rejected':
      'Butikken godtar ikke lenger nøkkelen til noden, så noden kan verken lese eller endre lageret. Gi noden en ny nøkkel under Innstillinger. Det som er solgt imens, telles med etterpå.',
    'stopped-all':
      'Ingen butikk får nye tall før noen lar alt fortsette under Oversikt. Salg leses og telles fortsatt med.',
    test: 'Slik får du beskjed når en butikk er uten kontakt, når noe er oversolgt, og når noe venter på deg.',
  },
  shops: (count) => `${count} butikker`,
  more: (count) => `... og ${count} til`,
}

const english: AlertText = {
  subjects: {
    'shop-unreachable': ({ who }) => `${who} cannot be reached`,
    'shop-reachable': ({ who }) => `${who} can be reached again`,
    oversold: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'SKU is' : 'SKUs are'} oversold`,
    held: ({ shop, count }) => `${shop}: ${count} ${count === 1 ? 'SKU waits' : 'SKUs wait'} for your decision`,
    fork: ({ who }) => `${who}: two numbers for the same thing`,
    clone: ({ who }) => `${who} seems to run twice`,
    'bad-peer': ({ who }) => `${who} sends changes that cannot be right`,
    'key-rejected': ({ who }) => `${who} refused the node’s key`,
    'stopped-all': ({ who }) => `${who} stopped everything`,
    test: ({ shop }) => `${shop}: a test from Stockmesh`,
  },
  explanations: {
    'shop-unreachable':
      'The node gets no answer. Every shop goes on selling, and all is counted when there is contact.',
    'shop-reachable': 'There is contact again, and what happened meanwhile is counted now.',
    oversold:
      'More was sold than there was, because shops sold the last ones at the same time. Contact the buyers, or restock.',
    held: 'The shop shows numbers that no order explains. Nothing was passed on to the other shops, and sales are still counted.',
    fork: 'Two nodes hold different numbers where they must be equal. Problems says what to do.',
    clone: 'Make sure that the node of this shop runs in one place only. Problems says what to do.',
    'bad-peer':
      'Nothing of it was taken. Update its node. If it goes on, remove the shop from the network. See Problems.',
    'key-rejected':
      'The shop no longer accepts the node’s key, so the node can neither read nor change its stock. Give the node a new one under Settings; what was sold meanwhile is counted then.',
    'stopped-all':
      'No shop is written to until somebody lets everything go on, on the overview. Sales are still read and counted.',
    test: 'This is how you hear when a shop cannot be reached, when something is oversold, and when something waits for you.',
  },
  shops: (count) => `${count} shops`,
  more: (count) => `... and ${count} more`,
}

const german: AlertText = {
  subjects: {
    'shop-unreachable': ({ who, count }) => `${who} ${count === 1 ? 'ist' : 'sind'} nicht erreichbar`,
    'shop-reachable': ({ who, count }) => `${who} ${count === 1 ? 'ist' : 'sind'} wieder erreichbar`,
    oversold: ({ shop, count }) => `${shop}: ${count} Artikel ${count === 1 ? 'ist' : 'sind'} überverkauft`,
    held: ({ shop, count }) => `${shop}: ${count} Artikel ${count === 1 ? 'wartet' : 'warten'} auf Ihre Entscheidung`,
    fork: ({ who }) => `${who}: zwei verschiedene Bestände für dasselbe`,
    clone: ({ who, count }) => `${who} ${count === 1 ? 'scheint' : 'scheinen'} zweimal zu laufen`,
    'bad-peer': ({ who, count }) => `${who} ${count === 1 ? 'sendet' : 'senden'} Änderungen, die nicht stimmen können`,
    'key-rejected': ({ who }) => `${who} hat den Schlüssel des Knotens abgelehnt`,
    'stopped-all': ({ who }) => `${who} hat alles angehalten`,
    test: ({ shop }) => `${shop}: eine Testnachricht von Stockmesh`,
  },
  explanations: {
    'shop-unreachable':
      'Der Knoten erhält keine Antwort. Alle Shops verkaufen weiter, und alles wird gezählt, sobald wieder Kontakt besteht.',
    'shop-reachable': 'Es besteht wieder Kontakt, und was inzwischen passiert ist, wird jetzt gezählt.',
    oversold:
      'Es wurde mehr verkauft, als da war, weil Shops die letzten Stücke gleichzeitig verkauft haben. Sprechen Sie mit den Käufern oder füllen Sie das Lager auf.',
    held: 'Der Shop zeigt Bestände, die keine Bestellung erklärt. An die anderen Shops wurde nichts weitergegeben, und Verkäufe werden weiter gezählt.',
    fork: 'Zwei Knoten haben verschiedene Bestände, wo sie gleich sein müssten. Unter „Probleme“ steht, was zu tun ist.',
    clone:
      'Sorgen Sie dafür, dass der Knoten des Shops nur an einem Ort läuft. Unter „Probleme“ steht, was zu tun ist.',
    'bad-peer':
      'Davon wurde nichts übernommen. Aktualisieren Sie seinen Knoten. Geht es weiter, entfernen Sie den Shop aus dem Netzwerk. Mehr unter „Probleme“.',
    'key-rejected':
      'Der Shop nimmt den Schlüssel des Knotens nicht mehr an, deshalb kann der Knoten den Bestand weder lesen noch ändern. Geben Sie ihm unter „Einstellungen“ einen neuen. Was inzwischen verkauft wurde, wird danach gezählt.',
    'stopped-all':
      'In keinen Shop wird geschrieben, bis jemand unter „Übersicht“ alles weiterlaufen lässt. Verkäufe werden weiter gelesen und gezählt.',
    test: 'So erfahren Sie, wenn ein Shop nicht erreichbar ist, wenn etwas überverkauft ist und wenn etwas auf Sie wartet.',
  },
  shops: (count) => `${count} Shops`,
  more: (count) => `... und ${count} weitere`,
}

export const alertTexts: Readonly<Record<Language, AlertText>> = {
  da: danish,
  sv: swedish,
  nb: norwegian,
  en: english,
  de: german,
}

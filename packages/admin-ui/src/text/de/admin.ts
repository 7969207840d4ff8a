/** The admin pages in German. */
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
    inStep: 'Alles ist synchron.',
    alone: 'Der Shop ist bereit, aber noch der einzige im Netzwerk.',
    unconnected: 'Der Shop ist noch mit keinem anderen verbunden.',
    evicted:
      'Ein anderer Shop hat diesen Shop aus dem Netzwerk entfernt. Die Bestände bleiben, wie sie sind. Trennen Sie den Shop, dann kann er als neuer Shop wieder beitreten.',
    comparing: 'Die Shops gleichen ihre Bestände ab.',
    restInStep: 'Alles andere ist synchron.',
    paused: 'Der Import ist angehalten.',
    importFailed: 'Der Import wurde abgebrochen, bevor er fertig war.',
    importReady: 'Der Import kann gestartet werden.',
    joinSent: (address) => `Die Anfrage an ${address} ist gesendet, aber noch nicht beantwortet.`,
    joinSeen: (address) => `${address} hat die Anfrage erhalten und muss sie noch annehmen.`,
    joinAccepted: 'Die Anfrage ist angenommen.',
    importing: (done, total) => `Der Import läuft: ${format.number(done)} von ${format.number(total)}.`,
    listing: (done) => `Die Artikel des Shops werden gelesen: bisher ${format.number(done)}.`,
    stoppedAll: 'Alles ist angehalten: Kein Shop bekommt neue Bestände, bis jemand alles weiterlaufen lässt.',
    shopPaused: 'Der Shop pausiert: Bis Sie die Pause beenden, wird in ihm nichts gelesen und nichts geändert.',
    shopUnreachable: (since) =>
      since === null
        ? 'Der Knoten erreicht Ihren Shop nicht.'
        : `Der Knoten hat Ihren Shop seit ${since} nicht erreicht.`,
    memberAway: (name, since) =>
      since === null ? `${name} hat sich noch nicht gemeldet.` : `${name} ist seit ${since} nicht erreichbar.`,
    membersAway: (names) => `Nicht erreichbar: ${names}.`,
    problems: (count) => `${format.count(count, 'Problem wartet', 'Probleme warten')} auf Sie.`,
    oversold: (count) => `${format.count(count, 'Artikel ist', 'Artikel sind')} überverkauft.`,
    waiting: (count) => `${format.count(count, 'Änderung', 'Änderungen')} unterwegs.`,
    facts: (shops, skus, lastChange) =>
      `${format.count(shops, 'Shop', 'Shops')}, ${format.count(skus, 'Artikel', 'Artikel')}, ${
        lastChange === null ? 'noch keine Änderungen' : `letzte Änderung ${lastChange}`
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
      overview: 'Übersicht',
      products: 'Artikel',
      problems: 'Probleme',
      log: 'Protokoll',
      shops: 'Shops',
      settings: 'Einstellungen',
    },
    common: {
      loading: 'Wird geladen …',
      cancel: 'Abbrechen',
      close: 'Schließen',
      more: 'Mehr anzeigen',
      previous: 'Vorherige anzeigen',
      search: 'Suchen',
      all: 'Alle',
      none: 'Keine',
      language: 'Sprache',
      signOut: 'Abmelden',
      viewer: 'Sie haben Lesezugriff: Sie sehen alles, ändern kann nur ein Administrator etwas.',
      skip: 'Zum Inhalt springen',
      tryAgain: 'Erneut versuchen',
      never: 'nie',
      noName: 'Ohne Namen',
      noSku: 'ohne Artikelnr.',
      unknownShop: 'Früherer Shop',
      storefront: 'Zum Shop',
      csv: 'Als CSV herunterladen',
      csvPlain: 'CSV für Programme',
      goesOn:
        'Fällt der Knoten aus, verkauft der Shop weiter. Was er in der Zwischenzeit verkauft, wird mitgezählt, sobald der Knoten wieder da ist.',
      rows: (first, last, total) => `${format.number(first)}–${format.number(last)} von ${format.number(total)}`,
    },
    entry: {
      setupTitle: 'Knoten einrichten',
      setupIntro:
        'Der Knoten ist das Programm, das den Bestand Ihres Shops mit dem der anderen abgleicht. Das Einrichten dauert eine Minute; danach wählen Sie, welche Shops ihren Bestand teilen.',
      token: 'Einrichtungscode',
      tokenHint: 'Steht in dem Fenster, in dem der Knoten gestartet wurde.',
      shopName: 'Name des Shops',
      shopNameHint: 'Die anderen Shops sehen diesen Namen.',
      password: 'Passwort wählen',
      passwordHint: 'Mindestens 10 Zeichen.',
      passwordShow: 'Passwort anzeigen',
      setupDo: 'Einrichten',
      signInTitle: 'Anmelden',
      signInPassword: 'Passwort',
      signInDo: 'Anmelden',
    },
    sentence: sentences(format),
    overview: {
      nextStep: 'Nächster Schritt',
      stepShop: '1. Der Shop',
      stepShopHint: 'Ist das nicht Ihr Shop? Dann wählen Sie die Plattform und geben Sie den Schlüssel ein.',
      stepShopOpen: 'Plattform und Schlüssel wählen',
      stepStart: '2. Ist das der erste Shop, oder teilen andere schon ihren Bestand?',
      firstTitle: 'Das ist der erste Shop',
      firstIntro:
        'Das Netzwerk beginnt mit den Beständen dieses Shops. Im Shop wird nichts geändert, seine Artikel werden nur gelesen.',
      firstDo: 'Importieren',
      otherTitle: 'Mit einem anderen Shop verbinden',
      otherIntro:
        'Senden Sie eine Anfrage an einen Shop, der seinen Bestand schon teilt. Danach zeigt dieser Shop dieselben Bestände.',
      inviteTitle: 'Den nächsten Shop verbinden',
      inviteIntro: (url) =>
        `Öffnen Sie den Knoten des anderen Shops und senden Sie eine Anfrage an ${url}. Sie erscheint dann hier.`,
      shops: 'Shops',
      latestLogs: 'Zuletzt im Protokoll',
      allLog: 'Ganzes Protokoll',
      noLog: 'Noch ist nichts passiert. Der erste Verkauf und die erste Änderung erscheinen hier sofort.',
      problemsLink: (count) => (count === 1 ? 'Problem ansehen' : 'Probleme ansehen'),
      oversoldLink: 'Überverkaufte Artikel anzeigen',
    },
    join: {
      address: 'Adresse des anderen Shops',
      addressHint: 'Eine Domain oder eine Adresse, z. B. shop.example oder 127.0.0.1:7401.',
      send: 'Anfrage an Shop senden',
      title: 'Anfrage',
      codeLabel: 'Code',
      codeHint: 'Der andere Shop sieht denselben Code. Vergleichen Sie beide, bevor er annimmt.',
      withdraw: 'Anfrage zurückziehen',
      again: 'Neue Anfrage senden',
      states: {
        sent: 'Gesendet',
        seen: 'Erhalten',
        accepted: 'Angenommen',
        refused: 'Abgelehnt',
        expired: 'Abgelaufen',
      },
      advice: {
        sent: 'Der andere Knoten hat noch nicht geantwortet. Das macht nichts, die Anfrage wird wiederholt, bis er antwortet.',
        seen: 'Bitten Sie den anderen Shop, seinen Knoten zu öffnen und die Anfrage anzunehmen.',
        accepted:
          'Der andere Shop hat angenommen. Importieren Sie jetzt, damit dieser Shop die Bestände des Netzwerks erhält.',
        refused: 'Der andere Shop hat abgelehnt. Sprechen Sie mit ihm und senden Sie dann eine neue Anfrage.',
        expired:
          'Innerhalb von sieben Tagen hat niemand geantwortet. Senden Sie eine neue Anfrage, wenn der andere Shop bereit ist.',
      },
      expires: (at) => `Die Anfrage ist offen bis ${at}.`,
    },
    import: {
      title: 'Import',
      do: 'Importieren',
      readyIntro:
        'Artikel mit gleicher Artikelnummer erhalten in diesem Shop den Bestand des Netzwerks. Artikel, die das Netzwerk nicht kennt, bringen ihren eigenen mit. Namen und Texte werden nie geändert.',
      again: 'Import neu starten',
      states: {
        idle: 'Nicht gestartet',
        listing: 'Artikel des Shops werden gelesen',
        ready: 'Startbereit',
        running: 'Läuft',
        paused: 'Angehalten',
        done: 'Fertig',
        failed: 'Abgebrochen',
      },
      progress: (done, total) => `${format.number(done)} von ${format.number(total)}`,
      rate: (perSecond) => `${format.number(Math.round(perSecond))} pro Sekunde`,
      left: (duration) => `noch etwa ${duration}`,
      failed: (count) => `${format.count(count, 'Zeile konnte', 'Zeilen konnten')} nicht importiert werden`,
      finished: (at) => `fertig ${at}`,
    },
    requests: {
      title: 'Anfragen',
      none: 'Keine offenen Anfragen.',
      code: 'Code',
      accept: 'Annehmen',
      refuse: 'Ablehnen',
      waitingCode: 'Der Code ist unterwegs',
      confirmTitle: (name) => `Zeigt ${name} denselben Code?`,
      confirmIntro:
        'Lassen Sie sich den Code vom anderen Shop vorlesen. Nehmen Sie nur an, wenn er genau gleich ist. Danach teilen sich die Shops den Bestand.',
      confirmDo: 'Die Codes sind gleich: annehmen',
      confirmNot: 'Nicht jetzt',
      refuseTitle: (name) => `${name} ablehnen?`,
      refuseIntro: 'Der Shop erfährt davon und kann später eine neue Anfrage senden.',
    },
    shops: {
      members: 'Shops im Netzwerk',
      alone: 'Der Shop ist noch in keinem Netzwerk.',
      self: 'Dieser Shop',
      online: 'Online',
      offline: 'Nicht erreichbar',
      offlineSince: (at) => `Nicht erreichbar seit ${at}`,
      neverSeen: 'Noch kein Kontakt',
      lastContact: (at) => `Letzter Kontakt ${at}`,
      caughtUp: 'Hat alle Änderungen',
      behind: (count) => `Es fehlen ${format.count(count, 'Änderung', 'Änderungen')}`,
      neverHeard: 'Hat sich noch nicht gemeldet',
      ownShop: 'Der Shop selbst',
      shopStates: {
        connecting: 'Wird verbunden',
        connected: 'Verbunden',
        unreachable: 'Antwortet nicht',
        paused: 'Pausiert',
        idle: 'Noch nicht in Betrieb',
      },
      promises: {
        exact: 'Exakt: Jede Änderung wird genau einmal gezählt, auch nach einem Neustart.',
        'best-effort':
          'So gut wie möglich: Ein Verkauf genau im Moment einer Anpassung kann eine Kontrolle durch Sie erfordern.',
      },
      openStorefront: 'Zum Shop',
      release: (release) => `Stockmesh ${release}`,
      clockAhead: (duration) => `Die Uhr geht ${duration} vor`,
      clockBehind: (duration) => `Die Uhr geht ${duration} nach`,
      importing: (done, total) => `Importiert: ${format.number(done)} von ${format.number(total)}`,
      theirShop: (state) => `Der Shop selbst: ${state}`,
      joinTitle: 'Mit einem anderen Shop verbinden',
      joinLater: 'Der Shop ist schon mit anderen verbunden. Trennen Sie ihn, bevor er sich mit einem neuen verbindet.',
      leaveTitle: 'Shop trennen',
      leaveIntro: 'Der Shop teilt seinen Bestand nicht mehr. Die Bestände, die er jetzt zeigt, bleiben stehen.',
      leaveDo: 'Trennen …',
      leaveConfirmTitle: 'Soll der Shop vom Netzwerk getrennt werden?',
      leaveStays: [
        'Der Shop behält die Bestände, die er jetzt zeigt, und verkauft weiter.',
        'Die anderen Shops behalten ihre Bestände und bleiben miteinander verbunden.',
        'Verkäufe hier ändern den Bestand der anderen nicht mehr, und deren Verkäufe ändern Ihren nicht.',
        'Soll der Shop wieder dabei sein, sendet er eine neue Anfrage.',
      ],
      leaveConfirmDo: 'Shop trennen',
    },
    live: {
      live: 'Live',
      polling: 'Wird alle 5 Sekunden aktualisiert',
      reconnecting: 'Verbindung wird wiederhergestellt …',
      stale: (since) => `Stand von ${since}, kein Kontakt zum Knoten`,
    },
  }
}

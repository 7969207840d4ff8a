/** What a person sets or says, in German. */
import type { Format } from '../format.ts'
import type { FormText } from '../form-text.ts'

export function forms(format: Format): FormText {
  return {
    settings: {
      shop: 'Der Shop',
      name: 'Name des Shops',
      nameHint: 'Die anderen Shops sehen diesen Namen.',
      language: 'Sprache des Knotens',
      languageHint: 'In dieser Sprache öffnen sich die Seiten, bis jemand oben auf der Seite eine andere wählt.',
      buffer: 'Puffer',
      bufferHint:
        'So viele Stück hält der Shop von jedem Artikel zurück, damit das letzte nicht zweimal verkauft wird. 0 heißt kein Puffer.',
      holds: 'Große Änderungen auf einmal',
      holdOwn: 'Fragen, bevor die anderen Shops von einer großen Änderung in diesem Shop erfahren',
      holdMembers: 'Fragen, bevor dieser Shop einer großen Änderung eines anderen Shops folgt',
      holdFrom: 'Ab so vielen Artikelnummern',
      holdHint:
        'Weniger sind nie eine große Änderung. Schalten Sie die Fragen aus, wenn ein Programm täglich den Bestand vieler Artikel ändert. Verkäufe zählen immer.',
      alerts: 'Benachrichtigen, wenn etwas mich braucht',
      alertsIntro:
        'Der Knoten meldet sich, wenn ein Shop nicht erreichbar ist, wenn etwas überverkauft ist und wenn etwas auf Ihre Entscheidung wartet.',
      webhook: 'Adresse des Webhooks',
      webhookHint: 'Erhält die Nachricht als JSON. Leer: kein Webhook.',
      webhookSecret: 'Schlüssel für die Signatur des Webhooks',
      emailTo: 'E-Mail an',
      emailFrom: 'E-Mail von',
      smtp: 'SMTP-Server',
      smtpHint: 'Z. B. smtps://benutzer:passwort@mail.shop.example',
      minutes: 'Minuten ohne Kontakt, bis benachrichtigt wird',
      minutesHint: 'Eine kurze Unterbrechung erledigt sich von selbst.',
      quiet: 'Ruhezeit',
      quietHint:
        'Was in der Ruhezeit passiert, wird an ihrem Ende gemeldet, per E-Mail wie per Webhook. Lassen Sie die Felder leer, um rund um die Uhr benachrichtigt zu werden.',
      quietFrom: 'Von',
      quietTo: 'Bis',
      quietExempt: 'Trotzdem sofort melden',
      quietExemptions: {
        none: 'Nichts',
        oversold: 'Wenn etwas überverkauft ist',
        fork: 'Wenn ein Shop zwei Fassungen hat oder zweimal läuft',
        'oversold-and-fork': 'Beides',
      },
      secretKept: 'Es ist ein Wert gespeichert. Lassen Sie das Feld leer, um ihn zu behalten.',
      secretRemove: 'Gespeicherten Wert löschen',
      save: 'Speichern',
      saved: 'Die Einstellungen sind gespeichert.',
      alertTest: 'Benachrichtigungen testen',
      alertTestIntro:
        'Sendet eine Testnachricht dorthin, wohin Benachrichtigungen gehen, nach den gespeicherten Einstellungen.',
      alertTestDo: 'Testnachricht senden',
      delivered: (target) =>
        target === 'webhook'
          ? 'Der Webhook hat die Nachricht angenommen.'
          : 'Der Mailserver hat die Nachricht angenommen.',
      undelivered: (target, why) =>
        `${target === 'webhook' ? 'Der Webhook' : 'Der Mailserver'} hat die Nachricht nicht angenommen. ${why}`,
      backup: 'Sicherung',
      backupIntro:
        'Eine Kopie des Knotens, wie er jetzt ist, für den Befehl stockmesh restore. Sie enthält den privaten Schlüssel des Shops: Bewahren Sie sie so sicher auf wie ein Passwort.',
      backupDo: 'Sicherung herunterladen',
    },
    connection: {
      title: 'Die Verbindung zum Shop',
      present: (platform, location) =>
        location === null
          ? `Der Knoten ist verbunden mit: ${platform}.`
          : `Der Knoten ist verbunden mit: ${platform}, Lager ${location}.`,
      exact:
        'Die Verbindung ist exakt: Jede Änderung wird einzeln gelesen, keine geht verloren oder wird doppelt gezählt.',
      bestEffort:
        'Der Shop führt keine Liste der Änderungen, deshalb werden sie durch Vergleichen gefunden. Ein Verkauf im selben Moment wie eine Anpassung wird eventuell später bemerkt.',
      alsoWritten: (writers) => `Ändert ebenfalls Bestände im Shop: ${writers}.`,
      fixed: 'Die Verbindung wurde beim Start des Knotens festgelegt und wird dort geändert.',
      fromEnvironment: 'stammt aus den Umgebungsvariablen des Knotens und wird dort geändert.',
      platform: 'Plattform',
      test: 'Verbindung testen',
      answers: (release) => `Der Shop antwortet: ${release}.`,
      sample: (name, sku, stock) =>
        `Ein Artikel daraus: ${name}, ${sku === null ? 'ohne Artikelnr.' : `Artikelnr. ${sku}`}, ${stock === null ? 'ohne Bestandsführung' : `${format.number(stock)} auf Lager`}.`,
      noSample: 'Der Shop hat noch keine Artikel.',
      mayWrite: 'Der Schlüssel darf Bestände ändern.',
      mayNotWrite:
        'Der Schlüssel darf keine Bestände ändern. Geben Sie ihm im Shop das Recht dazu und versuchen Sie es erneut.',
      mayWriteUnknown: 'Ob der Schlüssel Bestände ändern darf, zeigt sich bei der ersten Änderung.',
      location: 'Lagerort',
      locationHint: 'Der Shop hat mehrere Lagerorte. Der gewählte wird mit den anderen Shops geteilt.',
      locationChoose: 'Lagerort wählen',
      locationAll: 'Der gesamte Bestand des Shops',
      writersAsk: 'Was ändert sonst noch Bestände im Shop?',
      writersHint:
        'Ein anderes Programm, das feste Bestände setzt, kann einen Verkauf überschreiben. Lassen Sie nur eine Stelle den Bestand führen.',
      writers: {
        erp: 'Eine Warenwirtschaft (ERP)',
        'supplier-feed': 'Eine Artikeldatei eines Lieferanten',
        'sync-app': 'Ein älteres Synchronisierungsprogramm',
        other: 'Etwas anderes',
      },
      save: 'Diesen Shop verwenden',
      saved: 'Die Verbindung ist gespeichert, und der Knoten verwendet sie jetzt.',
      health: 'Der Katalog',
      healthIntro:
        'Liest alle Artikel und findet die, die nicht synchronisiert werden können, bevor sie Probleme machen.',
      healthDo: 'Katalog prüfen',
      healthRead: (products) => `${format.count(products, 'Artikel oder Variante', 'Artikel und Varianten')} gelesen.`,
      healthGood: 'Alles kann synchronisiert werden.',
      faults: {
        'no-sku': 'Ohne Artikelnr.',
        duplicate: 'Mit doppelter Artikelnr.',
        untracked: 'Ohne Bestandsführung',
        fraction: 'Mit Bruchteilen im Bestand',
        bundle: 'Pakete und Sets',
        negative: 'Unter null',
        other: 'Aus anderen Gründen nicht synchronisierbar',
      },
    },
    stockChange: {
      title: 'Bestand berichtigen',
      count: 'Inventur',
      countIntro: 'Was im Regal liegt, wird in allen Shops zum Bestand.',
      counted: 'Im Regal gezählt',
      unsent: 'Davon verkauft und noch nicht versandt',
      unsentHint: 'Sie liegen im Regal, können aber nicht noch einmal verkauft werden.',
      countDo: 'Zählung speichern',
      received: 'Wareneingang',
      receivedIntro: 'Was eingegangen ist, kommt in allen Shops zum Bestand hinzu.',
      quantity: 'Eingegangene Menge',
      note: 'Notiz',
      noteHint: 'Z. B. die Lieferscheinnummer. Sie steht im Protokoll.',
      receivedDo: 'Einbuchen',
      done: (from, to) =>
        from === null || to === null
          ? 'Gespeichert.'
          : `Gespeichert: Der Bestand wurde von ${format.number(from)} auf ${format.number(to)} geändert.`,
      unheard: (names) =>
        `Nicht erreichbar: ${names}. Was dort inzwischen verkauft wird, wird abgezogen, sobald der Kontakt wieder da ist.`,
    },
    pause: {
      title: 'Shop pausieren',
      intro:
        'Während der Shop pausiert, liest und ändert der Knoten nichts in ihm, zum Beispiel bei einem Update. Der Shop bleibt im Netzwerk und kann weiter verkaufen.',
      do: 'Pausieren',
      since: (at) => `Der Shop pausiert seit ${at}.`,
      exact: 'Am Ende der Pause wird einzeln mitgezählt, was inzwischen im Shop passiert ist.',
      inexact: 'Wählen Sie, was mit dem geschehen soll, was inzwischen im Shop geändert wurde.',
      look: 'Änderungen ansehen',
      largest: (shown, all) => `Die ${format.number(shown)} größten von ${format.number(all)} werden gezeigt.`,
      differ: (skus, units) =>
        skus === 0
          ? 'Im Shop wurde inzwischen nichts geändert.'
          : `${format.count(skus, 'Artikelnummer wurde', 'Artikelnummern wurden')} geändert, zusammen ${format.number(units)} Stück.`,
      resume: 'Pause beenden',
      useNetwork: 'Pause beenden mit den Beständen des Netzwerks',
      countIn: 'Pause beenden und die Änderungen mitzählen',
      link: 'Pause ansehen',
    },
    evict: {
      open: 'Entfernen …',
      title: (name) => `Soll ${name} aus dem Netzwerk entfernt werden?`,
      stays: [
        'Der Shop teilt seinen Bestand nicht mehr mit den anderen. Das lässt sich nicht rückgängig machen.',
        'Er behält die Bestände, die er jetzt zeigt, und kann allein weiter verkaufen.',
        'Alles, was er verkauft hat und was die anderen wissen, bleibt gezählt.',
        'Was er verkauft hat, ohne dass die anderen davon erfahren haben, wird nicht gezählt.',
        'Soll er wieder dabei sein, sendet er eine neue Anfrage als neuer Shop.',
      ],
      do: 'Shop entfernen',
    },
  }
}

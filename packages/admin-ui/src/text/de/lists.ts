/** The lists of the admin pages in German: products, problems and the log. */
import type { AdminText } from '../admin-text.ts'
import type { Format } from '../format.ts'

export function lists(format: Format): Pick<AdminText, 'products' | 'problems' | 'log'> {
  return {
    products: {
      searchHint: 'Artikelnr. oder Name',
      state: 'Status',
      sort: 'Sortieren nach',
      sorts: {
        sku: 'Artikelnr.',
        name: 'Name',
        level: 'Niedrigster Bestand',
        '-level': 'Höchster Bestand',
        '-updatedAt': 'Zuletzt geändert',
      },
      sku: 'Artikelnr.',
      name: 'Name',
      level: 'Bestand',
      shownHere: 'Hier angezeigt',
      shopHas: 'Shop meldet',
      updated: 'Geändert',
      empty: 'Noch keine Artikel. Sie erscheinen, sobald der Shop importiert ist.',
      emptySearch: 'Keine passenden Artikel. Versuchen Sie eine andere Suche oder einen anderen Status.',
      states: {
        'left-out': 'Ausgenommen',
        duplicate: 'Doppelte Artikelnr.',
        held: 'Zurückgehalten',
        untracked: 'Ohne Bestandsführung',
        'not-here': 'Nicht in diesem Shop',
        'only-here': 'Nur in diesem Shop',
        oversold: 'Überverkauft',
        waiting: 'Unterwegs',
        synced: 'Synchron',
      },
      stateHelp: {
        'left-out':
          'Der Artikel ist in diesem Shop vom Abgleich ausgenommen. Nichts wird gezählt und nichts geschrieben.',
        duplicate:
          'Mehrere Artikel in diesem Shop haben diese Artikelnummer. Sie wird ausgelassen, bis jeder Artikel seine eigene hat.',
        held: 'Eine Abweichung wartet unter „Probleme“ auf Ihre Entscheidung. Verkäufe werden weiter gezählt.',
        untracked: 'Der Shop führt für den Artikel keinen Bestand, deshalb wird nichts geschrieben.',
        'not-here': 'Andere Shops verkaufen ihn, aber dieser Shop hat die Artikelnummer nicht.',
        'only-here':
          'Kein anderer Shop hat die Artikelnummer. Der Artikel wird von selbst verbunden, sobald einer sie hat.',
        oversold: 'Es wurde mehr verkauft, als da war. Die Shops zeigen 0.',
        waiting: 'Der Bestand wird gerade in den Shop geschrieben.',
        synced: 'Der Shop zeigt den Bestand des Netzwerks.',
      },
      explained: 'So entsteht der Bestand',
      start: 'Anfangsbestand',
      startBy: (shop, at) => `${shop}, ${at}`,
      added: 'Zugang',
      removed: 'Abgang',
      sum: 'Bestand jetzt',
      noBaseline: 'Das Netzwerk hat für diese Artikelnummer noch keinen Bestand.',
      ownRows: 'In diesem Shop',
      noOwnRows: 'Der Shop hat keinen Artikel mit dieser Artikelnummer.',
      otherShops: 'In allen Shops',
      noAnswer: 'antwortet gerade nicht',
      notListed: 'hat ihn nicht',
      movements: 'Was passiert ist',
      noMovements: 'Seit dem Anfang ist nichts passiert.',
      showInLog: 'Im Protokoll anzeigen',
      openInShop: 'Im Shop öffnen',
      noLevelYet: () => 'kein Bestand',
    },
    problems: {
      intro: 'Hier steht, was nur Sie entscheiden können. Alles andere läuft inzwischen weiter.',
      none: 'Keine Probleme',
      noneHint: 'Wenn etwas Ihre Aufmerksamkeit braucht, steht es hier, mit der Schaltfläche, die es löst.',
      titles: {
        duplicate: 'Mit doppelter Modell-/Artikelnummer',
        held: 'Wartet auf Ihre Entscheidung',
        rollback: 'Die Bestände des Shops sind zurückgesprungen',
        'counted-together': 'Gleichzeitig gezählt',
        oversold: 'Überverkauft',
        fraction: 'Keine ganze Zahl',
        'import-row': 'Zeile, die nicht importiert werden konnte',
        'shop-copied': 'Der Shop ist eine Kopie',
        'shop-unreachable': 'Der Shop antwortet nicht',
        unwritable: 'Der Shop hat den neuen Bestand nicht angenommen',
        unclear: 'Niemand weiß, was geschah',
        'paused-diff': 'Geändert, während der Shop pausierte',
        'key-rejected': 'Der Shop hat den Schlüssel abgelehnt',
        clock: 'Eine Uhr geht falsch',
        fork: 'Zwei Fassungen der Verkäufe eines Shops',
        clone: 'Ein Shop scheint zweimal zu laufen',
        'bad-peer': 'Ein Shop sendet etwas, das nicht stimmen kann',
        damaged: 'Auf der Festplatte beschädigt',
        doubt: 'Unklar nach einer Wiederherstellung',
        'alert-failed': 'Eine Benachrichtigung konnte nicht zugestellt werden',
      },
      explain(kind, count) {
        switch (kind) {
          case 'duplicate':
            return `${format.count(count, 'Artikel hat', 'Artikel haben')} in diesem Shop diese Artikelnummer, deshalb kann der Knoten nicht wissen, welcher gemeint ist. Geben Sie jedem Artikel im Shop eine eigene Artikelnummer, dann verschwindet die Karte von selbst.`
          case 'held':
            return `${format.count(count, 'Artikelnummer weicht', 'Artikelnummern weichen')} ab, ohne dass eine Bestellung es erklärt. Verkäufe werden inzwischen weiter gezählt.`
          case 'rollback':
            return `${format.count(count, 'Artikelnummer sieht', 'Artikelnummern sehen')} so aus, als wäre eine alte Sicherung des Shops eingespielt worden. An die anderen Shops wurde nichts weitergegeben.`
          case 'counted-together':
            return 'Zwei Shops haben einen neuen Bestand eingetragen, während sie einander nicht sehen konnten. Beide Änderungen wurden gezählt und summieren sich. Zählen Sie im Regal nach und berichtigen Sie eine davon.'
          case 'oversold':
            return `Es ${count === 1 ? 'wurde' : 'wurden'} ${format.number(count)} Stück mehr verkauft, als da waren, weil Shops die letzten gleichzeitig verkauft haben. Die Shops zeigen 0. Sprechen Sie mit den Käufern oder füllen Sie das Lager auf.`
          case 'fraction':
            return 'Der Shop meldet einen Bestand, der keine ganze Zahl ist. Berichtigen Sie ihn im Shop, dann verschwindet die Karte von selbst.'
          case 'import-row':
            return `${format.count(count, 'Zeile konnte', 'Zeilen konnten')} nicht importiert werden. Beheben Sie den Fehler im Shop und versuchen Sie es erneut.`
          case 'shop-unreachable':
            return 'Der Knoten erreicht den Shop nicht. Der Shop verkauft weiter, und alles wird gezählt, sobald er wieder antwortet.'
          case 'shop-copied':
            return 'Dieser Shop ist eine Kopie eines anderen, mit dessen Dateien und Datenbank; deshalb wird nichts gelesen oder geschrieben. Soll er ein eigenständiger Shop sein, oder ist der Shop umgezogen, bestätigt das sein Administrator im Shop. Dann geht alles weiter.'
          case 'unwritable':
            return 'Der Shop hat den neuen Bestand nicht angenommen. Sehen Sie im Shop nach, warum, und versuchen Sie es erneut.'
          case 'unclear':
            return 'Der Bestand hat sich im Shop geändert, gerade als der Knoten ihn schrieb, und nichts zeigt, um wie viel. Er kann um einige Stück falsch sein. Zählen Sie den Artikel im Regal nach; die Karte verschwindet dann von selbst.'
          case 'paused-diff':
            return `${format.count(count, 'Artikelnummer wurde', 'Artikelnummern wurden')} im Shop geändert, während er pausierte. Verkäufe werden weiter gezählt, bis Sie sich entscheiden.`
          case 'key-rejected':
            return 'Der Shop nimmt den Schlüssel des Knotens nicht mehr an. Geben Sie dem Knoten einen neuen. Was inzwischen verkauft wurde, wird danach gezählt.'
          case 'clock':
            return 'Die Uhren des Rechners dieses Shops und eines anderen gehen um mehr als fünf Minuten auseinander. Die Bestände stimmen, aber die Zeiten im Protokoll nicht. Stellen Sie die Uhr.'
          case 'fork':
            return 'Es gibt zwei Fassungen davon, was ein Shop gekauft und verkauft hat, zum Beispiel weil sein Ordner aus einer alten Kopie zurückgeholt wurde. Für jede Artikelnummer gilt die größere Zahl, in allen Shops gleich. Was nur die andere Fassung kannte, kann fehlen. Sorgen Sie dafür, dass der Knoten nur an einem Ort läuft, und zählen Sie die Artikel auf der Liste.'
          case 'clone':
            return 'Der Knoten eines Shops läuft an zwei Orten, zum Beispiel weil sein Ordner kopiert oder aus einer alten Kopie wiederhergestellt wurde. Sorgen Sie dafür, dass er nur an einem Ort läuft: Beenden Sie den, der nicht gebraucht wird. Der zuerst gestartete rührt inzwischen nichts an.'
          case 'bad-peer':
            return 'Der Knoten eines anderen Shops hat Änderungen gesendet, die nicht zu dem passen, was er selbst gemeldet hat, oder mehr, als es geben kann. Davon wurde nichts übernommen, und alles andere läuft weiter. Aktualisieren Sie seinen Knoten. Geht es weiter, entfernen Sie den Shop aus dem Netzwerk.'
          case 'damaged':
            return 'Bestandsdaten auf der Festplatte des Knotens waren beschädigt. Sie werden von selbst von den anderen Shops geholt. Bis dahin werden diese Artikel im Shop nicht geändert. Sind die anderen Shops online und die Karte bleibt trotzdem? Dann stellen Sie den Knoten aus einer Sicherung wieder her.'
          case 'doubt':
            return 'Der Knoten wurde aus einer Sicherung wiederhergestellt, und kein anderer Shop konnte ihm sagen, was er seitdem getan hat. Er läuft weiter. Sobald ein anderer Shop online ist, werden die Bestände berichtigt.'
          case 'alert-failed':
            return 'Der Webhook oder der Mailserver hat eine Benachrichtigung nicht angenommen. Sie wird von selbst erneut gesendet. Prüfen Sie die Einstellungen der Benachrichtigungen und senden Sie einen Test.'
        }
      },
      massChange: (count) =>
        `${format.count(count, 'Artikelnummer wurde', 'Artikelnummern wurden')} auf einmal geändert, ohne dass eine Bestellung es erklärt. Den anderen Shops wurde nichts mitgeteilt, und Verkäufe werden weiter gezählt. Wenn Sie genehmigen, zeigen alle Shops die neuen Bestände; sonst erhält dieser Shop wieder die Bestände des Netzwerks.`,
      memberMassChange: (shop, count) =>
        `${shop} hat ${format.count(count, 'Artikelnummer', 'Artikelnummern')} auf einmal geändert, ohne dass eine Bestellung das erklärt. Dieser Shop behält die bisherigen Bestände, und Verkäufe werden weiter gezählt. Machen Sie es rückgängig, erhalten alle Shops die bisherigen Bestände zurück; genehmigen Sie es, übernimmt auch dieser Shop die neuen.`,
      goToZero: (count) => `${format.number(count)} davon ${count === 1 ? 'würde' : 'würden'} auf null fallen.`,
      heldRow:
        'Der Shop meldet etwas, das nicht synchronisiert werden kann. Berichtigen Sie es im Shop, dann verschwindet die Karte von selbst.',
      bundleRow:
        'Das ist ein Paket oder Set, das den Bestand anderer Artikel verkauft. Diese werden synchronisiert; das Paket selbst bleibt außen vor, und es ist nichts zu tun.',
      countIt: 'Diesen Artikel zählen',
      differBy: (units) => `Zusammen weichen sie um ${format.number(units)} Stück ab.`,
      orders: 'Die betroffenen Bestellungen',
      decisionsTitle: 'Wartet auf Ihre Entscheidung',
      duplicateTitle: 'Mit doppelter Modell-/Artikelnummer',
      duplicateHelp:
        'Die Liste muss leer sein, bevor diese Artikel synchronisiert werden können. Alle anderen werden bereits synchronisiert.',
      colliding: 'Artikel mit dieser Artikelnummer',
      actions: {
        'use-network': 'Bestände des Netzwerks verwenden',
        'count-in': 'Differenz mitzählen',
        approve: 'Änderung genehmigen',
        undo: 'Für alle Shops rückgängig machen',
        'count-once': 'Einmal zählen',
        retry: 'Erneut versuchen',
        dismiss: 'Aus der Liste entfernen',
      },
      confirmTitle: 'Sind Sie sicher?',
      confirmIntro: 'Das ändert Bestände und lässt sich nicht ohne Weiteres rückgängig machen.',
      since: (at) => `Seit ${at}`,
      showItems: (count) => `${format.count(count, 'Artikel', 'Artikel')} anzeigen`,
      hideItems: 'Artikel ausblenden',
    },
    log: {
      time: 'Zeit',
      shop: 'Shop',
      change: 'Änderung',
      after: 'Bestand danach',
      cause: 'Ursache',
      reference: 'Bestellung/Referenz',
      result: 'Ergebnis',
      empty: 'Keine passenden Zeilen.',
      causes: {
        sale: 'Verkauf',
        cancel: 'Stornierte Bestellung',
        return: 'Retoure',
        manual: 'Manuelle Änderung',
        'stock-count': 'Inventur',
        received: 'Wareneingang',
        created: 'Angelegt',
        import: 'Import',
        repair: 'Berichtigung',
        undo: 'Rückgängig gemacht',
        'catch-up': 'Nachgeholt',
        unknown: 'Unbekannt',
      },
      events: {
        founded: 'Netzwerk begonnen',
        joined: 'Shop beigetreten',
        left: 'Shop getrennt',
        removed: 'Shop entfernt',
        'left-out': 'Vom Abgleich ausgenommen',
        'stopped-all': 'Alles angehalten',
        'resumed-all': 'Alles läuft weiter',
        'taken-in': 'Wieder aufgenommen',
        restored: 'Aus Sicherung wiederhergestellt',
        refused: 'Anfrage abgelehnt',
        held: 'Zurückgehalten',
        'problem-solved': 'Problem gelöst',
      },
      results: {
        counted: 'Gezählt',
        baseline: 'Anfangsbestand',
        'in-step': 'Mit dem, was die anderen Shops wissen',
        alone: 'Ohne die anderen Shops',
        'later-count-stands': 'Eine spätere Inventur gilt',
        'left-out-not-counted': 'Nicht gezählt: ausgenommen',
        'withheld-here': 'In diesem Shop zurückgehalten',
        'held-not-counted': 'Nicht gezählt: wartet auf Ihre Entscheidung',
        'duplicate-not-counted': 'Nicht gezählt: doppelte Artikelnr.',
        held: 'Zurückgehalten',
        refused: 'Abgelehnt',
        failed: 'Fehlgeschlagen',
        'import-cancelled': 'Import abgebrochen',
        'import-undone': 'Import rückgängig gemacht',
        'member-undone': 'Änderungen eines Shops rückgängig gemacht',
      },
      replaced: (from, to) => `${format.number(from)} ersetzt durch ${format.number(to)}`,
      imported: (products) => format.count(products, 'Artikel', 'Artikel'),
      typed: (stock) => `auf ${format.number(stock)} gesetzt`,
    },
  }
}

/** What the pages say for the error codes they know, in German. */
import type { ErrorText } from '../error-text.ts'

export const errors: ErrorText = {
  unreachable: 'Der Knoten antwortet nicht. Prüfen Sie, ob er läuft. Die Seite versucht es von selbst erneut.',
  'answer-invalid': 'Die Antwort konnte nicht gelesen werden. Laden Sie die Seite neu.',
  'signed-out': 'Sie sind abgemeldet. Melden Sie sich wieder an.',
  'password-wrong': 'Das Passwort stimmt nicht. Versuchen Sie es erneut.',
  'admin-needed':
    'Sie dürfen alles ansehen, aber nichts ändern. Fragen Sie einen Administrator, oder melden Sie sich als einer an.',
  'password-taken': 'Administrator und Zuschauer brauchen verschiedene Passwörter. Wählen Sie ein anderes.',
  'token-name-taken': 'Ein anderer Schlüssel heißt schon so. Wählen Sie einen Namen, der sie unterscheidet.',
  'too-many-tokens':
    'Es gibt so viele Schlüssel, wie es geben kann. Widerrufen Sie einen, der nicht mehr benutzt wird.',
  'token-unknown': 'Den Schlüssel gibt es nicht, oder er ist schon widerrufen.',
  'key-rejected': 'Das ist nicht der Schlüssel dieses Shops. Versuchen Sie es erneut.',
  'login-needed': 'Melden Sie sich zuerst im Shop an.',
  'token-wrong':
    'Der Einrichtungscode stimmt nicht. Kopieren Sie ihn aus der Zeile, die der Knoten beim Start ausgegeben hat.',
  'token-expired': 'Der Einrichtungscode ist zu alt. Starten Sie den Knoten neu, dann gibt er einen neuen aus.',
  'token-refused': 'Der Zugangsschlüssel gehört nicht zu diesem Knoten.',
  'too-many-tries': 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es erneut.',
  'cross-site':
    'Der Aufruf kam von einer anderen Seite und wurde abgelehnt. Laden Sie diese Seite neu und versuchen Sie es erneut.',
  'setup-first': 'Der Knoten ist noch nicht eingerichtet. Laden Sie die Seite neu und richten Sie ihn ein.',
  'setup-done': 'Der Knoten ist schon eingerichtet. Melden Sie sich mit seinem Passwort an.',
  'body-invalid': 'Etwas im Formular passt nicht. Prüfen Sie die Felder und versuchen Sie es erneut.',
  'not-found': 'Das gibt es nicht mehr. Laden Sie die Seite neu.',
  'idempotency-key-reused':
    'Diese Bestellung wurde schon gesendet. Laden Sie die Seite neu, bevor Sie eine weitere senden.',
  'sku-unknown': 'Kein Artikel hat diese Artikelnummer.',
  'product-unknown': 'Den Artikel gibt es nicht mehr.',
  'order-unknown': 'Die Bestellung gibt es nicht mehr.',
  'sku-ambiguous':
    'Mehrere Artikel haben dieselbe Artikelnummer und können deshalb nicht darüber bestellt werden. Geben Sie zuerst jedem eine eigene.',
  'insufficient-stock': 'Es sind nicht genug auf Lager. Wählen Sie eine kleinere Menge.',
  'stock-changed': 'Der Bestand hat sich inzwischen geändert. Sehen Sie sich den neuen an, bevor Sie speichern.',
  'stock-untracked': 'Für diesen Artikel wird kein Bestand geführt. Geben Sie ihm zuerst einen.',
  'stock-out-of-range': 'Die Zahl ist größer, als ein Bestand sein kann.',
  'shop-closed':
    'Der Shop kann gerade nicht auf seine Festplatte schreiben. Nichts wurde geändert. Versuchen Sie es gleich noch einmal.',
  internal: 'Im Knoten ist etwas schiefgegangen. Sein Protokoll sagt, was.',
  'storage-failed':
    'Der Knoten kann gerade nicht auf seine Festplatte schreiben. Nichts wurde geändert. Versuchen Sie es gleich noch einmal.',
  'node-not-found':
    'Unter dieser Adresse antwortet kein Knoten. Prüfen Sie die Adresse und ob der andere Knoten läuft.',
  'address-refused': 'Diese Adresse ist nicht erlaubt. Verwenden Sie die Adresse des Knotens des anderen Shops.',
  'address-invalid': 'Das ist keine Adresse. Geben Sie eine Domain oder eine Adresse wie shop.example:7400 ein.',
  'leave-first':
    'Der Shop ist schon mit anderen Shops verbunden. Trennen Sie ihn, bevor Sie ihn mit einem anderen verbinden.',
  'join-pending': 'Es gibt eine offene Anfrage. Ziehen Sie sie zurück, bevor Sie als erster Shop importieren.',
  'code-mismatch':
    'Die Codes sind nicht gleich. Nehmen Sie nicht an. Lassen Sie sich den Code vom anderen Shop vorlesen.',
  'preview-stale':
    'Seit dieser Vorschau hat sich mehr geändert, als verkauft wurde. Sehen Sie die neue durch und starten Sie den Import erneut.',
  'no-preview':
    'Die Vorschau ist fertig, sobald der Shop gelesen ist und die Bestände des Netzwerks hier sind. Warten Sie einen Moment.',
  'import-not-running': 'Es läuft kein Import, den man anhalten, fortsetzen oder abbrechen könnte.',
  'import-cancelling':
    'Der Import wurde abgebrochen, und der Shop bekommt seine alten Bestände zurück. Warten Sie, bis das erledigt ist.',
  'import-not-noted':
    'Der Shop oder sein Knoten wurde während des Imports zurückgesetzt, deshalb ist nicht bekannt, was der Import hier geändert hat. Lassen Sie ihn zu Ende laufen.',
  'nothing-to-undo':
    'Es gibt keinen Import, der rückgängig gemacht werden kann: Er hat hier nichts geändert oder liegt mehr als 30 Tage zurück.',
  'undo-running':
    'Der Import wird gerade rückgängig gemacht. Warten Sie, bis das erledigt ist, und beenden Sie dann die Pause.',
  'not-imported': 'Der Import dieses Shops hat diesen Artikel nicht geändert.',
  'movements-unknown':
    'Es ist noch nicht bekannt, wann mit diesem Artikel etwas passiert ist. Versuchen Sie es später erneut.',
  'since-future': 'Seit einem Zeitpunkt in der Zukunft ist nichts passiert. Prüfen Sie die Zeit.',
  'since-too-old': 'Wählen Sie einen Zeitpunkt innerhalb der letzten 90 Tage.',
  'leave-unheard':
    'Noch kennt kein anderer Shop alle Verkäufe dieses Shops. Warten Sie, bis einer online ist, und versuchen Sie es erneut.',
  'shop-leaving':
    'Dieser Shop trennt gerade seine Verbindung, und niemand würde davon erfahren. Versuchen Sie es erneut, wenn das erledigt ist.',
  'node-stopping': 'Der Knoten wird gerade beendet. Versuchen Sie es gleich noch einmal.',
  'shop-write-failed':
    'Der Shop kann nicht auf seine Festplatte schreiben. Schaffen Sie Platz und versuchen Sie es erneut.',
  'query-invalid': 'Etwas in der Adresse dieser Seite passt nicht. Öffnen Sie die Seite neu über das Menü.',
  'target-unreachable': 'Es kommt keine Antwort. Prüfen Sie die Adresse.',
  'target-refused': 'Die Antwort ist eine Ablehnung. Prüfen Sie Benutzer, Passwort und Adresse.',
  'target-not-encrypted': 'Eine öffentliche Adresse muss mit https oder smtps beginnen. Ändern Sie die Adresse.',
  'target-invalid': 'Die Adresse ist nicht verwendbar. Berichtigen Sie sie.',
  'target-address-refused': 'An diese Adresse kann nichts gesendet werden. Wählen Sie eine andere.',
  'import-first': 'Importieren Sie zuerst die Artikel dieses Shops und versuchen Sie es dann erneut.',
  'request-closed': 'Die Anfrage ist nicht mehr offen.',
  'node-restarting': 'Der Knoten startet. Versuchen Sie es gleich noch einmal.',
  'no-network': 'Der Shop ist mit keinem anderen verbunden.',
  superseded:
    'Ein anderer Knoten dieses Shops wurde später gestartet, deshalb hält sich dieser zurück. Machen Sie dort weiter.',
  'use-leave': 'Das ist der Shop selbst. Trennen Sie ihn stattdessen.',
  'not-a-member': 'Der Shop wurde aus dem Netzwerk entfernt. Trennen Sie ihn und senden Sie dann eine neue Anfrage.',
  'member-unknown': 'Der Shop ist nicht mehr im Netzwerk. Laden Sie die Seite neu.',
  'action-unknown':
    'Das Problem hat sich geändert, seit Sie es gesehen haben. Sehen Sie es sich noch einmal an, bevor Sie entscheiden.',
  'address-has-credentials': 'Geben Sie die Adresse ohne Benutzernamen und Passwort ein.',
  'private-address-refused':
    'Eine private Adresse ist hier nicht erlaubt. Verwenden Sie die öffentliche Adresse des anderen Shops oder starten Sie den Knoten mit --allow-private-peers.',
  'own-key': 'Das ist die Adresse dieses Shops selbst. Geben Sie die des anderen Shops ein.',
  'wire-major': 'Die beiden Knoten laufen mit Versionen, die einander nicht verstehen. Aktualisieren Sie den älteren.',
  'dial-limit': 'Diese Adresse wurde zu oft versucht. Warten Sie eine Minute und versuchen Sie es erneut.',
  'join-closed': 'Die Anfrage wurde zurückgezogen.',
  'join-changed':
    'Der andere Shop hat seinen Teil des Codes geändert. Ziehen Sie die Anfrage zurück und senden Sie eine neue.',
  'join-invalid': 'Die Antwort des anderen Shops passt nicht. Ziehen Sie die Anfrage zurück und senden Sie eine neue.',
  'request-unknown': 'Die Anfrage gibt es nicht mehr.',
  'too-many-requests': 'Der andere Shop hat zu viele offene Anfragen. Bitten Sie ihn, einige davon zu beantworten.',
  'key-removed': 'Der Shop wurde aus dem Netzwerk entfernt. Er muss als neuer Shop wieder beitreten.',
  'membership-full':
    'In diesem Netzwerk wurden zu viele Änderungen von Shops, Namen und Adressen signiert. Entfernen Sie den Shop, der sie gemacht hat, oder gründen Sie ein neues Netzwerk.',
  'body-too-large': 'Das ist zu viel auf einmal. Senden Sie jeweils weniger.',
  'problem-changed':
    'Das Problem hat sich geändert, seit Sie es gesehen haben. Sehen Sie es sich noch einmal an, bevor Sie entscheiden.',
  'problem-solved': 'Das Problem ist schon gelöst.',
  'alerts-not-set':
    'Benachrichtigungen werden nirgendwohin gesendet. Geben Sie in den Einstellungen zuerst einen Webhook oder einen Mailserver und eine Adresse an.',
  'problem-of-another-shop':
    'Das Problem gehört zu einem anderen Shop. Öffnen Sie dessen eigene Seite, um es zu lösen.',
  'shop-unreachable': 'Der Shop antwortet nicht. Prüfen Sie, ob er läuft.',
  'shop-paused':
    'Der Shop pausiert, deshalb ist nicht bekannt, was er inzwischen verkauft hat. Beenden Sie die Pause und versuchen Sie es erneut.',
  'sku-repeated': 'Dieselbe Artikelnummer steht schon in einer früheren Zeile. Behalten Sie nur eine davon.',
  'quantity-invalid': 'Die Menge muss eine ganze Zahl sein.',
  'as-of-future': 'Die Zählung kann nicht in der Zukunft begonnen haben. Prüfen Sie die Zeit.',
  'as-of-too-old':
    'Die Zählung hat vor zu langer Zeit begonnen, um zu erkennen, was seitdem verkauft wurde. Zählen Sie noch einmal.',
  'as-of-unclear':
    'Es ist nicht genau bekannt, wann ein anderer Shop den Artikel verkauft hat. Zählen Sie ihn jetzt noch einmal, ohne Angabe, wann Sie begonnen haben.',
  'not-this-platform':
    'Was unter dieser Adresse antwortet, ist kein Shop dieser Plattform. Prüfen Sie Adresse und Plattform.',
  'release-unknown':
    'Der Shop läuft mit einer Version, die hier nicht bekannt ist. Aktualisieren Sie den Shop oder Stockmesh.',
  'not-writable':
    'Der Schlüssel darf den Shop lesen, aber seinen Bestand nicht ändern. Geben Sie ihm das Recht zu schreiben und versuchen Sie es erneut.',
  'shop-copied':
    'Dieser Shop ist eine Kopie eines anderen. Lassen Sie ihn von seinem Administrator als eigenständigen Shop bestätigen und versuchen Sie es erneut.',
  'feed-epoch-changed':
    'Ein anderer Knoten wurde mit diesem Shop verbunden und liest ihn jetzt. Halten Sie ihn an, lassen Sie diesen Knoten das Netzwerk verlassen und treten Sie erneut bei.',
  'companion-missing':
    'Das Plugin Stockmesh ist im Shop nicht aktiv. Installieren und aktivieren Sie es, und versuchen Sie es erneut.',
  'permalinks-plain':
    'WooCommerce nimmt keine Schlüssel an, solange WordPress einfache Permalinks hat. Wählen Sie unter Einstellungen > Permalinks eine andere Struktur.',
  'address-elsewhere':
    'Die Adresse führt woandershin. Öffnen Sie sie im Browser, und kopieren Sie die Adresse, bei der sie endet.',
  'certificate-untrusted':
    'Dem Zertifikat des Shops ist nicht zu trauen: Es ist abgelaufen, gilt für eine andere Adresse oder stammt von einer unbekannten Stelle. Lassen Sie vom Hoster ein gültiges einrichten, und versuchen Sie es erneut.',
  'stock-not-managed':
    'Der Shop verwaltet keinen Bestand. Schalten Sie die Lagerverwaltung in den Einstellungen des Shops ein, und versuchen Sie es erneut.',
  'not-transactional':
    'Die Datenbank des Shops hat Tabellen ohne Transaktionen. Bitten Sie den Hoster, sie in InnoDB umzuwandeln.',
  'connector-settings-invalid':
    'Eine Angabe zum Shop fehlt oder passt nicht. Prüfen Sie die Felder und versuchen Sie es erneut.',
  'connector-fixed': 'Der Shop wurde beim Start des Knotens festgelegt und wird dort geändert.',
  'location-needed': 'Der Shop hat mehrere Lagerorte. Wählen Sie einen davon.',
  'shop-error':
    'Der Shop antwortet mit einem Fehler. Sehen Sie in seinem eigenen Protokoll nach und versuchen Sie es erneut.',
  'shop-answer-invalid': 'Die Antwort des Shops ist nicht verwendbar. Prüfen Sie, ob die Adresse die des Shops ist.',
}

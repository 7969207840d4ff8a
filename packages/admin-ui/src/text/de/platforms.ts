/** Platforms and what they ask for, in German. */
import type { PlatformsText } from '../platform-text.ts'

export const platforms: PlatformsText = {
  titles: { builtin: 'Stockmesh-Shop (eingebaut)', sql: 'Eigene Datenbank (SQL)' },
  fields: {
    'builtin.url': {
      label: 'Adresse des Shops',
      hint: 'Die Adresse, die „stockmesh shop“ ausgibt. Ohne Adresse und Schlüssel ist es der Shop in diesem Knoten.',
    },
    'builtin.key': {
      label: 'Schlüssel des Shops',
      hint: 'STOCKMESH_SHOP_KEY beim Shop oder die Datei, die er beim Start nennt.',
    },
    'openbizbox.url': { label: 'Adresse des Shops', hint: 'Z. B. https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client-ID', hint: 'Steht im Shop unter /admin/api-token.' },
    'openbizbox.clientSecret': { label: 'Client-Secret', hint: 'Steht im Shop unter /admin/api-token.' },
    'openbizbox.webhookSecret': {
      label: 'Geheimnis der Webhooks',
      hint: 'Steht im Shop unter /admin/webhooks/. Ohne es werden Änderungen etwas später bemerkt.',
    },
    'openbizbox.trialSku': {
      label: 'Artikelnr. für den Test',
      hint: 'Ein Artikel mit mindestens 10 Stück auf Lager, den gerade niemand kauft. Der Test nimmt einige Stück weg und legt sie zurück.',
    },
    'openbizbox.writing': {
      label: 'Ergebnis des Tests',
      hint: 'Füllt der Test aus. Leeren Sie das Feld, um erneut zu testen.',
    },
    'sql.url': {
      label: 'Adresse der Datenbank',
      hint: 'Z. B. postgres://benutzer:passwort@server/datenbank oder dasselbe mit mariadb://.',
    },
    'sql.table': {
      label: 'Tabelle',
      hint: 'Die Tabelle mit einer Zeile je Bestand, z. B. products oder shop.variants.',
    },
    'sql.idColumn': { label: 'Spalte: Primärschlüssel', hint: 'Der Primärschlüssel der Tabelle.' },
    'sql.skuColumn': { label: 'Spalte: Artikelnr.', hint: 'Die Spalte mit Modell oder Artikelnummer.' },
    'sql.stockColumn': {
      label: 'Spalte: Bestand',
      hint: 'Die Spalte mit der verkäuflichen Menge. NULL heißt, dass der Bestand nicht geführt wird.',
    },
    'sql.nameColumn': { label: 'Spalte: Name', hint: 'Die Spalte mit dem Namen des Artikels.' },
    'sql.parentColumn': {
      label: 'Spalte: Hauptartikel',
      hint: 'Die Spalte mit dem Artikel, von dem die Zeile eine Variante ist.',
    },
    'sql.where': {
      label: 'Nur diese Zeilen',
      hint: 'Welche Zeilen Artikel sind, z. B. "deleted = 0 and removed_at is null".',
    },
    'sql.tls': {
      label: 'Verschlüsselung (TLS)',
      hint: 'on, off oder unverified. Leer: on, aber off, wenn die Datenbank auf diesem Rechner läuft.',
    },
    'sql.caFile': {
      label: 'Zertifikatsdatei',
      hint: 'Die Datei der Stelle, die das Zertifikat der Datenbank ausgestellt hat.',
    },
    'sql.shopUrl': { label: 'Adresse des Shops', hint: 'Die Adresse, die Kunden sehen.' },
    'vendure.url': {
      label: 'Adresse des Shops',
      hint: 'Die Adresse des Vendure-Servers, auf dem /admin-api liegt, z. B. https://shop.example.',
    },
    'vendure.key': {
      label: 'Schlüssel',
      hint: 'Der Schlüssel, den vendure-config.ts im Shop an StockmeshPlugin.init übergibt. Leer, wenn der Shop das Plugin nicht hat.',
    },
    'vendure.username': {
      label: 'Benutzername (ohne Plugin)',
      hint: 'Ein eigener Administrator. Seine Rolle muss Katalog und Bestellungen lesen und den Katalog ändern dürfen.',
    },
    'vendure.password': {
      label: 'Passwort (ohne Plugin)',
      hint: 'Das Passwort dieses Administrators.',
    },
    'vendure.channel': {
      label: 'Kanal (ohne Plugin)',
      hint: 'Das Token des Kanals. Leer: der Standardkanal.',
    },
    'woocommerce.url': {
      label: 'Adresse des Shops',
      hint: 'Z. B. https://shop.example. Sie steht in WordPress unter Einstellungen > Allgemein.',
    },
    'woocommerce.consumerKey': {
      label: 'Consumer-Key (ck_…)',
      hint: 'Wird unter WooCommerce > Einstellungen > Erweitert > REST-API mit der Berechtigung Lesen/Schreiben angelegt.',
    },
    'woocommerce.consumerSecret': {
      label: 'Consumer-Secret (cs_…)',
      hint: 'Wird einmal neben dem Key gezeigt. Kopieren Sie beide.',
    },
    'woocommerce.companion': {
      label: 'Plugin gefunden',
      hint: 'Füllt der Test aus. Leeren Sie das Feld, um erneut zu suchen.',
    },
  },
}

/** Platforms and what they ask for, in Danish. */
import type { PlatformsText } from '../platform-text.ts'

export const platforms: PlatformsText = {
  titles: { builtin: 'Stockmesh-butik (indbygget)', sql: 'Egen database (SQL)' },
  fields: {
    'builtin.url': {
      label: 'Butikkens adresse',
      hint: 'Den adresse, som "stockmesh shop" skriver. Uden adresse og nøgle er det butikken inde i denne node.',
    },
    'builtin.key': {
      label: 'Butikkens nøgle',
      hint: 'STOCKMESH_SHOP_KEY hos butikken, eller den fil, den nævner, når den starter.',
    },
    'openbizbox.url': { label: 'Butikkens adresse', hint: 'F.eks. https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client id', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.clientSecret': { label: 'Client secret', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.webhookSecret': {
      label: 'Webhook-hemmelighed',
      hint: 'Står på /admin/webhooks/ i butikken. Uden den ses ændringer lidt senere.',
    },
    'openbizbox.trialSku': {
      label: 'Varenr. til prøven',
      hint: 'En vare med mindst 10 på lager, som ingen køber lige nu. Prøven tager nogle stk. fra og lægger dem tilbage.',
    },
    'openbizbox.writing': {
      label: 'Hvad prøven fandt',
      hint: 'Udfyldes af prøven. Slet teksten for at prøve igen.',
    },
    'sql.url': {
      label: 'Databasens adresse',
      hint: 'F.eks. postgres://bruger:kode@vært/database, eller det samme med mariadb://.',
    },
    'sql.table': {
      label: 'Tabel',
      hint: 'Tabellen med en række for hvert lagerantal, f.eks. products eller shop.variants.',
    },
    'sql.idColumn': { label: 'Kolonne: primærnøgle', hint: 'Tabellens primærnøgle.' },
    'sql.skuColumn': { label: 'Kolonne: varenr.', hint: 'Kolonnen med model eller varenr.' },
    'sql.stockColumn': {
      label: 'Kolonne: lagerantal',
      hint: 'Kolonnen med det antal, der kan sælges. NULL betyder, at lageret ikke styres.',
    },
    'sql.nameColumn': { label: 'Kolonne: navn', hint: 'Kolonnen med varens navn.' },
    'sql.parentColumn': { label: 'Kolonne: hovedvare', hint: 'Kolonnen med den vare, som rækken er en variant af.' },
    'sql.where': {
      label: 'Kun disse rækker',
      hint: 'Hvilke rækker der er varer, f.eks. "deleted = 0 and removed_at is null".',
    },
    'sql.tls': {
      label: 'Kryptering (TLS)',
      hint: 'on, off eller unverified. Tomt: on, men off når databasen ligger på denne maskine.',
    },
    'sql.caFile': { label: 'Certifikatfil', hint: 'Filen med det certifikat, der har udstedt databasens.' },
    'sql.shopUrl': { label: 'Butikkens adresse', hint: 'Den adresse, kunderne ser.' },
    'vendure.url': {
      label: 'Butikkens adresse',
      hint: 'Adressen på Vendures server, hvor /admin-api er, f.eks. https://butik.example.',
    },
    'vendure.key': {
      label: 'Nøgle',
      hint: 'Den nøgle, som butikkens vendure-config.ts giver StockmeshPlugin.init. Tomt, hvis butikken ikke har pluginet.',
    },
    'vendure.username': {
      label: 'Brugernavn (uden plugin)',
      hint: 'En administrator, der kun er til dette. Rollen skal kunne læse katalog og ordrer og ændre kataloget.',
    },
    'vendure.password': {
      label: 'Adgangskode (uden plugin)',
      hint: 'Den administrators adgangskode.',
    },
    'vendure.channel': {
      label: 'Kanal (uden plugin)',
      hint: 'Kanalens token. Tomt: standardkanalen.',
    },
    'woocommerce.url': {
      label: 'Butikkens adresse',
      hint: 'F.eks. https://butik.dk. Den står under Indstillinger > Generelt i WordPress.',
    },
    'woocommerce.consumerKey': {
      label: 'Forbrugernøgle (ck_…)',
      hint: 'Laves under WooCommerce > Indstillinger > Avanceret > REST API med tilladelsen Læs/skriv.',
    },
    'woocommerce.consumerSecret': {
      label: 'Forbrugerhemmelighed (cs_…)',
      hint: 'Vises én gang ved siden af nøglen. Kopiér begge.',
    },
    'woocommerce.companion': { label: 'Plugin fundet', hint: 'Udfyldes af prøven. Slet teksten for at lede igen.' },
  },
}

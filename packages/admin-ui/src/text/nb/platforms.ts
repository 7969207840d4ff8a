/** Platforms and what they ask for, in Norwegian (bokmål). */
import type { PlatformsText } from '../platform-text.ts'

export const platforms: PlatformsText = {
  titles: { builtin: 'Stockmesh-butikk (innebygd)', sql: 'Egen database (SQL)' },
  fields: {
    'builtin.url': {
      label: 'Adressen til butikken',
      hint: 'Adressen som "stockmesh shop" skriver ut. Uten adresse og nøkkel er det butikken inne i denne noden.',
    },
    'builtin.key': {
      label: 'Nøkkelen til butikken',
      hint: 'STOCKMESH_SHOP_KEY hos butikken, eller filen den nevner når den starter.',
    },
    'openbizbox.url': { label: 'Adressen til butikken', hint: 'F.eks. https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client id', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.clientSecret': { label: 'Client secret', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.webhookSecret': {
      label: 'Hemmeligheten til webhooken',
      hint: 'Står på /admin/webhooks/ i butikken. Uten den oppdages endringer litt senere.',
    },
    'openbizbox.trialSku': {
      label: 'Varenr. til prøven',
      hint: 'En vare med minst 10 på lager som ingen kjøper akkurat nå. Prøven tar bort noen stk. og legger dem tilbake.',
    },
    'openbizbox.writing': {
      label: 'Det prøven fant',
      hint: 'Fylles ut av prøven. Slett teksten for å prøve på nytt.',
    },
    'sql.url': {
      label: 'Adressen til databasen',
      hint: 'F.eks. postgres://bruker:passord@vert/database, eller det samme med mariadb://.',
    },
    'sql.table': {
      label: 'Tabell',
      hint: 'Tabellen med én rad for hvert lagertall, f.eks. products eller shop.variants.',
    },
    'sql.idColumn': { label: 'Kolonne: primærnøkkel', hint: 'Primærnøkkelen i tabellen.' },
    'sql.skuColumn': { label: 'Kolonne: varenr.', hint: 'Kolonnen med modell eller varenummer.' },
    'sql.stockColumn': {
      label: 'Kolonne: beholdning',
      hint: 'Kolonnen med antallet som kan selges. NULL betyr at lageret ikke styres.',
    },
    'sql.nameColumn': { label: 'Kolonne: navn', hint: 'Kolonnen med navnet på varen.' },
    'sql.parentColumn': { label: 'Kolonne: hovedvare', hint: 'Kolonnen med varen som raden er en variant av.' },
    'sql.where': {
      label: 'Bare disse radene',
      hint: 'Hvilke rader som er varer, f.eks. "deleted = 0 and removed_at is null".',
    },
    'sql.tls': {
      label: 'Kryptering (TLS)',
      hint: 'on, off eller unverified. Tomt: on, men off når databasen ligger på denne maskinen.',
    },
    'sql.caFile': { label: 'Sertifikatfil', hint: 'Filen med sertifikatet som har utstedt databasens.' },
    'sql.shopUrl': { label: 'Adressen til butikken', hint: 'Adressen kundene ser.' },
    'vendure.url': {
      label: 'Adressen til butikken',
      hint: 'Adressen til Vendure-serveren, der /admin-api ligger, f.eks. https://butikk.example.',
    },
    'vendure.key': {
      label: 'Nøkkel',
      hint: 'Nøkkelen som vendure-config.ts i butikken gir StockmeshPlugin.init. Tomt hvis butikken ikke har utvidelsen.',
    },
    'vendure.username': {
      label: 'Brukernavn (uten utvidelse)',
      hint: 'En egen administrator for dette. Rollen må kunne lese katalog og ordrer og endre katalogen.',
    },
    'vendure.password': {
      label: 'Passord (uten utvidelse)',
      hint: 'Passordet til den administratoren.',
    },
    'vendure.channel': {
      label: 'Kanal (uten utvidelse)',
      hint: 'Kanalens token. Tomt: standardkanalen.',
    },
    'woocommerce.url': {
      label: 'Butikkens adresse',
      hint: 'F.eks. https://butikk.no. Den står under Innstillinger > Generelt i WordPress.',
    },
    'woocommerce.consumerKey': {
      label: 'Forbrukernøkkel (ck_…)',
      hint: 'Lages under WooCommerce > Innstillinger > Avansert > REST API med tillatelsen Les/skriv.',
    },
    'woocommerce.consumerSecret': {
      label: 'Forbrukerhemmelighet (cs_…)',
      hint: 'Vises én gang ved siden av nøkkelen. Kopier begge.',
    },
    'woocommerce.companion': { label: 'Utvidelse funnet', hint: 'Fylles ut av prøven. Tøm feltet for å lete igjen.' },
  },
}

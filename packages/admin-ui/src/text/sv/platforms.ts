/** Platforms and what they ask for, in Swedish. */
import type { PlatformsText } from '../platform-text.ts'

export const platforms: PlatformsText = {
  titles: { builtin: 'Stockmesh-butik (inbyggd)', sql: 'Egen databas (SQL)' },
  fields: {
    'builtin.url': {
      label: 'Butikens adress',
      hint: 'Adressen som "stockmesh shop" skriver ut. Utan adress och nyckel är det butiken i den här noden.',
    },
    'builtin.key': {
      label: 'Butikens nyckel',
      hint: 'STOCKMESH_SHOP_KEY hos butiken, eller filen som den nämner när den startar.',
    },
    'openbizbox.url': { label: 'Butikens adress', hint: 'T.ex. https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client id', hint: 'Finns på /admin/api-token i butiken.' },
    'openbizbox.clientSecret': { label: 'Client secret', hint: 'Finns på /admin/api-token i butiken.' },
    'openbizbox.webhookSecret': {
      label: 'Webhookens hemlighet',
      hint: 'Finns på /admin/webhooks/ i butiken. Utan den märks ändringar lite senare.',
    },
    'openbizbox.trialSku': {
      label: 'Artikelnr för testet',
      hint: 'En artikel med minst 10 i lager som ingen köper just nu. Testet tar bort några enheter och lägger tillbaka dem.',
    },
    'openbizbox.writing': {
      label: 'Det testet kom fram till',
      hint: 'Fylls i av testet. Töm fältet för att testa igen.',
    },
    'sql.url': {
      label: 'Databasens adress',
      hint: 'T.ex. postgres://anvandare:losenord@server/databas, eller samma sak med mariadb://.',
    },
    'sql.table': {
      label: 'Tabell',
      hint: 'Tabellen med en rad per lagersaldo, t.ex. products eller shop.variants.',
    },
    'sql.idColumn': { label: 'Kolumn: primärnyckel', hint: 'Tabellens primärnyckel.' },
    'sql.skuColumn': { label: 'Kolumn: artikelnr', hint: 'Kolumnen med modell eller artikelnummer.' },
    'sql.stockColumn': {
      label: 'Kolumn: lagersaldo',
      hint: 'Kolumnen med antalet som går att sälja. NULL betyder att artikeln inte lagerförs.',
    },
    'sql.nameColumn': { label: 'Kolumn: namn', hint: 'Kolumnen med artikelns namn.' },
    'sql.parentColumn': { label: 'Kolumn: huvudartikel', hint: 'Kolumnen med den artikel som raden är en variant av.' },
    'sql.where': {
      label: 'Bara de här raderna',
      hint: 'Vilka rader som är artiklar, t.ex. "deleted = 0 and removed_at is null".',
    },
    'sql.tls': {
      label: 'Kryptering (TLS)',
      hint: 'on, off eller unverified. Tomt: on, men off när databasen finns på den här datorn.',
    },
    'sql.caFile': { label: 'Certifikatfil', hint: 'Filen med certifikatet som har utfärdat databasens.' },
    'sql.shopUrl': { label: 'Butikens adress', hint: 'Adressen som kunderna ser.' },
    'vendure.url': {
      label: 'Butikens adress',
      hint: 'Adressen till Vendures server, där /admin-api finns, t.ex. https://butik.example.',
    },
    'vendure.key': {
      label: 'Nyckel',
      hint: 'Nyckeln som butikens vendure-config.ts ger StockmeshPlugin.init. Tomt om butiken inte har tillägget.',
    },
    'vendure.username': {
      label: 'Användarnamn (utan tillägg)',
      hint: 'En egen administratör för detta. Rollen ska få läsa katalog och ordrar och ändra katalogen.',
    },
    'vendure.password': {
      label: 'Lösenord (utan tillägg)',
      hint: 'Den administratörens lösenord.',
    },
    'vendure.channel': {
      label: 'Kanal (utan tillägg)',
      hint: 'Kanalens token. Tomt: standardkanalen.',
    },
    'woocommerce.url': {
      label: 'Butikens adress',
      hint: 'T.ex. https://butik.se. Den står under Inställningar > Allmänt i WordPress.',
    },
    'woocommerce.consumerKey': {
      label: 'Kundnyckel (ck_…)',
      hint: 'Skapas under WooCommerce > Inställningar > Avancerat > REST API med behörigheten Läs/skriv.',
    },
    'woocommerce.consumerSecret': {
      label: 'Kundhemlighet (cs_…)',
      hint: 'Visas en gång bredvid nyckeln. Kopiera båda.',
    },
    'woocommerce.companion': { label: 'Tillägg hittat', hint: 'Fylls i av provet. Töm fältet för att leta igen.' },
  },
}

/** Platforms and what they ask for, in English. */
import type { PlatformsText } from '../platform-text.ts'

export const platforms: PlatformsText = {
  titles: { builtin: 'Stockmesh shop (built in)', sql: 'Own database (SQL)' },
  fields: {
    'builtin.url': {
      label: 'Address of the shop',
      hint: 'As "stockmesh shop" prints it. Without address and key it is the shop inside this node.',
    },
    'builtin.key': {
      label: 'Key of the shop',
      hint: 'STOCKMESH_SHOP_KEY at the shop, or the file that it names when it starts.',
    },
    'openbizbox.url': { label: 'Address of the shop', hint: 'Such as https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client id', hint: 'It stands at /admin/api-token in the shop.' },
    'openbizbox.clientSecret': { label: 'Client secret', hint: 'It stands at /admin/api-token in the shop.' },
    'openbizbox.webhookSecret': {
      label: 'Secret of the webhooks',
      hint: 'It stands at /admin/webhooks/ in the shop. Without it changes are seen a little later.',
    },
    'openbizbox.trialSku': {
      label: 'SKU for the trial',
      hint: 'A product with at least 10 in stock that nobody buys just now. The trial takes some units away and gives them back.',
    },
    'openbizbox.writing': {
      label: 'What the trial found',
      hint: 'The trial fills it in. Empty it to try again.',
    },
    'sql.url': {
      label: 'Address of the database',
      hint: 'Such as postgres://user:password@host/database, or mariadb:// and the same.',
    },
    'sql.table': {
      label: 'Table',
      hint: 'The table with one row for each stock number, such as products or shop.variants.',
    },
    'sql.idColumn': { label: 'Column: primary key', hint: 'The primary key of the table.' },
    'sql.skuColumn': { label: 'Column: SKU', hint: 'The column of the model or SKU.' },
    'sql.stockColumn': {
      label: 'Column: stock',
      hint: 'The column of the units that can be sold. NULL means that stock is not tracked.',
    },
    'sql.nameColumn': { label: 'Column: name', hint: 'The column of the product’s name.' },
    'sql.parentColumn': { label: 'Column: parent', hint: 'The column of the product that a row is a variant of.' },
    'sql.where': {
      label: 'These rows only',
      hint: 'Which rows are goods, such as "deleted = 0 and removed_at is null".',
    },
    'sql.tls': {
      label: 'Encryption (TLS)',
      hint: 'on, off or unverified. Empty: on, but off when the database is on this machine.',
    },
    'sql.caFile': {
      label: 'Certificate file',
      hint: 'The file of the authority that issued the database’s certificate.',
    },
    'sql.shopUrl': { label: 'Address of the shop', hint: 'The address that customers see.' },
    'vendure.url': {
      label: 'Address of the shop',
      hint: 'The address of Vendure’s server, where /admin-api is, such as https://shop.example.',
    },
    'vendure.key': {
      label: 'Key',
      hint: 'The key that the shop’s vendure-config.ts gives StockmeshPlugin.init. Empty where the shop has no companion.',
    },
    'vendure.username': {
      label: 'User name (without the companion)',
      hint: 'An administrator of its own, whose role may read catalog and orders and update the catalog.',
    },
    'vendure.password': {
      label: 'Password (without the companion)',
      hint: 'The password of that administrator.',
    },
    'vendure.channel': {
      label: 'Channel (without the companion)',
      hint: 'The token of the channel. Empty: the default channel.',
    },
    'woocommerce.url': {
      label: 'Address of the shop',
      hint: 'As https://shop.example. It stands under Settings > General in WordPress.',
    },
    'woocommerce.consumerKey': {
      label: 'Consumer key (ck_…)',
      hint: 'Made under WooCommerce > Settings > Advanced > REST API, with the permission Read/Write.',
    },
    'woocommerce.consumerSecret': { label: 'Consumer secret (cs_…)', hint: 'Shown once beside the key. Copy both.' },
    'woocommerce.companion': { label: 'Plugin found', hint: 'The trial fills it in. Empty it to look again.' },
  },
}

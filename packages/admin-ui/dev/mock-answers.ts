/** What a node answers about its settings, a pause and a stock count, for looking at the pages. */
import type {
  CatalogueHealth,
  ConnectorAnswer,
  ConnectorTrial,
  CountAnswer,
  List,
  PauseAnswer,
  PlatformItem,
  ResumePreview,
  SettingsAnswer,
} from '@stockmesh/protocol/api'

export const settings: SettingsAnswer = {
  name: 'Butik Danmark',
  language: 'da',
  buffer: 1,
  alertWebhookUrl: 'https://besked.example/lager',
  alertWebhookSecretSet: true,
  alertEmailTo: 'lager@butik.example',
  alertEmailFrom: null,
  alertSmtpUrlSet: false,
  alertUnreachableMinutes: 10,
  alertQuietFrom: '22:00',
  alertQuietTo: '07:00',
  alertQuietZone: 'Europe/Copenhagen',
  alertQuietExempt: 'oversold',
}

export const pause: PauseAnswer = { paused: true, since: '2026-03-01T10:00:00Z', exact: false }

export const resumePreview: ResumePreview = {
  paused: true,
  exact: false,
  differ: 2,
  unitsChanged: 9,
  items: [
    { sku: 'VN-10001', name: 'Vare med et navn 1', shopLevel: 3, shown: 10, difference: -7 },
    { sku: 'VN-10002', name: 'Vare med et navn 2', shopLevel: 14, shown: 12, difference: 2 },
  ],
}

export const stockChange: CountAnswer = {
  items: [{ sku: 'VN-10001', name: 'Vare med et navn 1', from: 12, to: 15, error: null }],
  counted: 1,
  refused: 0,
  unitsChanged: 3,
  dryRun: false,
  unheard: [],
}

export const platforms: List<PlatformItem> = {
  items: [
    {
      name: 'builtin',
      fields: [
        { name: 'url', help: 'Address of the shop.', secret: false, required: false, location: false },
        { name: 'key', help: 'Key of that shop.', secret: true, required: false, location: false },
      ],
    },
    {
      name: 'woocommerce',
      fields: [
        { name: 'url', help: 'Address of the shop.', secret: false, required: true, location: false },
        { name: 'consumerSecret', help: 'The secret of the key.', secret: true, required: true, location: false },
        { name: 'location', help: 'The stock location.', secret: false, required: false, location: true },
      ],
    },
  ],
  next: null,
  total: 2,
}

export const connector: ConnectorAnswer = {
  platform: 'woocommerce',
  settings: { url: 'https://butik.example' },
  secretsSet: ['consumerSecret'],
  fromEnvironment: [],
  fixed: false,
  promise: 'best-effort',
  location: null,
  warnings: [],
  otherWriters: ['erp'],
}

export const connectorTrial: ConnectorTrial = {
  platform: 'woocommerce',
  release: 'WooCommerce 11.0.1',
  promise: 'best-effort',
  mayWrite: true,
  sample: { sku: 'KOP-12', name: 'Kop med hank', stock: 37 },
  locations: [
    { id: '1', name: 'Aarhus' },
    { id: '2', name: 'Odense' },
  ],
  warnings: ['Webhooks are switched off in the shop, so changes are seen within a minute.'],
  learned: {},
}

export const catalogueHealth: CatalogueHealth = {
  items: [],
  next: null,
  total: 9,
  rows: 4182,
  products: 4190,
  counts: { 'no-sku': 4, duplicate: 2, untracked: 0, fraction: 0, bundle: 1, negative: 2, other: 0 },
}

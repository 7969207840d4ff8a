/** What a node answers about its settings, a pause and a stock count, for looking at the pages. */
import type {
  AdminActItem,
  ApiTokenItem,
  CatalogueHealth,
  ConnectorAnswer,
  ConnectorTrial,
  CountAnswer,
  List,
  PauseAnswer,
  PlatformItem,
  ResumePreview,
  SettingsAnswer,
  ViewerPasswordAnswer,
} from '@stockmesh/protocol/api'

export const settings: SettingsAnswer = {
  name: 'Butik Danmark',
  language: 'da',
  buffer: 1,
  holdOwnChanges: true,
  holdMemberChanges: true,
  holdFromSkus: 50,
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

export const adminLog: List<AdminActItem> = {
  items: [
    {
      id: '3',
      at: '2026-03-01T09:58:00Z',
      by: 'session',
      name: '3f9a2c01',
      address: '198.51.100.7',
      call: 'POST /stock/:sku/count',
      subject: 'VN-10001, 15',
      result: 'done',
    },
    {
      id: '2',
      at: '2026-03-01T09:40:00Z',
      by: 'token',
      name: 'Lagerapp',
      address: '127.0.0.1',
      call: 'POST /import/undo',
      subject: null,
      result: 'nothing-to-undo',
    },
    {
      id: '1',
      at: '2026-03-01T09:00:00Z',
      by: 'nobody',
      name: null,
      address: '203.0.113.9',
      call: 'POST /session',
      subject: null,
      result: 'password-wrong',
    },
  ],
  next: null,
  total: 3,
}

export const tokens: List<ApiTokenItem> = {
  items: [
    { id: '1', name: 'Regnskab', role: 'viewer', createdAt: '2026-02-01T10:00:00Z', usedAt: '2026-03-01T09:58:00Z' },
    { id: '2', name: 'Lagerapp', role: 'admin', createdAt: '2026-02-20T10:00:00Z', usedAt: null },
  ],
  next: null,
  total: 2,
}

export const viewerPassword: ViewerPasswordAnswer = { set: true }

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

/** What a node answers about its settings, a pause and a stock count, for looking at the pages. */
import type { CountAnswer, PauseAnswer, ResumePreview, SettingsAnswer } from '@stockmesh/protocol/api'

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

/**
 * Vendure. With the companion plugin inside the shop is one of class *ledger*, and the promise is "exact"; without it the
 * Admin API is polled, and the promise is "best effort". What the merchant enters says which.
 */
import { systemClock, systemTimers } from '../../ports.ts'
import { assertLeadsNowhere } from '../address-trial.ts'
import { openObservedConnector } from '../observed/observed-connector.ts'
import type { OpenConnector, Platform, PlatformParts } from '../platform.ts'
import { checkStockmeshSignature } from '../stockmesh-signature.ts'
import { AdminClient } from './admin-client.ts'
import { AdminShop } from './admin-shop.ts'
import { tryAdmin } from './admin-trial.ts'
import { openCompanion, tryCompanion } from './companion.ts'
import { fields, schema, type VendureSettings } from './settings.ts'

export const vendurePlatform: Platform<VendureSettings> = {
  name: 'vendure',
  fields,
  locationField: 'location',
  schema,
  async test(settings, signal) {
    if ('key' in settings) return await tryCompanion(settings, signal)
    await assertLeadsNowhere(settings.url, '/admin-api', signal)
    await using client = new AdminClient(settings, { clock: systemClock, timers: systemTimers })
    return await tryAdmin(client, settings, signal)
  },
  open: openShop,
  checkHint: (settings, hint) =>
    'key' in settings ? checkStockmeshSignature(hint, [settings.key]) : 'signature-invalid',
}

function openShop(settings: VendureSettings, parts: PlatformParts): Promise<OpenConnector> {
  if ('key' in settings) return Promise.resolve(openCompanion(settings))
  return openObservedConnector(new AdminShop(new AdminClient(settings, parts), settings, parts), parts)
}

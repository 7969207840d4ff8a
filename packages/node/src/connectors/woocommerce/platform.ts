/**
 * WooCommerce. With the companion plugin inside the shop is one of class *ledger*, and the promise is "exact"; without it
 * the REST interface is used, class *absolute*. Which way was found is kept with the settings: a plugin that is switched
 * off for an hour must not change what the numbers mean.
 */
import { systemClock, systemRandom, systemTimers } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { openObservedConnector } from '../observed/observed-connector.ts'
import type { OpenConnector, Platform, PlatformParts, PlatformTrial } from '../platform.ts'
import { checkStockmeshSignature } from '../stockmesh-signature.ts'
import { WooCommerceClient, WooCommerceRefusal } from './client.ts'
import { type About, openCompanion, readAbout } from './companion.ts'
import { assertReleaseKnown } from './release.ts'
import { RestShop } from './rest-shop.ts'
import { tryRest } from './rest-trial.ts'
import { checkWebhook } from './rest-webhook.ts'
import { fields, hookKeyOf, schema, type WooCommerceSettings } from './settings.ts'
import { assertMayWrite } from './write-permission.ts'

export const wooCommercePlatform: Platform<WooCommerceSettings> = {
  name: 'woocommerce',
  fields,
  schema,
  test: testShop,
  open: openShop,
  checkHint: (settings, hint) =>
    settings.companion === 'no'
      ? checkWebhook(hookKeyOf(settings), hint)
      : checkStockmeshSignature(hint, [hookKeyOf(settings)]),
}

async function testShop(settings: WooCommerceSettings, signal: AbortSignal): Promise<PlatformTrial> {
  await using client = new WooCommerceClient(settings, {
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
  })
  const about = await findCompanion(client, settings, signal)
  if (about === null) {
    // Where it was found before it is missed, not done without: what the numbers mean would change.
    if (settings.companion === 'yes') throw withoutCompanion()
    return await tryRest(client, signal)
  }
  assertReleaseKnown(about.version)
  if (about.isCopy) {
    throw new ConnectorError(
      'shop-copied',
      'This shop is a copy of another one. Let its administrator claim it under WooCommerce > Stockmesh before a node is connected.',
    )
  }
  assertExact(about)
  await assertMayWrite(() => readAbout(client, 'POST', signal))
  return {
    release: `WooCommerce ${about.version}, with the plugin Stockmesh ${about.plugin}`,
    promise: 'exact',
    mayWrite: true,
    sample: about.sample,
    locations: [],
    warnings: warningsOf(settings, about),
    learned: { companion: 'yes' },
  }
}

async function openShop(
  settings: WooCommerceSettings,
  { directory, clock, timers, random, hookUrl }: PlatformParts,
): Promise<OpenConnector> {
  const client = new WooCommerceClient(settings, { clock, timers, random })
  const hook = hookUrl === null ? null : { url: hookUrl, key: hookKeyOf(settings) }
  if (settings.companion === 'no') {
    const shop = new RestShop(client, { clock, timers, hook, shopUrl: settings.url })
    return openObservedConnector(shop, { directory, clock, timers, random })
  }
  try {
    // The trial knew; settings that come from the environment alone were never tried.
    if (settings.companion === null && (await readAbout(client, 'GET', never)) === null) throw withoutCompanion()
  } catch (error) {
    await client[Symbol.asyncDispose]()
    throw error
  }
  return openCompanion(client, { clock, timers, hook, shopUrl: settings.url })
}

const never = new AbortController().signal

/** null: it is a WordPress without the companion. Errors: `address-elsewhere`, `permalinks-plain`, `not-this-platform`. */
async function findCompanion(
  client: WooCommerceClient,
  { url }: WooCommerceSettings,
  signal: AbortSignal,
): Promise<About | null> {
  try {
    return await readAbout(client, 'GET', signal)
  } catch (error) {
    const isPage = error instanceof WooCommerceRefusal && error.status === 404 && error.reason === null
    if (!isPage && !(error instanceof ConnectorError && error.code === 'shop-answer-invalid')) throw error
    if (await client.hasPlainPermalinks(signal)) {
      throw new ConnectorError(
        'permalinks-plain',
        'This WordPress has plain permalinks, with which WooCommerce takes no keys. Choose any other structure under Settings > Permalinks.',
        { cause: error },
      )
    }
    throw new ConnectorError('not-this-platform', `What answers at ${url} is not WooCommerce. Correct the address.`, {
      cause: error,
    })
  }
}

function assertExact({ faults }: About): void {
  if (faults.includes('stock-not-managed')) {
    throw new ConnectorError(
      'stock-not-managed',
      'The shop does not manage stock. Switch it on under WooCommerce > Settings > Products > Inventory.',
    )
  }
  if (faults.includes('not-transactional')) {
    throw new ConnectorError(
      'not-transactional',
      "The shop's database keeps posts in tables without transactions. Convert the tables of WordPress to InnoDB.",
    )
  }
}

function warningsOf({ url }: WooCommerceSettings, { shopUrl, faults }: About): readonly string[] {
  const warnings: string[] = []
  if (faults.includes('ascii-skus-only')) {
    warnings.push("PHP lacks intl or mbstring, so that SKUs with letters such as æ are left out. Ask the shop's host.")
  }
  if (shopUrl.replace(/\/+$/, '') !== url) {
    warnings.push(`WordPress says that its address is ${shopUrl}. If the keys are refused, enter that one.`)
  }
  return warnings
}

function withoutCompanion(): ConnectorError {
  return new ConnectorError(
    'companion-missing',
    'The plugin Stockmesh is not active in this shop. Install it, activate it, and try again.',
  )
}

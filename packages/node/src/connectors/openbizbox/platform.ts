/**
 * OpenBizBox, the platform of Golden Planet. Without a trial of the writing it is *best effort*; `probeWriting` finds out
 * what its shops do that is not published, and its result is kept with the settings.
 */
import { mkdir } from 'node:fs/promises'
import { systemClock, systemTimers } from '../../ports.ts'
import { assertLeadsNowhere } from '../address-trial.ts'
import { ConnectorError } from '../connector.ts'
import { openObservedConnector } from '../observed/observed-connector.ts'
import type { ObservedShop } from '../observed/observed-shop.ts'
import type { Platform, PlatformParts, PlatformTrial } from '../platform.ts'
import { isReadOnTheWay } from '../shop-address.ts'
import { anything, places } from './answers.ts'
import { readPage } from './catalogue.ts'
import { CallRefused, OpenBizBoxClient } from './client.ts'
import { checkHint } from './hint.ts'
import { OpenBatch } from './open-batch.ts'
import { OpenBizBoxShop } from './openbizbox-shop.ts'
import { probeText } from './probe-result.ts'
import { rowsOfProduct } from './product-rows.ts'
import { fields, schema, type Settings } from './settings.ts'
import { WriteStop } from './write-stop.ts'
import { tryWriting } from './writing-trial.ts'
import { wayOfWriting } from './writing.ts'

export const openBizBoxPlatform: Platform<Settings> = {
  name: 'openbizbox',
  fields,
  locationField: 'place',
  schema,
  test: testShop,
  open: async (settings, parts) => await openObservedConnector(await openShop(settings, parts), parts),
  checkHint: ({ webhookSecret }, hint) => checkHint(webhookSecret, hint),
}

/** Reads one product; nothing is written, unless a product was picked for the trial of the writing. */
async function testShop(entered: Settings, signal: AbortSignal): Promise<PlatformTrial> {
  let settings = entered
  await assertLeadsNowhere(settings.url, '/oauth/v2/token', signal)
  await using client = new OpenBizBoxClient(settings, systemClock, systemTimers)
  const items = await readSamples(client, signal)
  const rows = items.flatMap((product) => rowsOfProduct(product, settings.place))
  const sample = rows.find(({ sku, fault }) => sku !== null && fault === undefined) ?? rows[0] ?? null
  const locations = await readPlaces(client, signal)
  if (settings.place !== null && !locations.some(({ id }) => id === String(settings.place))) {
    const message = `The shop has no place with the number ${settings.place}. Choose one of its places, or none.`
    throw new ConnectorError('not-writable', message)
  }
  const { trialSku } = settings
  const tried =
    trialSku === null || settings.probe !== null ? null : await tryWriting(client, trialSku, systemClock, signal)
  if (tried !== null) settings = { ...settings, probe: tried.probe }
  if (settings.probe === null) await assertMayWrite(client, signal)
  return {
    release: 'OpenBizBox (API v3)',
    // The shop itself notes nothing of what happens to its stock, so differences are worked out by comparing.
    promise: 'best-effort',
    mayWrite: settings.probe === null ? 'unknown' : settings.probe.reachesVariant,
    sample: sample === null ? null : { sku: sample.sku, name: sample.name, stock: sample.stock },
    locations,
    warnings: [...(tried?.findings ?? []), ...warningsOf(settings)],
    ...(tried === null ? {} : { learned: { writing: probeText(tried.probe) } }),
  }
}

/** Error: `release-unknown`, where the shop gives tokens and has no products to ask for. */
async function readSamples(client: OpenBizBoxClient, signal: AbortSignal) {
  try {
    return (await readPage(client, { after: 0, limit: 3, filter: '' }, signal)).items
  } catch (error) {
    if (!(error instanceof CallRefused) || error.status !== 404) throw error
    throw new ConnectorError(
      'release-unknown',
      'The shop takes the key and has no API v3, which Stockmesh speaks. Ask Golden Planet to open it for this shop, or correct the address.',
      { cause: error },
    )
  }
}

/**
 * An empty batch changes nothing, and is refused to a key that may only read. What a shop says to it otherwise is not
 * published, and proves nothing. Error: `not-writable`.
 */
async function assertMayWrite(client: OpenBizBoxClient, signal: AbortSignal): Promise<void> {
  try {
    await client.ask({ method: 'POST', path: '/api/batches.json', body: [], schema: anything }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    if (!(error instanceof CallRefused) || (error.status !== 401 && error.status !== 403)) return
    throw new ConnectorError(
      'not-writable',
      'The key may read the shop and not change its stock. Give it the right to read and write products at /admin/api-token.',
      { cause: error },
    )
  }
}

/** The shop itself, without the journal that makes a connector of it. */
export async function openShop(
  settings: Settings,
  { directory, clock, timers }: Pick<PlatformParts, 'directory' | 'clock' | 'timers'>,
): Promise<ObservedShop> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const client = new OpenBizBoxClient(settings, clock, timers)
  const stop = await WriteStop.open(directory, clock, settings.probe?.at ?? null)
  const batch = await OpenBatch.open(directory, client, clock)
  return new OpenBizBoxShop(client, settings, { stop, batch }, clock)
}

async function readPlaces(client: OpenBizBoxClient, signal: AbortSignal): Promise<PlatformTrial['locations']> {
  try {
    const { value } = await client.ask({ method: 'GET', path: '/api/v3/places.json', schema: places }, signal)
    return value.map(({ id, title, name }) => ({ id: String(id), name: title ?? name ?? String(id) }))
  } catch (error) {
    // A shop without places has no list of them.
    if (error instanceof CallRefused && error.code !== 'key-rejected') return []
    throw error
  }
}

function warningsOf(settings: Settings): readonly string[] {
  const { probe, place, webhookSecret, url } = settings
  const way = wayOfWriting(settings)
  const found: string[] = []
  if (isReadOnTheWay(url))
    found.push('The address begins with http, so that the keys can be read on the way: use https.')
  if (webhookSecret === null)
    found.push('Without the secret of the webhooks a sale is seen within 10 seconds, not at once.')
  if (place !== null)
    found.push('The stock of one place can only be set, not added to: sales are checked against the orders.')
  else if (probe === null)
    found.push(
      'The writing was not tried yet: pick a product for the trial (trialSku), so that the shop can be written to in the safest way.',
    )
  else if (!probe.reachesVariant)
    found.push('The shop did not change the variant that was meant, so stock is set as a number.')
  else if (!probe.isAtomic)
    found.push('The shop loses changes that come at the same moment: sales are checked against the orders.')
  if (way.stockMin === 0) found.push('Stock is never written below zero.')
  return found
}

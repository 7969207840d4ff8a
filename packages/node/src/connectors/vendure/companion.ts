/** Vendure with the companion plugin inside, class *ledger*: the companion speaks the feed interface of the built-in shop. */
import { z } from 'zod'
import { assertLeadsNowhere } from '../address-trial.ts'
import { ConnectorError } from '../connector.ts'
import { createFeedConnector } from '../feed-connector.ts'
import type { OpenConnector, PlatformTrial } from '../platform.ts'
import { askShop, type ShopAddress, type ShopCall } from '../shop-call.ts'
import { isReadOnTheWay } from '../shop-address.ts'
import type { CompanionSettings } from './settings.ts'

const text = z.string().max(2_000)
const aboutAnswer = z.object({
  platform: z.literal('vendure'),
  version: text,
  shopUrl: text,
  location: text,
  locations: z.array(z.object({ id: text, name: text })).max(1_000),
  /** An earlier companion knows the location of the configuration alone. */
  isLocationFixed: z.boolean().default(true),
  isCopy: z.boolean(),
  sample: z.object({ sku: text.nullable(), name: text, stock: z.int().nullable() }).nullable(),
})
type About = z.infer<typeof aboutAnswer>
const aboutCall: ShopCall<About> = { method: 'GET', path: '/about', schema: aboutAnswer }

/** Reads one product. Errors: those of `Platform.test`. */
export async function tryCompanion(settings: CompanionSettings, signal: AbortSignal): Promise<PlatformTrial> {
  const about = await readAbout(settings, signal)
  if (!about.version.startsWith('3.')) {
    throw new ConnectorError(
      'release-unknown',
      `The shop runs Vendure ${about.version}, and the companion knows Vendure 3. Install the companion of that release.`,
    )
  }
  if (about.isCopy) {
    throw new ConnectorError(
      'shop-copied',
      'This shop is a copy of another one. Let its administrator claim it before a node is connected.',
    )
  }
  assertLocation(settings, about)
  const locations = choicesOf(about)
  const [only, ...others] = locations
  return {
    release: `Vendure ${about.version}`,
    promise: 'exact',
    mayWrite: true,
    sample: about.sample,
    locations,
    warnings: warningsOf(settings, about),
    // Another location that is opened later is not meant.
    ...(settings.location === null && only !== undefined && others.length === 0
      ? { learned: { location: only.id } }
      : {}),
  }
}

export function openCompanion(settings: CompanionSettings): OpenConnector {
  const feed = createFeedConnector({
    name: 'vendure',
    ask: (call, signal) => askCompanion(settings, call, signal),
    shopUrl: settings.url,
  })
  return {
    ...feed,
    async attach(request, signal) {
      // A companion that does not know of locations would begin the feed of another one.
      assertLocation(settings, await askCompanion(settings, aboutCall, signal))
      return await feed.attach(request, signal)
    },
  }
}

/** Each call says which location it means, since the companion may tell of another one by now. */
async function askCompanion<T>(settings: CompanionSettings, call: ShopCall<T>, signal: AbortSignal): Promise<T> {
  const { location } = settings
  const path =
    location === null
      ? call.path
      : `${call.path}${call.path.includes('?') ? '&' : '?'}location=${encodeURIComponent(location)}`
  return await askShop(addressOf(settings), { ...call, path }, signal)
}

function addressOf({ url, key }: CompanionSettings): ShopAddress {
  return { url, space: '/stockmesh/v1', key }
}

async function readAbout(settings: CompanionSettings, signal: AbortSignal): Promise<About> {
  try {
    await assertLeadsNowhere(settings.url, '/stockmesh/v1/about', signal)
    return await askCompanion(settings, aboutCall, signal)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'shop-answer-invalid') throw error
    throw new ConnectorError(
      'not-this-platform',
      `What answers at ${settings.url} is no Vendure shop with the companion. Correct the address, or install the companion.`,
      { cause: error },
    )
  }
}

/** Which locations the companion can be asked for. */
function choicesOf({ location, locations, isLocationFixed }: About): About['locations'] {
  return isLocationFixed ? locations.filter(({ id }) => id === location) : locations
}

/** The companion answers with the location that was asked for, if it can tell of it. */
function assertLocation(settings: CompanionSettings, about: About): void {
  const { location } = settings
  if (location === null || location === about.location) return
  const message = about.isLocationFixed
    ? `The configuration of the shop fixes the stock location ${nameIn(about)}. Choose it, or take stockLocationId out of vendure-config.ts.`
    : `The shop has no stock location with the id ${location}. Choose one of its stock locations.`
  throw new ConnectorError('not-writable', message)
}

function nameIn({ location, locations }: About): string {
  return locations.find(({ id }) => id === location)?.name ?? location
}

function warningsOf({ url }: CompanionSettings, about: About): readonly string[] {
  const warnings: string[] = []
  if (isReadOnTheWay(url)) {
    warnings.push('The address begins with http, so that the key can be read on the way: use https.')
  }
  if (about.isLocationFixed && about.locations.length > 1) {
    warnings.push(
      `The stock of "${nameIn(about)}" is kept in step, as stockLocationId in vendure-config.ts says. Without it the location is chosen here.`,
    )
  }
  return warnings
}

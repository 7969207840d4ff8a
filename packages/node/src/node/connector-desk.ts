/**
 * The shop that this node is beside: opened at the start, tried and changed as the HTTP interface asks for it. What is
 * chosen is on disk before the node's next life begins with it.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CatalogueHealth, ConnectorAnswer, ConnectorTrial, PlatformItem, ShopLocation } from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import { createBuiltinConnector } from '../connectors/builtin.ts'
import { CatalogueHealthCheck, type HealthFindings } from '../connectors/catalogue-health.ts'
import { ConnectorError } from '../connectors/connector.ts'
import { readConnectorFile, writeConnectorFile } from '../connectors/connector-file.ts'
import { LateConnector } from '../connectors/late-connector.ts'
import type { Platform, PlatformTrial } from '../connectors/platform.ts'
import {
  type GivenSettings,
  parseSettings,
  settingsInEnvironment,
  withoutEmpty,
  withoutSecrets,
} from '../connectors/platform-settings.ts'
import { checkStockmeshSignature } from '../connectors/stockmesh-signature.ts'
import type { ConnectorApi, ConnectorRequest } from '../http/connector-routes.ts'
import type { HookDoor } from '../http/hooks.ts'
import { catalogueHealthMsMax, connectorTrialMsMax } from '../http/limits.ts'
import { ApiFailure, type PageQuery } from '../http/node-api.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import { pageOf } from '../views/short-list.ts'
import { type ChosenShop, chooseShop, isInside, isSameShop } from './chosen-shop.ts'
import { type NodeHost, refuseInNetwork } from './node-host.ts'
import type { OwnShop } from './own-shop.ts'

export interface ConnectorDeskParts {
  readonly directory: string
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly env: Readonly<Record<string, string | undefined>>
  /** The platform by the command line; null: not named there. */
  readonly named: string | null
  /** A built-in shop by the command line. */
  readonly shop: { readonly url: string; readonly key: string } | null
  readonly own: {
    readonly shop: OwnShop
    /** Any of them is the shop's; the first is used. */
    readonly keys: readonly [string, ...string[]]
    /** Where this machine reaches it. */
    readonly url: () => string
    /** Where people reach it. */
    readonly shopUrl: () => string
  }
  /** Where the shop reaches this node. */
  readonly nodeUrl: () => string
  /** Error: 503 `node-restarting`. */
  readonly host: () => NodeHost
  readonly platforms: { readonly names: readonly string[]; load(name: string): Promise<Platform> }
}

type Asked = Pick<ChosenShop, 'platform' | 'given' | 'settings'>

export class ConnectorDesk implements ConnectorApi, AsyncDisposable {
  readonly #parts: ConnectorDeskParts
  #chosen: ChosenShop
  #connector: LateConnector
  readonly #turns = new Lane()
  #health: { readonly at: number; readonly findings: HealthFindings } | null = null

  /** Errors: `connector-file-damaged`, `connector-settings-invalid`, those of the built-in shop's database. */
  static async open(parts: ConnectorDeskParts): Promise<ConnectorDesk> {
    const { named, shop, env, platforms } = parts
    const kept = await readConnectorFile(parts.directory)
    const chosen = await chooseShop({ named, shop, kept, env, load: (name) => platforms.load(name) })
    if (chosen.settings === null) await parts.own.shop.open()
    return new ConnectorDesk(parts, chosen)
  }

  private constructor(parts: ConnectorDeskParts, chosen: ChosenShop) {
    this.#parts = parts
    this.#chosen = chosen
    this.#connector = this.#create(chosen)
  }

  /** Opened by the first call to it. */
  get current(): { readonly connector: LateConnector; readonly location: ShopLocation | null } {
    return { connector: this.#connector, location: this.#chosen.location }
  }

  /** Who may hint. */
  get door(): HookDoor {
    const { platform, settings, given } = this.#chosen
    const keys = settings === null ? this.#parts.own.keys : []
    if (settings !== null && platform.checkHint !== undefined) {
      return {
        connector: platform.name,
        check: (hint) => platform.checkHint?.(settings.value, hint) ?? 'signature-invalid',
      }
    }
    const own = given['key'] === undefined ? keys : [given['key']]
    return { connector: platform.name, check: own.length === 0 ? null : (hint) => checkStockmeshSignature(hint, own) }
  }

  async platforms(): Promise<readonly PlatformItem[]> {
    const { platforms } = this.#parts
    return (await Promise.all(platforms.names.map((name) => platforms.load(name)))).map(platformItem)
  }

  connector(): ConnectorAnswer {
    const { platform, given, location, warnings, otherWriters } = this.#chosen
    const { named, shop, env } = this.#parts
    const secrets = new Set(platform.fields.filter(({ isSecret }) => isSecret).map(({ name }) => name))
    const entries = Object.entries(given)
    return {
      platform: platform.name,
      settings: Object.fromEntries(entries.filter(([name]) => !secrets.has(name))),
      secretsSet: entries.flatMap(([name]) => (secrets.has(name) ? [name] : [])),
      fromEnvironment: shop === null ? Object.keys(settingsInEnvironment(platform, env)) : Object.keys(given),
      fixed: named !== null || shop !== null,
      promise: this.#connector.promise,
      location,
      warnings: this.#connector.writeStop === null ? warnings : [this.#connector.writeStop, ...warnings],
      otherWriters,
    }
  }

  async tryConnector(request: ConnectorRequest): Promise<ConnectorTrial> {
    const asked = await this.#resolve(request)
    return trialAnswer(asked.platform, await this.#try(asked))
  }

  async chooseConnector(request: Parameters<ConnectorApi['chooseConnector']>[0]): Promise<ConnectorAnswer> {
    return await this.#turns.run(() => this.#choose(request))
  }

  async catalogueHealth(query: PageQuery): Promise<CatalogueHealth> {
    const now = this.#parts.clock.now()
    let kept = this.#health
    if (query.after === null || kept === null || now - kept.at > catalogueHealthMsMax) {
      kept = { at: now, findings: await this.#readCatalogue() }
      this.#health = kept
    }
    const { items, ...totals } = kept.findings
    const named = ({ kind, products }: (typeof items)[number]): string => `${kind} ${products.join(' ')}`
    return { ...pageOf(items, named, query), ...totals }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connector[Symbol.asyncDispose]()
  }

  async #choose(request: Parameters<ConnectorApi['chooseConnector']>[0]): Promise<ConnectorAnswer> {
    const { directory, named, shop, own, env, random } = this.#parts
    const before = this.#chosen
    if (shop !== null || (named !== null && named !== request.platform)) {
      const message =
        'The command line or the environment names the shop of this node. Change it there, or start the node without it.'
      throw new ApiFailure(409, 'connector-fixed', message)
    }
    const asked = await this.#resolve(request)
    const isSame = isSameShop(asked.platform, asked.given, before)
    // Before the shop is asked anything; the host looks again when its turn comes.
    if (!isSame) refuseInNetwork(this.#parts.host().node)
    const trial = await this.#try(asked)
    if (trial.mayWrite === false) throw notWritable()
    const fixed = Object.keys(settingsInEnvironment(asked.platform, env))
    const learned = this.#learn(asked, trial)
    const chosen: ChosenShop = {
      ...learned,
      promise: trial.promise,
      location: isBound(this.#parts.host())
        ? namedBy(trial, before.location)
        : locationOf(asked.platform, learned.given, trial),
      warnings: trial.warnings,
      otherWriters: request.otherWriters === undefined ? before.otherWriters : request.otherWriters,
      folder: isSame ? before.folder : `${asked.platform.name}-${Buffer.from(random.bytes(4)).toString('hex')}`,
    }
    const settings = Object.fromEntries(Object.entries(learned.given).filter(([name]) => !fixed.includes(name)))
    const { promise, location, warnings, otherWriters, folder } = chosen
    const kept = { platform: asked.platform.name, settings, promise, location, warnings, otherWriters, folder }
    await this.#parts.host().changeShop(isSame, async () => {
      if (chosen.settings === null) await own.shop.open()
      await writeConnectorFile(directory, kept)
      await this.#connector[Symbol.asyncDispose]()
      this.#chosen = chosen
      this.#connector = this.#create(chosen)
      this.#health = null
      if (chosen.settings !== null) await own.shop.close()
      // What a connector kept of another shop says nothing about this one.
      if (!isSame) await rm(this.#folder(before), { recursive: true, force: true })
      return this.current
    })
    return this.connector()
  }

  /** Errors: 422 `platform-unknown`, 422 `connector-settings-invalid` with `details.fields`. */
  async #resolve({ platform: name, settings }: ConnectorRequest): Promise<Asked> {
    const { platforms, env } = this.#parts
    if (!platforms.names.includes(name)) {
      throw new ApiFailure(
        422,
        'platform-unknown',
        `There is no such platform. Choose one of ${platforms.names.join(', ')}.`,
      )
    }
    const platform = await platforms.load(name)
    const typed = withoutEmpty(settings)
    const given = { ...this.#keptSecrets(platform, typed), ...typed, ...settingsInEnvironment(platform, env) }
    if (isInside(platform, given)) return { platform, given, settings: null }
    const parsed = parseSettings(platform, given)
    if (parsed.ok) return { platform, given, settings: { value: parsed.settings } }
    const faults = parsed.faults.map(({ field, message }) => `${field === '' ? 'They' : field} ${message}`)
    throw new ApiFailure(
      422,
      'connector-settings-invalid',
      `The settings of the shop do not fit: ${faults.join('; ')}${/[.!]$/.test(faults.at(-1) ?? '') ? '' : '.'}`,
      { fields: parsed.faults },
    )
  }

  /** What the trial found out is kept with what was entered. */
  #learn(asked: Asked, { learned }: PlatformTrial): Asked {
    if (learned === undefined || asked.settings === null) return asked
    const given = { ...asked.given, ...learned }
    const parsed = parseSettings(asked.platform, given)
    // Our own platform's trial made a setting that our own platform does not take.
    if (!parsed.ok) throw new Error(`${asked.platform.name} does not take what its trial learned`)
    return { platform: asked.platform, given, settings: { value: parsed.settings } }
  }

  /** A key that was kept goes to the shop that it was entered for, and to no other address. */
  #keptSecrets(platform: Platform, typed: GivenSettings): GivenSettings {
    const { given } = this.#chosen
    const { locationField } = platform
    const elsewhere = (one: GivenSettings): GivenSettings =>
      Object.fromEntries(Object.entries(one).filter(([name]) => name !== locationField))
    const now = elsewhere({ ...typed, ...settingsInEnvironment(platform, this.#parts.env) })
    if (!isSameShop(platform, now, { platform: this.#chosen.platform, given: elsewhere(given) })) return {}
    const secrets = platform.fields.filter(({ isSecret, name }) => isSecret && given[name] !== undefined)
    return Object.fromEntries(secrets.map(({ name }) => [name, given[name] ?? '']))
  }

  /** Errors: 422 and the shop's own code. */
  async #try({ platform, given, settings }: Asked): Promise<PlatformTrial> {
    const { own, timers } = this.#parts
    const inside = { url: own.url(), key: own.keys[0] }
    if (settings === null && own.shop.current === null) return emptyShop
    const stop = new AbortController()
    const cancel = timers.after(connectorTrialMsMax, () => stop.abort())
    try {
      return await platform.test(settings === null ? inside : settings.value, stop.signal)
    } catch (error) {
      if (error instanceof ConnectorError) {
        throw new ApiFailure(422, error.code, withoutSecrets(platform, given, error.message))
      }
      if (!stop.signal.aborted) throw error
      const seconds = connectorTrialMsMax / 1_000
      const message = `The shop has not answered for ${seconds} s. Check the address, and that the shop is running.`
      throw new ApiFailure(422, 'shop-unreachable', message)
    } finally {
      cancel()
    }
  }

  async #readCatalogue(): Promise<HealthFindings> {
    const check = new CatalogueHealthCheck()
    const never = new AbortController().signal
    try {
      for (let after: string | null = null, isLast = false; !isLast; ) {
        const { items, next } = await this.#connector.list({ after, limit: 1_000 }, never)
        for (const row of items) check.see(row)
        after = next
        isLast = next === null
      }
    } catch (error) {
      if (error instanceof ConnectorError) throw new ApiFailure(503, error.code, error.message)
      throw error
    }
    return check.findings()
  }

  #create(chosen: ChosenShop): LateConnector {
    const { own, clock, timers, random, nodeUrl } = this.#parts
    const { platform, settings, promise } = chosen
    const { name } = platform
    return new LateConnector({
      name,
      promise,
      shopUrl: () => (settings === null ? own.shopUrl() : null),
      open: async () =>
        settings === null
          ? createBuiltinConnector({
              url: own.url(),
              key: own.keys[0],
              get shopUrl() {
                return own.shopUrl()
              },
            })
          : await platform.open(settings.value, {
              directory: this.#folder(chosen),
              clock,
              timers,
              random,
              hookUrl: `${nodeUrl()}/hooks/${name}`,
            }),
    })
  }

  #folder({ folder }: Pick<ChosenShop, 'folder'>): string {
    return join(this.#parts.directory, 'connector', folder)
  }
}

/** The shop inside a node before it has opened for the first time. */
const emptyShop: PlatformTrial = {
  release: 'Stockmesh shop',
  promise: 'exact',
  mayWrite: true,
  sample: null,
  locations: [],
  warnings: [],
}

function platformItem({ name, fields, locationField }: Platform): PlatformItem {
  return {
    name,
    fields: fields.map((field) => ({
      name: field.name,
      help: field.help,
      secret: field.isSecret,
      required: field.isRequired,
      location: field.name === locationField,
    })),
  }
}

function trialAnswer({ name: platform }: Platform, trial: PlatformTrial): ConnectorTrial {
  const { release, promise, mayWrite, sample, locations, warnings, learned } = trial
  const known = mayWrite === 'unknown' ? null : mayWrite
  return { platform, release, promise, mayWrite: known, sample, locations, warnings, learned: learned ?? {} }
}

/** Whether a network has the stock of this shop, or is about to. */
function isBound({ node: { network } }: Pick<NodeHost, 'node'>): boolean {
  return network.network !== null || network.isJoining
}

/** Of the same shop it stays the one that its stock is bound to; only its name may be another by now. */
function namedBy({ locations }: PlatformTrial, location: ShopLocation | null): ShopLocation | null {
  return locations.find(({ id }) => id === location?.id) ?? location
}

/** null: the whole stock of the shop. Error: 422 `location-needed` with `details.locations`. */
function locationOf(
  { locationField, fields }: Platform,
  given: GivenSettings,
  { locations }: PlatformTrial,
): ShopLocation | null {
  if (locationField === undefined) return null
  const chosen = locations.find(({ id }) => id === given[locationField])
  if (chosen !== undefined) return chosen
  if (locations.length < 2 || !fields.some(({ name, isRequired }) => name === locationField && isRequired)) return null
  const names = locations.map(({ id, name }) => `${name} (${id})`).join(', ')
  const message = `The shop has several stock locations: ${names}. Choose the one to synchronise.`
  throw new ApiFailure(422, 'location-needed', message, { locations })
}

function notWritable(): ApiFailure {
  const message = 'The key may read the shop and not change its stock. Give it the right to write, then try again.'
  return new ApiFailure(422, 'not-writable', message)
}

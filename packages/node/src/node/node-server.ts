/**
 * The composition root: one node with its port, its pages and, unless its shop runs by itself, the built-in shop.
 * It opens everything in order and closes it in reverse.
 */
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { Alerts } from '../alerts/alerts.ts'
import { assertNotRestoring } from '../backup/restore-folder.ts'
import { loadPlatform, platformNames } from '../connectors/platforms.ts'
import { alertRoutes } from '../http/alert-routes.ts'
import { Access, type OwnToken } from '../http/access.ts'
import { type CertificateFiles, Certificates } from '../http/certificates.ts'
import { clientAddress } from '../http/forwarded.ts'
import { type Account, openAccount } from '../http/account.ts'
import { auditRoutes } from '../http/audit-routes.ts'
import { connectorRoutes } from '../http/connector-routes.ts'
import { backupRoutes } from '../http/backup-routes.ts'
import { bearerToken } from '../http/bearer.ts'
import { openAdminLog } from '../http/admin-log.ts'
import { openApiTokens } from '../http/api-tokens.ts'
import { openCliToken } from '../http/cli-token.ts'
import type { Clock } from '../http/clock.ts'
import type { NodeFigures } from '../http/figures.ts'
import { eventsRoutes } from '../http/events-routes.ts'
import { Idempotency } from '../http/idempotency.ts'
import { importPreviewRoutes } from '../http/import-routes.ts'
import { hintPauseMs } from '../http/limits.ts'
import { type Listener, openListener } from '../http/listener.ts'
import { memberUndoRoutes } from '../http/member-undo-routes.ts'
import { pauseRoutes } from '../http/pause-routes.ts'
import { builtPages } from '../http/pages.ts'
import { equalSecrets, makeSecret } from '../http/secret.ts'
import { createApp } from '../http/server.ts'
import { Metrics } from '../http/metrics.ts'
import { openSessions } from '../http/sessions.ts'
import { skuChoiceRoutes } from '../http/sku-choice-routes.ts'
import { guardRoutes } from '../http/guard-routes.ts'
import { stockViewsRoutes } from '../http/stock-views-routes.ts'
import { stopAllRoutes } from '../http/stop-all-routes.ts'
import { stockChangeRoutes } from '../http/stock-change-routes.ts'
import { openIdentity } from '../identity.ts'
import { openNoiseChannel } from '../network/channel.ts'
import { isPrivateHost } from '../address-place.ts'
import { createDial } from '../network/dialer.ts'
import { createReadPage } from '../network/discovery.ts'
import { systemClock, systemRandom, systemTimers } from '../ports.ts'
import { recordHashes } from '../record-hashes.ts'
import { createShopRouter } from '../shop/shop-router.ts'
import { shopOperations } from '../shop/shop-routes.ts'
import { SettingsStore } from '../settings/settings-store.ts'
import { openShop, type Shop } from '../shop/shop.ts'
import { openDatabase } from '../storage/database.ts'
import { ReopeningStorage } from '../storage/reopening.ts'
import { alertFacts } from './alert-facts.ts'
import { AuditDesk } from './audit-desk.ts'
import { BackupDesk } from './backup-desk.ts'
import { ConnectorDesk } from './connector-desk.ts'
import { ImportDesk } from './import-desk.ts'
import { LiveChannel } from './live-channel.ts'
import { MemberUndoDesk } from './undo-member.ts'
import { NodeEvents } from './node-events.ts'
import { NodeFacade } from './node-facade.ts'
import { dataFolder } from './node-folder.ts'
import { release } from './release.ts'
import { figuresOf, NodeCounts } from './node-figures.ts'
import { NodeHost } from './node-host.ts'
import { NodeStockChanges } from './node-stock-changes.ts'
import { OwnShop } from './own-shop.ts'
import { PauseDesk } from './pause-desk.ts'
import { SkuChoiceDesk } from './sku-choice-desk.ts'
import { GuardDesk } from './guard-desk.ts'
import { StockViewsDesk } from './stock-views-desk.ts'
import { StopAllDesk } from './stop-all-desk.ts'
import { Throttle } from './throttle.ts'

export interface NodeServerOptions {
  readonly directory: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** The address other shops reach this node at; null: as chosen in the pages, else what host and port give. */
  readonly url: string | null
  /** null: as chosen in the pages or at set-up. */
  readonly name: string | null
  readonly adminToken: string | null
  /** The platform of the shop by the command line; null: the one that was chosen before, else the built-in one. */
  readonly connector?: string | null
  /** A built-in shop by the command line that runs by itself; null: not named there. */
  readonly shop: { readonly url: string; readonly key: string } | null
  /** Where settings of a platform are looked for; nowhere without it. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Also accepted on `/shop/v1` of a shop inside this node. */
  readonly shopKey: string | null
  /** Peers may have private addresses though this node has a public one. */
  readonly allowPrivatePeers: boolean
  readonly openShop: boolean
  /** Files in PEM; the port then speaks https. null or absent: plain http. */
  readonly tls?: CertificateFiles | null
  /** A proxy in front says who asks, and whether by https; absent: no. */
  readonly trustsProxy?: boolean
  readonly demo: boolean
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** The only table of the database in `DIR/admin`. */
const adminTable = 1

export class NodeServer implements AsyncDisposable {
  /** Where other shops reach it. */
  readonly url: string
  /** Where this machine reaches it. */
  readonly localUrl: string
  readonly account: Account
  readonly facade: NodeFacade
  readonly #own: OwnShop
  readonly #owned: readonly AsyncDisposable[]

  private constructor(
    url: string,
    local: string,
    account: Account,
    own: OwnShop,
    facade: NodeFacade,
    owned: readonly AsyncDisposable[],
  ) {
    this.url = url
    this.localUrl = local
    this.account = account
    this.#own = own
    this.facade = facade
    this.#owned = owned
  }

  /** The shop inside this node; null while it is beside another one. */
  get shop(): Shop | null {
    return this.#own.current
  }

  /**
   * Errors have a `code` and a sentence: those of the databases, the identity and the port (`database-locked`,
   * `database-damaged`, `identity-damaged`, `data-of-another-shop`, `restore-unfinished`, `port-in-use`, ...), and of the shop's settings
   * (`connector-settings-invalid`, `connector-file-damaged`).
   */
  static async open(options: NodeServerOptions): Promise<NodeServer> {
    const owned: AsyncDisposable[] = []
    try {
      return await NodeServer.#open(options, owned)
    } catch (error) {
      await closeAll(owned)
      throw error
    }
  }

  static async #open(options: NodeServerOptions, owned: AsyncDisposable[]): Promise<NodeServer> {
    const { directory, logger, tls = null, trustsProxy = false } = options
    await assertNotRestoring(directory)
    const clock: Clock = { ...systemClock, ...systemTimers }
    const running: { host: NodeHost | null; live: LiveChannel | null; listener: Listener | null } = {
      host: null,
      live: null,
      listener: null,
    }
    const certificates = tls === null ? null : await openCertificates(tls, logger)
    if (certificates !== null) owned.unshift(certificates)
    const storage = await ReopeningStorage.open(() => openDatabase(join(directory, 'admin')))
    owned.unshift(storage)
    const stored = { storage, table: adminTable, clock }
    const account = await openAccount({ ...stored, onSetup: () => running.host?.introduce() })
    const started = { name: options.name, url: options.url }
    const settings = await SettingsStore.open({ ...stored, started, profile: () => account.profile })
    const local = (): string => localUrl(options.host, running.listener?.port ?? options.port)
    const scheme = tls === null ? 'http:' : 'https:'
    const url = (): string => settings.current.url ?? local().replace('http:', scheme)
    const name = (): string => settings.current.name
    const ownTokens = await readOwnTokens(directory, options.adminToken)
    const apiTokens = await openApiTokens(stored)
    const sessions = await openSessions(stored)
    const identity = await openIdentity(directory, systemRandom)
    const facade = new NodeFacade(() => running.host)
    const access = new Access({ sessions, nodeId: identity.shopId, publicUrl: url, trustsProxy, ownTokens, apiTokens })
    const keys: [string, ...string[]] = [makeSecret(32), ...(options.shopKey === null ? [] : [options.shopKey])]
    const own = new OwnShop(
      () => openOwnShop(directory, clock, logger),
      (shop) => shopHandler(shop, access, keys, options.openShop || options.demo),
    )
    owned.unshift(own)
    const desk = await ConnectorDesk.open({
      directory,
      clock,
      timers: systemTimers,
      random: systemRandom,
      env: options.env ?? {},
      named: options.connector ?? null,
      shop: options.shop,
      own: {
        shop: own,
        keys,
        url: local,
        shopUrl: () => `${url()}/shop/`,
      },
      nodeUrl: url,
      host: () => facade.host,
      platforms: { names: platformNames, load: loadPlatform },
    })
    owned.unshift(desk)
    const events = new NodeEvents({ clock, random: systemRandom, mayRead: (request) => access.role(request) !== null })
    const counts = new NodeCounts()
    const open = (): { livePages: number; eventStreams: number } => ({
      livePages: running.live?.pages ?? 0,
      eventStreams: events.count,
    })
    const figures = (): NodeFigures => figuresOf(running.host, counts, open())
    const changed = (): void => {
      running.live?.changed()
      events.changed()
    }
    const startedAt = clock.now()
    const alerts = await Alerts.open({
      ...stored,
      random: systemRandom,
      settings: () => settings.current,
      sender: () => ({ id: running.host?.shopId ?? identity.shopId, name: name(), url: url() }),
      facts: () => (running.host?.isOpen === true ? alertFacts(running.host.node, name(), startedAt) : null),
      onFailure: (code, about) => logger.warn({ code, ...about }, 'an alert could not be sent'),
      onChange: changed,
    })
    owned.unshift(alerts)
    const hints = new Throttle(
      clock,
      () => hintPauseMs,
      () => {
        if (facade.ready()) facade.hint()
      },
    )
    owned.unshift({ [Symbol.asyncDispose]: () => Promise.resolve(hints.stop()) })
    const guard = new GuardDesk(() => facade.node, clock, systemTimers)
    owned.unshift({ [Symbol.asyncDispose]: () => Promise.resolve(guard.stop()) })
    const app = createApp({
      node: facade,
      features: [
        ...stockChangeRoutes(new NodeStockChanges(() => running.host), clock),
        ...eventsRoutes((request, response) => events.open(request, response)),
        ...importPreviewRoutes(new ImportDesk(() => facade.host)),
        ...memberUndoRoutes(new MemberUndoDesk(() => facade.host), clock),
        ...pauseRoutes(new PauseDesk(() => facade.node.shop)),
        ...guardRoutes(guard),
        ...stopAllRoutes(new StopAllDesk(() => facade.node.network, systemTimers)),
        ...skuChoiceRoutes(new SkuChoiceDesk(() => facade.host)),
        ...stockViewsRoutes(new StockViewsDesk(() => facade.host)),
        ...alertRoutes(alerts),
        ...auditRoutes(new AuditDesk(() => facade.host, systemTimers)),
        ...backupRoutes(
          new BackupDesk({ directory, clock, name, host: () => facade.host, admin: stored, shop: () => own.current }),
        ),
        ...connectorRoutes(desk),
      ],
      account,
      settings,
      sessions,
      access,
      apiTokens,
      adminLog: await openAdminLog(stored),
      metrics: new Metrics({ access, now: () => clock.now(), release, figures }),
      idempotency: new Idempotency(stored),
      clock,
      logger,
      publicUrl: url,
      trustsProxy,
      demo: options.demo,
      pagesDirectory: builtPages(),
      shop: {
        isOpen: () => own.current !== null,
        handle: own.handle,
        operations: shopOperations('/shop/v1'),
      },
      release,
      hooks: {
        door: () => desk.door,
        now: () => clock.now(),
        onHint: () => hints.ask(),
      },
    })
    running.live = new LiveChannel({
      clock,
      role: (request) => access.upgradeRole(request),
      document: () => (running.host?.isOpen === true ? (running.host.node.network.document?.doc ?? null) : null),
      state: () => (facade.ready() ? facade.live() : null),
    })
    owned.unshift(running.live)
    running.listener = await openListener({
      host: options.host,
      port: options.port,
      app,
      trustsProxy,
      upgrades: {
        '/live/v1': (request, socket, head) => running.live?.handleUpgrade(request, socket, head),
        '/sync/v1': (request, socket, head) => {
          const address = clientAddress(request, trustsProxy)
          if (running.host?.isOpen === true) running.host.node.network.handleUpgrade(request, socket, head, address)
          else socket.destroy()
        },
      },
      clock,
      certificates,
    })
    owned.unshift(running.listener)
    // A node that is itself reached at a private address has its peers there.
    const allowsPrivate = (): boolean => options.allowPrivatePeers || isPrivateHost(new URL(url()).hostname)
    running.host = await NodeHost.open({
      folder: dataFolder(directory, systemRandom),
      dial: createDial(allowsPrivate),
      readPage: createReadPage(allowsPrivate),
      openChannel: openNoiseChannel,
      hashes: recordHashes,
      ...desk.current,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      logger,
      name,
      url,
      rules: {
        get buffer() {
          return settings.current.buffer
        },
        floor: 0,
      },
      holds: {
        get ownFromSkus() {
          const { holdOwnChanges, holdFromSkus } = settings.current
          return holdOwnChanges ? holdFromSkus : null
        },
        get membersFromSkus() {
          const { holdMemberChanges, holdFromSkus } = settings.current
          return holdMemberChanges ? holdFromSkus : null
        },
      },
      alerts,
      onChange: () => {
        changed()
        alerts.changed()
      },
      onLife: (node) => {
        events.follow(node)
        counts.follow(node)
      },
    })
    followSettings(settings, running.host, logger)
    settings.onChange(() => alerts.retry())
    owned.unshift({ [Symbol.asyncDispose]: () => Promise.resolve(own.current?.endWaits()) })
    owned.unshift(running.host)
    owned.unshift(events)
    return new NodeServer(url(), local(), account, own, facade, owned)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeAll(this.#owned)
  }
}

/** What was chosen in the pages takes effect at once. */
function followSettings(settings: SettingsStore, host: NodeHost, logger: NodeServerOptions['logger']): void {
  settings.onChange((now, before) => {
    if (now.buffer !== before.buffer) host.decideAnew()
    if (now.name === before.name && now.url === before.url) return
    // The next start tells the network what this one could not.
    host.introduce().catch((error: unknown) => logger.error({ err: error }, 'the network was not told of the change'))
  })
}

async function readOwnTokens(directory: string, adminToken: string | null): Promise<readonly OwnToken[]> {
  const ofFolder: OwnToken = { kind: 'command-line', token: await openCliToken(directory) }
  return adminToken === null ? [ofFolder] : [{ kind: 'environment', token: adminToken }, ofFolder]
}

async function openOwnShop(directory: string, clock: Clock, logger: NodeServerOptions['logger']): Promise<Shop> {
  const onFailed = (error: unknown): void => logger.error({ err: error }, 'the shop could not write to its disk')
  return await openShop({ directory: join(directory, 'shop'), clock, random: systemRandom, onFailed })
}

async function closeAll(owned: readonly AsyncDisposable[]): Promise<void> {
  for (const one of owned) await one[Symbol.asyncDispose]()
}

/** The shop's interface inside a node: who administers the node administers its shop. */
function shopHandler(shop: Shop, access: Access, keys: readonly string[], open: boolean): RequestHandler {
  return createShopRouter(shop, {
    open,
    role: (request) => {
      const given = bearerToken(request)
      if (given !== null && keys.map((key) => equalSecrets(key, given)).includes(true)) return 'admin'
      return access.role(request) ?? (request.headers.authorization === undefined ? 'public' : 'none')
    },
  })
}

async function openCertificates(files: CertificateFiles, logger: NodeServerOptions['logger']): Promise<Certificates> {
  return await Certificates.open({
    files,
    timers: systemTimers,
    onRefused: ({ code, message }) => logger.warn({ code }, message),
  })
}

/** How this machine reaches its own port: plainly also where others must come by https. */
function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

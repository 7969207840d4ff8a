/**
 * Owns the data folder and the node's present life. A life that must end (this shop left, entered another network, or
 * a write failed) is closed and the next one opened from what is on disk; callers meanwhile hear "try again".
 */
import type { RecordHashes, ShopId, ShopLocation } from '@stockmesh/protocol'
import type { Logger } from 'pino'
import { Lane } from '../lane.ts'
import type { LedgerConnector } from '../connectors/connector.ts'
import { ApiFailure } from '../http/node-api.ts'
import type { Identity } from '../identity.ts'
import type { OpenChannel } from '../network/channel.ts'
import type { Dial, ReadPage } from '../network/socket.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import type { HoldRules } from '../shop-sync/hold-rules.ts'
import type { ShowingRules } from '../shop-sync/situation.ts'
import { assertFormat, formatRow } from '../storage/format.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type SnapshotStorage, type Storage, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { NodeFolder } from './node-folder.ts'
import { OpenChanges } from './open-changes.ts'
import { findHeir } from './goodbye.ts'
import { refuseWhilePaused } from './pause-desk.ts'
import type { NodeFacts } from './status.ts'
import { StockNode } from './stock-node.ts'
import type { AlertDesk } from './stock-node-parts.ts'

export interface ShopChoice {
  readonly connector: LedgerConnector
  readonly location: ShopLocation | null
}

export interface NodeHostParts {
  readonly folder: NodeFolder
  readonly connector: LedgerConnector
  /** Of the shop's several stock locations the one that is synchronised. */
  readonly location?: ShopLocation | null
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** How other nodes are dialed, and how the page that names one is read. */
  readonly dial: Dial
  readonly readPage: ReadPage
  readonly openChannel: OpenChannel
  readonly hashes: RecordHashes
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly name: () => string
  readonly url: () => string
  /** Read anew for every decision. */
  readonly rules: ShowingRules
  readonly holds: HoldRules
  readonly alerts: AlertDesk
  readonly onChange: () => void
  /** Another life begins. */
  readonly onLife: (node: StockNode) => void
}

const selfKey = encodeKey(tables.meta, 'shop')
/** How long leaving waits for a member that holds everything of this shop, in milliseconds. */
const leaveMsMax = 60_000
const pollMs = 100
const reopenMs = 1_000

export class NodeHost implements AsyncDisposable {
  readonly #parts: NodeHostParts
  #identity: Identity
  #shop: ShopChoice
  /** Stays the same over the lives of this process. */
  readonly #startedAt: number
  #storage: SnapshotStorage | null = null
  #node: StockNode | null = null
  /** Stands for the present life: whatever ends it names it, so that an old one cannot end a new one. */
  #life: object | null = null
  readonly #turns = new Lane()
  readonly #changes = new OpenChanges()
  /** The departure that is under way, and whether somebody forces it. */
  #departure: Promise<void> | null = null
  #isForced = false
  #closed = false

  /** Errors: `database-locked`, `database-damaged`, `database-format`, `identity-damaged`, `data-of-another-shop`. */
  static async open(parts: NodeHostParts): Promise<NodeHost> {
    const host = new NodeHost(parts, await parts.folder.openIdentity())
    await host.#openNode()
    return host
  }

  private constructor(parts: NodeHostParts, identity: Identity) {
    this.#parts = parts
    this.#identity = identity
    this.#shop = { connector: parts.connector, location: parts.location ?? null }
    this.#startedAt = parts.clock.now()
  }

  get isOpen(): boolean {
    return this.#node !== null
  }

  /** Error: 503 `node-restarting`. */
  get node(): StockNode {
    if (this.#node === null) throw restarting()
    return this.#node
  }

  get shopId(): ShopId {
    return this.#identity.shopId
  }

  get connector(): LedgerConnector {
    return this.#shop.connector
  }

  /** The database of the present life, to be copied. Error: 503 `node-restarting`. */
  get storage(): Pick<SnapshotStorage, 'scan' | 'snapshot'> {
    if (this.#storage === null) throw restarting()
    return this.#storage
  }

  now(): number {
    return this.#parts.clock.now()
  }

  /** The shop's name or address changed: the network's records are to say so. */
  async introduce(): Promise<void> {
    await this.#node?.network.introduce(this.shopId)
    this.#parts.onChange()
  }

  /** What this shop shows of a level changed. */
  decideAnew(): void {
    this.#node?.decideAnew()
    this.#parts.onChange()
  }

  facts(): NodeFacts {
    const { name, url } = this.#parts
    const { connector, location } = this.#shop
    return {
      name: name(),
      url: url(),
      connector: connector.name,
      promise: connector.promise,
      shopUrl: connector.shopUrl,
      location,
    }
  }

  /** Runs what a person changes of the stock or the members; a departure waits for it. Error: 409 `shop-leaving`. */
  async change<T>(change: () => Promise<T>): Promise<T> {
    return await this.#changes.run(change)
  }

  /**
   * Leaves the network for ever: waits until a member holds everything of this shop, signs the departure, and starts
   * empty with a new key. Whoever asks again meanwhile waits for the same departure, and may force it.
   * Errors: 409 `no-network`, 409 `shop-paused`, 409 `leave-unheard`.
   */
  async leave(force: boolean): Promise<void> {
    this.#isForced ||= force
    this.#departure ??= this.#changes
      .refuseDuring(() => this.#leave())
      .finally(() => {
        this.#departure = null
        this.#isForced = false
      })
    await this.#departure
    this.#parts.onChange()
  }

  async #leave(): Promise<void> {
    const { node } = this
    try {
      await this.#depart(node)
    } finally {
      node.goodbye.end()
    }
  }

  async #depart(node: StockNode): Promise<void> {
    const force = this.#isForced
    // A shop that was let in and removed before it heard of either needs a new key as well.
    const isRefused = node.network.outgoing.current?.request.state === 'refused'
    if (node.network.network === null && !(force && isRefused)) {
      throw new ApiFailure(409, 'no-network', 'This shop is in no network, so there is nothing to leave.')
    }
    const isMember = node.network.network !== null && !node.network.isEvicted
    if (isMember && !force) refuseWhilePaused(node.shop)
    if (isMember) await this.#sayGoodbye(node)
    await this.#turns.run(async () => {
      await this.#closeNode()
      await this.#parts.folder.archive(this.now())
      this.#identity = await this.#parts.folder.openIdentity()
      await this.#openNode()
    })
  }

  /**
   * Begins a life beside another shop, or beside the same one with another key. `change` makes it so while nothing
   * touches either; what it throws leaves everything as it was. Errors: 409 `leave-first`, 409 `join-pending`.
   */
  async changeShop(isSameShop: boolean, change: () => Promise<ShopChoice>): Promise<void> {
    await this.#turns.run(async () => {
      if (!isSameShop) refuseInNetwork(this.node)
      await this.#closeNode()
      try {
        this.#shop = await change()
      } finally {
        await this.#reopen()
      }
    })
    this.#parts.onChange()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#turns.run(() => this.#closeNode())
  }

  async #sayGoodbye(node: StockNode): Promise<void> {
    if (!(await this.#hasWord(node)) && !this.#isForced) {
      throw new ApiFailure(
        409,
        'leave-unheard',
        'No other shop has heard of all of this shop’s sales yet. Wait until one is reachable, or leave all the same with --force.',
      )
    }
    if (isAlone(node)) return
    node.network.document?.append({ at: this.now(), kind: 'left', shop: this.#parts.name() })
    await node.network.membership.remove(node.self)
    await node.network.document?.flush()
    // A member that has heard ends the session: this shop is not a member any more.
    await this.#until(5_000, () => node.network.link.connected().size === 0)
  }

  /** Waits until nothing is on its way in any more, and another shop that holds everything gave its word to stay. */
  async #hasWord(node: StockNode): Promise<boolean> {
    let isOver = false
    const cancel = this.#parts.timers.after(leaveMsMax, () => {
      isOver = true
    })
    try {
      while (!isOver) {
        node.goodbye.begin(this.#isForced)
        if (this.#changes.isEmpty && (this.#isForced || isAlone(node) || (await findHeir(node)))) return true
        await this.#pause(pollMs)
      }
      return false
    } finally {
      cancel()
    }
  }

  async #openNode(): Promise<void> {
    const { folder, ...parts } = this.#parts
    const life = {}
    this.#life = life
    // Not every write goes through the ledger: a join request or a membership record may be the one that fails.
    const storage = await folder.openStorage((error) => void this.#renew(life, error))
    try {
      await assertOwn(storage, this.#identity.shopId, folder.path)
      this.#node = await StockNode.open({
        ...parts,
        ...this.#shop,
        storage,
        identity: this.#identity,
        startedAt: this.#startedAt,
        onRenew: (reason) => void this.#renew(life, reason),
        onAlarm: (code, facts) => parts.logger.error({ code, ...facts }, 'alarm'),
      })
      this.#storage = storage
      parts.onLife(this.#node)
    } catch (error) {
      await storage[Symbol.asyncDispose]()
      throw error
    }
  }

  async #closeNode(): Promise<void> {
    const node = this.#node
    this.#node = null
    await node?.[Symbol.asyncDispose]()
    await this.#storage?.[Symbol.asyncDispose]()
    this.#storage = null
  }

  /** Ends this life and begins the next, again and again if the disk is full. */
  async #renew(life: object, reason: unknown): Promise<void> {
    await this.#turns.run(async () => {
      if (this.#closed || this.#life !== life || this.#node === null) return
      if (reason !== null) this.#parts.logger.error({ err: reason }, 'the node is loaded anew from its disk')
      await this.#closeNode()
      // What failed, a full disk say, hardly passes at once.
      if (reason !== null) await this.#pause(reopenMs)
      await this.#reopen()
    })
    this.#parts.onChange()
  }

  async #reopen(): Promise<void> {
    while (!this.#closed && this.#node === null) {
      try {
        await this.#openNode()
      } catch (error) {
        this.#parts.logger.error({ err: error }, 'the node cannot be loaded; it is tried again')
        await this.#pause(reopenMs)
      }
    }
  }

  async #until(ms: number, holds: () => boolean): Promise<boolean> {
    for (let waited = 0; waited < ms; waited += pollMs) {
      if (holds()) return true
      await this.#pause(pollMs)
    }
    return holds()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.timers.after(ms, resolve)
    })
  }
}

/** Stock and feed belong to the shop that they were read from. Errors: 409 `leave-first`, 409 `join-pending`. */
export function refuseInNetwork({ network }: Pick<StockNode, 'network'>): void {
  if (network.network !== null) {
    const message =
      'This node shares the stock of its shop with a network. Leave the network before you change the shop.'
    throw new ApiFailure(409, 'leave-first', message)
  }
  if (!network.isJoining) return
  throw new ApiFailure(
    409,
    'join-pending',
    'A join request of this shop is open. Cancel it before you change the shop.',
  )
}

function restarting(): ApiFailure {
  return new ApiFailure(503, 'node-restarting', 'The node is loading. Try again in a second.')
}

async function assertOwn(storage: Storage, shop: ShopId, directory: string): Promise<void> {
  const stored = await storage.get(selfKey)
  const text = stored === undefined ? null : new TextDecoder().decode(stored)
  if (text === null) return await storage.write([put(selfKey, new TextEncoder().encode(shop)), formatRow()])
  await assertFormat(storage, directory)
  if (text !== shop) {
    throw new StorageError(
      'data-of-another-shop',
      `The database in ${directory} belongs to another shop than the identity beside it. Choose another folder with --data.`,
    )
  }
}

/** Whether the shop is the only one in its network. */
function isAlone({ network }: StockNode): boolean {
  return network.members.length <= 1
}

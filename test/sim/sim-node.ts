/**
 * A node in the simulation: the real host with the real node in it, over a simulated disk, network and shop. It is
 * started again by its supervisor when it cannot open, as a service would be.
 */
import { encodeShopId, limits, type ShopId } from '@stockmesh/protocol'
import type { Committed } from '../../packages/node/src/ledger/ledger.ts'
import { ImportDesk } from '../../packages/node/src/node/import-desk.ts'
import { NodeFacade } from '../../packages/node/src/node/node-facade.ts'
import { NodeHost } from '../../packages/node/src/node/node-host.ts'
import { NodeStockChanges } from '../../packages/node/src/node/node-stock-changes.ts'
import { MemberUndoDesk } from '../../packages/node/src/node/undo-member.ts'
import { PauseDesk } from '../../packages/node/src/node/pause-desk.ts'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { Intent } from '../../packages/node/src/shop-sync/book.ts'
import { decodeJson } from '../../packages/node/src/storage/json.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { markRestored } from '../../packages/node/src/storage/restored-mark.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import type { SeededRandom } from '../protocol/random.ts'
import { Life } from './life.ts'
import { openSimDatabase, seal, SimDisk } from './sim-disk.ts'
import { openPlainChannel } from './plain-channel.ts'
import type { SimNetwork } from './sim-network.ts'
import { randomBytes, type SimShop } from './sim-shop.ts'
import { standInHashes } from '../harness/stand-in-hashes.ts'
import { standInIdentity } from './stand-in-identity.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface SimNodeParts {
  readonly name: string
  readonly index: number
  readonly time: VirtualTime
  readonly random: SeededRandom
  readonly network: SimNetwork
  readonly shop: SimShop
  /** Whether it tells the others of mass changes of its shop as of any other change. */
  readonly holdsNothing: boolean
  readonly note: (text: string) => void
  readonly onCommitted: (committed: Committed) => void
}

export interface Backup {
  /** Milliseconds since the world began. */
  readonly at: number
  readonly generation: number
  readonly disk: SimDisk
}

/** A life of a node that begins, over a folder of its own. */
interface Process {
  readonly life: Life
  /** Where it is in the network. */
  readonly place: string
  readonly disk: () => SimDisk
  /** Which of the identities lies in its folder. */
  readonly generation: () => number
  /** Its supervisor starts it again. */
  readonly again: () => void
  readonly opened: (host: NodeHost) => void
}

/** Where the replica stands in the key of a record: behind the table's byte and a length. */
const ridOffset = 3

/** When the world begins, in milliseconds since 1970. */
export const epochMs = 1_780_000_000_000

export class SimNode {
  readonly name: string
  readonly place: string
  readonly shop: SimShop
  disk = new SimDisk()
  /** Whether its folder was ever copied and ran twice. */
  wasTwice = false
  /** Whether a bit ever turned on its disk. */
  isDamaged = false
  /** How far this machine's clock is ahead, in milliseconds. */
  clockAheadMs = 0
  /** What it raised, and whether its disk had been put back by then: the next identity begins without. */
  readonly alarms: { readonly code: string; readonly putBack: boolean }[] = []
  readonly #parts: SimNodeParts
  /** Identities under which a backup took the place of its disk, or only one of two folders was kept. */
  readonly #putBack = new Set<ShopId>()
  /** Which of its identities the node has, and the last one that was made: each departure makes one. */
  #generation = 0
  #lastGeneration = 0
  #life: Life
  #host: NodeHost | null = null
  /** The process over a copy of its folder, while there is one. */
  #twin: { readonly disk: SimDisk; readonly generation: number; readonly copiedAt: number; life: Life } | null = null

  constructor(parts: SimNodeParts) {
    this.#parts = parts
    this.name = parts.name
    this.shop = parts.shop
    this.place = `10.0.0.${parts.index + 1}:7400`
    this.#life = new Life(parts.time)
    this.#life.kill()
  }

  get isUp(): boolean {
    return this.#life.alive
  }

  get life(): Life {
    return this.#life
  }

  get id(): ShopId {
    return standInIdentity(this.#parts.index, this.#generation).shopId
  }

  /** Whether what it did under its present identity may be lost, or done once more. */
  get putBack(): boolean {
    return this.wasPutBack(this.id)
  }

  wasPutBack(id: ShopId): boolean {
    return this.#putBack.has(id)
  }

  /** Every id that its shop has had. */
  get ids(): readonly ShopId[] {
    return Array.from(
      { length: this.#lastGeneration + 1 },
      (_, past) => standInIdentity(this.#parts.index, past).shopId,
    )
  }

  /** Whether a copy of its folder runs as well. */
  get isTwice(): boolean {
    return this.#twin !== null
  }

  get facade(): NodeFacade {
    return new NodeFacade(() => this.#host)
  }

  /** null while the node is down or loading. */
  get node(): StockNode | null {
    return this.#life.alive && this.#host?.isOpen === true ? this.#host.node : null
  }

  get stockChanges(): NodeStockChanges {
    return new NodeStockChanges(() => (this.#life.alive ? this.#host : null))
  }

  /** null while the node is down or loading. */
  get pauses(): PauseDesk | null {
    const { node } = this
    return node === null ? null : new PauseDesk(() => node.shop)
  }

  /** null while the node is down or loading. */
  get imports(): ImportDesk | null {
    const { node } = this
    return node === null ? null : new ImportDesk(() => this.facade.host)
  }

  /** null while the node is down or loading. */
  get memberUndo(): MemberUndoDesk | null {
    return this.node === null ? null : new MemberUndoDesk(() => this.facade.host)
  }

  get host(): NodeHost | null {
    return this.#life.alive ? this.#host : null
  }

  now(): number {
    return epochMs + Math.floor(this.#parts.time.now) + this.clockAheadMs
  }

  start(): void {
    const { time, network } = this.#parts
    this.#life.kill()
    const life = new Life(time)
    this.#life = life
    this.#host = null
    network.listen(this.place, {
      life,
      accept: (socket) => {
        const { node } = this
        if (node === null || !life.alive) socket.terminate()
        else node.network.link.accept(socket, () => undefined)
      },
    })
    this.#boot({
      life,
      place: this.place,
      disk: () => this.disk,
      generation: () => this.#generation,
      again: () => this.start(),
      opened: (host) => {
        this.#host = host
      },
    })
  }

  /** Copies its folder and runs the copy as well, elsewhere, beside the same shop. */
  runTwice(): void {
    const { time } = this.#parts
    // The key lies in the folder as well: the copy goes on as who it was, even where the other one leaves.
    const generation = this.#generation
    this.#twin = { disk: this.disk.copy(), generation, copiedAt: time.now, life: new Life(time) }
    this.wasTwice = true
    // What only one of the two wrote may be lost with it.
    this.#putBack.add(this.id)
    this.#startTwin()
  }

  /** One of the two processes ends for good, and the other one's folder is the node's; answers when it was copied. */
  endTwin(keepsTwin: boolean): number {
    const twin = this.#twin
    if (twin === null) return this.#parts.time.now
    this.#twin = null
    twin.life.kill()
    this.#parts.network.drop(twin.life)
    if (keepsTwin) {
      this.kill()
      this.disk = twin.disk
      this.#generation = twin.generation
      this.start()
    }
    return twin.copiedAt
  }

  #startTwin(): void {
    const twin = this.#twin
    if (twin === null) return
    twin.life.kill()
    twin.life = new Life(this.#parts.time)
    this.#boot({
      life: twin.life,
      place: this.place.replace('10.0.0', '10.0.1'),
      disk: () => twin.disk,
      generation: () => twin.generation,
      again: () => this.#startTwin(),
      opened: () => undefined,
    })
  }

  #boot({ life, place, disk, generation, again, opened }: Process): void {
    const { time, network, random, note, onCommitted } = this.#parts
    const failed = (error: unknown): void => {
      note(`${this.name} cannot start: ${String(error)}`)
      life.after(1_000, again)
    }
    const log = (facts: object, text: string): void => {
      const { code } = facts as { code?: string }
      if (text === 'alarm') this.alarms.push({ code: code ?? '', putBack: this.putBack })
      note(
        `${this.name}: ${text} ${JSON.stringify(facts, (_, value: unknown) => (value instanceof Error ? value.message : value))}`,
      )
    }
    NodeHost.open({
      folder: {
        path: 'sim',
        openIdentity: () => Promise.resolve(standInIdentity(this.#parts.index, generation())),
        openStorage: (onFailed) => Promise.resolve(openSimDatabase(disk(), life, time, random, onFailed)),
        archive: () => {
          this.disk = new SimDisk()
          this.#lastGeneration += 1
          this.#generation = this.#lastGeneration
          return Promise.resolve()
        },
      },
      connector: this.shop.connector(life, (opId) => intentsOn(disk()).has(opId)),
      clock: { now: () => this.now() },
      timers: life,
      random: { bytes: (count) => randomBytes(random, count) },
      dial: network.dialer(place, life),
      readPage: network.pageReader(life),
      openChannel: openPlainChannel,
      hashes: standInHashes,
      logger: { info: log, warn: log, error: log } as never,
      name: () => this.name,
      alerts: { failures: [], retry: () => undefined },
      url: () => `http://${this.place}`,
      rules: { buffer: 0, floor: 0 },
      holds: {
        ownFromSkus: this.#parts.holdsNothing ? null : limits.massChangeSkusMin,
        membersFromSkus: limits.massChangeSkusMin,
      },
      onChange: () => undefined,
      onLife: (node) => void node.ledger.subscribe(onCommitted),
    }).then((host) => {
      if (life.alive) opened(host)
    }, failed)
  }

  /** Its disk as a backup of the running node has it; null while it is alone, or knows fewer members. */
  backUp(members: number): Backup | null {
    const { node } = this
    if (node === null || node.network.members.length < members) return null
    if (node.shop.importer.record.state !== 'done') return null
    return { at: this.#parts.time.now, generation: this.#generation, disk: this.disk.copy() }
  }

  /** Kills the node and puts a backup in the place of its disk; `isMarked`: as `stockmesh restore` does it. */
  restore({ at, generation, disk }: Backup, isMarked: boolean): void {
    this.kill()
    // The disk of another identity is of no use.
    if (generation !== this.#generation) return
    this.disk.restore(disk)
    if (isMarked) {
      this.disk.apply([seal(markRestored({ backupAt: epochMs + Math.floor(at), restoredAt: this.now(), shop: false }))])
    }
    this.#putBack.add(this.id)
  }

  /** Kills the node and turns one bit of what another shop issued or signed; null where there is none. */
  damage(): string | null {
    this.kill()
    const { random } = this.#parts
    const own = encodeShopId(this.id)
    const held = [tables.record, tables.testimony, tables.sum, tables.replacedRecord].flatMap((table) =>
      this.disk.scan(prefixRange(table)),
    )
    const rows = held.filter(([key]) => {
      const issuer = key.subarray(ridOffset, ridOffset + own.length)
      return Buffer.compare(issuer, own) !== 0
    })
    if (rows.length === 0) return null
    const [key, value] = random.pick(rows)
    this.isDamaged = true
    const turned = value.slice()
    const at = random.below(turned.length)
    turned[at] = (turned[at] ?? 0) ^ (1 << random.below(8))
    this.disk.apply([{ type: 'put', key, value: turned }])
    return Buffer.from(key)
      .toString('latin1')
      .replaceAll(/[^ -~]+/g, ' ')
  }

  kill(): void {
    this.#life.kill()
    this.#parts.network.drop(this.#life)
  }
}

/** Operation ids of the intents on a disk. */
function intentsOn(disk: SimDisk): ReadonlySet<string> {
  const rows = disk.scan(prefixRange(tables.intent))
  return new Set(rows.map(([, value]) => decodeJson<Intent>(value.subarray(0, -4)).opId))
}

/**
 * What a person should look at, made anew from what the node knows: a problem that is solved is not there any more.
 * The version changes with the content, so a button acts only on what was seen.
 */
import type { AlarmCode, ProblemKind, ShopId, SkuKey } from '@stockmesh/protocol'
import { type Book, type BookRow, productsOf } from '../shop-sync/book.ts'
import { faultSentence } from '../shop-sync/fault-sentence.ts'
import type { ShopFailure, ShopHealth } from '../shop-sync/health.ts'
import { heldFinding, offsetKinds } from './held-finding.ts'
import type { UnclearSku } from '../shop-sync/unclear-skus.ts'
import type { LogReader } from './log-reader.ts'
import { type Finding, plain, type Problem, problemId, problemOf } from './problem.ts'
import type { StockIndex } from './stock-index.ts'
import { withheldFinding } from './withheld-finding.ts'

/** Two shops counted the same SKU apart, both as changes: they add up. */
export interface CountedTogether {
  readonly key: SkuKey
  readonly since: number
}

/** A member whose clock is not ours. */
export interface WrongClock {
  readonly member: ShopId
  readonly name: string
  /** Milliseconds; negative where it is behind. */
  readonly aheadMs: number
}

/** What must not be: two histories of one thing, a shop that is there twice, a node that lies. It stands until somebody has looked. */
export interface Alarm {
  /**
   * `fork`: two histories of one thing; `clone`: a shop that is there twice, or went back to an old copy; `bad-peer`: a
   * node that sends what cannot be right.
   */
  readonly kind: 'fork' | 'clone' | 'bad-peer'
  readonly code: AlarmCode
  readonly peer: ShopId
  readonly shop: ShopId
  /** A replica of the shop, or a process of it. */
  readonly about: string
  readonly since: number
  /** SKUs of which something may be lost. */
  readonly keys: readonly SkuKey[]
}

/** Whom an alarm is about: where a node sends what cannot be right, its own shop, and not the one whose changes they are. */
export function subjectOf({ kind, peer, shop }: Pick<Alarm, 'kind' | 'peer' | 'shop'>): ShopId {
  return kind === 'bad-peer' ? peer : shop
}

/** Somewhere that alerts are sent to did not take one. */
export interface FailedAlert {
  readonly target: string
  readonly code: string
  readonly message: string
  readonly since: number
}

/** This node came out of a backup, and nobody could tell it what it did since. */
interface RestoredAlone {
  readonly since: number
  readonly backupAt: number
}

/** A problem that a person has put aside; it is told again when it grows. */
export interface Dismissal {
  readonly id: string
  readonly count: number
  /** The SKU it is about, if it is about one. */
  readonly key: SkuKey | null
}

export interface ProblemSources {
  readonly book: Book
  readonly index: StockIndex
  readonly log: LogReader
  readonly health: ShopHealth
  readonly self: ShopId
  readonly refusals: ReadonlyMap<SkuKey, string>
  readonly unclear: ReadonlyMap<SkuKey, UnclearSku>
  readonly countedTogether: ReadonlyMap<SkuKey, CountedTogether>
  readonly alarms: ReadonlyMap<string, Alarm>
  /** A shop by its name, or by its id if it has none here. */
  readonly nameOf: (shop: ShopId) => string
  readonly dismissals: ReadonlyMap<string, Dismissal>
  readonly wrongClocks: () => readonly WrongClock[]
  readonly failedAlerts: () => readonly FailedAlert[]
  readonly alone: () => RestoredAlone | null
  /** Replicas of which records were damaged on disk, with the SKUs concerned; null: any. */
  readonly damaged: () => ReadonlyMap<string, { readonly keys: ReadonlySet<SkuKey> | null }>
  /** Whether a row is as the import listed it. */
  readonly isAsImported: (row: BookRow) => boolean
  readonly now: () => number
}

const whatToDo = 'Update it; if it goes on, remove that shop from the network.'
const notTaken = `Nothing of it was taken, and for ten minutes nothing is asked of that node. ${whatToDo}`

const alarmSentences: Readonly<Record<AlarmCode, (shop: string, peer: string) => string>> = {
  fork: (shop) =>
    `There are two accounts of what ${shop} bought and sold, as when its folder and shop were put back to an old copy. Of each SKU the larger one counts, in every shop alike; what only the other one knew may be missing. Make sure that the node runs once, and count the SKUs listed here.`,
  'rolled-back': (shop) =>
    `Another shop knows of changes of ${shop} that its node never made: it was restored from an old copy, or runs twice. Make sure that it runs once.`,
  'runs-twice': (shop) =>
    `The node of ${shop} runs twice, as when its folder was copied. The one that was started first stands aside and touches nothing. Stop it for good; to keep that one, stop the other.`,
  'digest-wrong': (shop, peer) => `${peer} sent changes of ${shop} that are not what it said they are. ${notTaken}`,
  'claim-forged': (shop, peer) =>
    `${peer} sent changes in the name of ${shop} that ${shop} never signed. Nothing of it was taken, and for ten minutes nothing is asked of that node. It may be in strange hands: look at it, and remove that shop from the network if nobody can say why.`,
  'chunk-invalid': (shop, peer) => `${peer} sent changes of ${shop} that are out of order. ${notTaken}`,
  'claim-changed': (shop, peer) => `${peer} takes back what it said that it has of the changes of ${shop}. ${notTaken}`,
  'stage-too-large': (shop, peer) =>
    `${peer} sends changes of ${shop} without an end, more than a shop can have. ${notTaken}`,
  'too-many-replicas': (_, peer) =>
    `${peer} speaks of more nodes than a network can have had. What is too much is left out. ${whatToDo}`,
}

export class Problems {
  readonly #sources: ProblemSources
  /** When a problem was first seen by this process. */
  readonly #since = new Map<string, number>()

  constructor(sources: ProblemSources) {
    this.#sources = sources
  }

  /** How many there are, without making them. */
  get count(): number {
    let count = 0
    for (const ofKind of this.countByKind().values()) count += ofKind
    return count
  }

  /** How many there are of each kind that there is, without making them. */
  countByKind(): ReadonlyMap<ProblemKind, number> {
    const { book, index, unclear, countedTogether, alarms, health, wrongClocks, failedAlerts } = this.#sources
    const counts = new Map<ProblemKind, number>()
    const add = (kind: ProblemKind, count: number): void => {
      if (count !== 0) counts.set(kind, (counts.get(kind) ?? 0) + count)
    }
    add('oversold', index.oversold)
    add('unwritable', this.#refusals().length)
    add('unclear', unclear.size)
    add('counted-together', countedTogether.size)
    add('clock', wrongClocks().length)
    add('alert-failed', failedAlerts().length)
    add('damaged', this.#sources.damaged().size === 0 ? 0 : 1)
    add('doubt', this.#sources.alone() === null ? 0 : 1)
    add('duplicate', index.duplicateKeys.size)
    for (const { kind } of alarms.values()) add(kind, 1)
    for (const row of book.faultyRows()) add(this.#kindOfFault(row, row.fault), 1)
    for (const reason of new Set([...book.offsets.values()].map((offset) => offset.reason))) add(offsetKinds[reason], 1)
    add('held', book.withheld.byMember().size)
    if (health.failure !== null) add(kindOfFailure(health.failure), 1)
    for (const kind of this.#dismissed()) add(kind, -1)
    return counts
  }

  async all(): Promise<Problem[]> {
    const findings = [
      ...this.#shop(),
      ...this.#alarms(),
      ...this.#doubts(),
      ...this.#damaged(),
      ...this.#clocks(),
      ...this.#failedAlerts(),
      ...this.#held(),
      ...this.#withheld(),
      ...this.#duplicates(),
      ...this.#faults(),
      ...this.#unwritable(),
      ...this.#unclear(),
      ...this.#together(),
      ...(await this.#oversold()),
    ]
    const ids = new Set(findings.map(({ kind, about }) => problemId(kind, about)))
    for (const id of this.#since.keys()) if (!ids.has(id)) this.#since.delete(id)
    const problems = findings.map((finding) => this.#problem(finding))
    return problems.filter(({ item }) => item.count > (this.#sources.dismissals.get(item.id)?.count ?? 0))
  }

  #shop(): Finding[] {
    const { failure } = this.#sources.health
    if (failure === null) return []
    const { code, message, since } = failure
    return [{ ...plain(kindOfFailure(failure)), message, details: { code }, actions: ['retry'], since }]
  }

  #alarms(): Finding[] {
    return [...this.#sources.alarms].map(([about, { kind, code, peer, shop, about: replica, since, keys }]) => {
      const { nameOf } = this.#sources
      const subject = subjectOf({ kind, peer, shop })
      const name = nameOf(subject)
      const message = alarmSentences[code](`"${nameOf(shop)}"`, `The node of "${nameOf(peer)}"`)
      const details = code === 'runs-twice' ? { code, peer, shop, name } : { code, peer, shop, name, replica }
      return {
        ...plain(kind),
        about,
        message,
        details,
        decidedOn: [code, subject, keys.length],
        keys,
        actions: ['dismiss'],
        since,
      }
    })
  }

  #damaged(): Finding[] {
    const damaged = [...this.#sources.damaged()]
    if (damaged.length === 0) return []
    const some = damaged.map(([, { keys }]) => keys)
    const keys = some.includes(null) ? [] : [...new Set(some.flatMap((one) => [...(one ?? [])]))]
    const message =
      'Stock records on this node’s disk were damaged. They are fetched again from the other shops; until then the ' +
      'SKUs concerned are not shown and not changed in the shop. Bring the other shops online, or restore a backup.'
    const details = { reason: 'records-damaged', replicas: damaged.map(([rid]) => rid), all: some.includes(null) }
    return [{ ...plain('damaged'), count: Math.max(1, keys.length), message, details, keys }]
  }

  #doubts(): Finding[] {
    const alone = this.#sources.alone()
    if (alone === null) return []
    const details = { reason: 'restored-alone', backupAt: new Date(alone.backupAt).toISOString() }
    const message =
      'This node was restored from a backup, and no other shop could tell it what it did since. ' +
      'It runs on without that; bring another shop online, and its numbers are put right.'
    return [{ ...plain('doubt'), message, details, since: alone.since }]
  }

  #clocks(): Finding[] {
    return this.#sources.wrongClocks().map(({ member, name, aheadMs }) => {
      const direction = aheadMs > 0 ? 'ahead of' : 'behind'
      const message = `The clock of "${name}" is ${minutes(aheadMs)} minutes ${direction} this node's. Set the one that is wrong.`
      const details = { member, name, aheadMs: Math.round(aheadMs / 1_000) * 1_000 }
      return { ...plain('clock'), about: member, message, details, decidedOn: [member, direction] }
    })
  }

  #failedAlerts(): Finding[] {
    return this.#sources.failedAlerts().map(({ target, code, message, since }) => ({
      ...plain('alert-failed'),
      about: target,
      message: `${message} Check the settings of the alerts; it is tried again by itself.`,
      details: { target, code },
      actions: ['retry'],
      since,
    }))
  }

  /** Differences that wait for a person: one problem for each reason. */
  #held(): Finding[] {
    const { book, index } = this.#sources
    const reasons = new Set([...book.offsets.values()].map(({ reason }) => reason))
    return [...reasons].map((reason) => {
      const offsets = [...book.offsets].filter(([, offset]) => offset.reason === reason)
      return heldFinding(reason, offsets, (key) => index.item(key))
    })
  }

  /** Mass changes of other shops that this one does not go by. */
  #withheld(): Finding[] {
    const { book, index, nameOf } = this.#sources
    return [...book.withheld.byMember()].map(([member, seen]) =>
      withheldFinding({ book, itemOf: (key) => index.item(key), name: nameOf(member) }, member, seen),
    )
  }

  #duplicates(): Finding[] {
    const { book, index } = this.#sources
    return [...index.duplicateKeys].map((key) => {
      const rows = book.rowsOf(key)
      const products = rows.flatMap((row) => productsOf(row).map((product) => ({ ...product, stock: row.stock })))
      const message = `The model/varenr. stands on ${rows.length} products in this shop. Give each product its own.`
      const since = Math.max(...rows.map((row) => row.updatedAt))
      return { ...this.#ofSku('duplicate', key), count: rows.length, message, details: { products }, since }
    })
  }

  #faults(): Finding[] {
    const findings: Finding[] = []
    for (const row of this.#sources.book.faultyRows()) {
      const kind = this.#kindOfFault(row, row.fault)
      const about = row.key ?? row.sku?.slice(0, 100) ?? row.stockId
      findings.push({
        ...(row.key === null ? { ...plain(kind), sku: about } : this.#ofSku(kind, row.key)),
        // Rows without a key of their own may share the beginning of a text.
        about: row.key ?? row.stockId,
        message: `"${row.name}" is left out. ${faultSentence(row.fault)}`,
        details: { code: row.fault, products: productsOf(row), stockId: row.stockId },
        since: row.updatedAt,
      })
    }
    return findings
  }

  #kindOfFault(row: BookRow, fault: string): ProblemKind {
    if (fault === 'stock-fraction') return 'fraction'
    return this.#sources.isAsImported(row) ? 'import-row' : 'held'
  }

  #unwritable(): Finding[] {
    return this.#refusals().map(([key, code]) => {
      const message = `The shop refuses to change this SKU (${code}). Correct it in the shop, then try again.`
      return { ...this.#ofSku('unwritable', key), message, details: { code }, actions: ['retry'] }
    })
  }

  /** What is unclear is told as that. */
  #refusals(): readonly (readonly [SkuKey, string])[] {
    const { refusals, unclear } = this.#sources
    return [...refusals].filter(([key]) => !unclear.has(key))
  }

  #unclear(): Finding[] {
    return [...this.#sources.unclear.values()].map(({ key, since }) => {
      const message =
        'The stock moved in the shop while the node wrote to it, and nothing tells by what: the number may be wrong. Count this SKU.'
      return { ...this.#ofSku('unclear', key), message, actions: ['dismiss'], since }
    })
  }

  #together(): Finding[] {
    return [...this.#sources.countedTogether.values()].map(({ key, since }) => {
      const message =
        'Counted at the same time in two shops: both changes count and add up. Check the shelf, and correct one of them.'
      return { ...this.#ofSku('counted-together', key), message, actions: ['dismiss'], since }
    })
  }

  async #oversold(): Promise<Finding[]> {
    const { index, log } = this.#sources
    const findings: Finding[] = []
    // More may come while the log is read.
    const keys = [...index.oversoldKeys]
    for (const key of keys) {
      const units = -(index.item(key).level ?? 0)
      const message = `${units} more sold than there are. Buy more, or tell the buyers of one of the orders.`
      const details = { orders: await log.collidingOrders(key, -units) }
      findings.push({ ...this.#ofSku('oversold', key), count: units, message, details, actions: ['dismiss'] })
    }
    return findings
  }

  #ofSku(kind: ProblemKind, key: SkuKey): Finding {
    return { ...plain(kind), about: key, sku: this.#sources.index.item(key).sku, keys: [key] }
  }

  #problem(finding: Finding): Problem {
    const id = problemId(finding.kind, finding.about)
    const since = this.#since.get(id) ?? finding.since ?? this.#sources.now()
    this.#since.set(id, since)
    return problemOf(finding, this.#sources.self, since)
  }

  /** The kinds of the problems that are there and were put aside as they are. */
  *#dismissed(): Generator<ProblemKind> {
    const { dismissals, index, alarms } = this.#sources
    const alarmKinds = new Map([...alarms].map(([about, { kind }]) => [problemId(kind, about), kind]))
    for (const { id, key, count: seen } of dismissals.values()) {
      const units = key === null ? 1 : -(index.item(key).level ?? 0)
      const kind = key === null ? alarmKinds.get(id) : units > 0 ? 'oversold' : undefined
      if (kind !== undefined && units <= seen) yield kind
    }
  }
}

export function kindOfFailure({ code }: Pick<ShopFailure, 'code'>): ProblemKind {
  return code === 'key-rejected' || code === 'shop-copied' ? code : 'shop-unreachable'
}

function minutes(ms: number): number {
  return Math.round(Math.abs(ms) / 60_000)
}

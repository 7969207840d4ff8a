/**
 * `/events` over the node's lives: one numbering and one set of streams for the whole process, fed by whichever life is
 * the present one. A new life may know other numbers than the one before, so it begins with a gap: readers are told
 * `reset`. Nothing is noted before the first reader comes, nor after the last one could still ask for what it missed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventItem, SkuKey } from '@stockmesh/protocol'
import type { Clock } from '../http/clock.ts'
import { EventStreams } from '../http/event-streams.ts'
import { EventWindow } from '../http/event-window.ts'
import { eventsKeptMax } from '../http/limits.ts'
import type { Committed } from '../ledger/ledger.ts'
import type { Random } from '../ports.ts'
import { logItem } from '../views/log-reader.ts'
import { membersOf } from './status.ts'
import type { StockNode } from './stock-node.ts'
import { Throttle } from './throttle.ts'
import { ToldImport, ToldMembers, ToldProblems } from './told-state.ts'

/** SKUs of the commits of this time are told once, in one writing. */
const stockMs = 50
/** Progress of an import at most five times a second, as on the pages. */
const importMs = 200
const membersMs = 1_000
/** At least this long, and with very many problems so long that finding them takes a tenth of the time at most. */
const problemsMs = 1_000
const problemsShare = 10

interface Told {
  readonly members: ToldMembers
  readonly problems: ToldProblems
  readonly import: ToldImport
}

export interface NodeEventsParts {
  readonly clock: Clock
  readonly random: Random
  readonly mayRead: (request: IncomingMessage) => boolean
}

export class NodeEvents implements AsyncDisposable {
  readonly #clock: Clock
  readonly #window: EventWindow
  readonly #streams: EventStreams
  readonly #stock: Throttle
  readonly #looks: readonly Throttle[]
  readonly #keys = new Set<SkuKey>()
  #node: StockNode | null = null
  #unsubscribe: () => void = () => undefined
  /** What the readers know of the present life; null while nothing is noted. */
  #told: Told | null = null
  #isWanted = false
  #beginning: Promise<void> = Promise.resolve()

  constructor({ clock, random, mayRead }: NodeEventsParts) {
    this.#clock = clock
    this.#window = new EventWindow(Buffer.from(random.bytes(8)).toString('hex'))
    this.#streams = new EventStreams({
      window: this.#window,
      clock,
      mayRead,
      stockItem: (key) => this.#node?.index.item(key) ?? null,
    })
    this.#stock = new Throttle(
      clock,
      () => stockMs,
      () => this.#flush(),
    )
    const members = new Throttle(
      clock,
      () => membersMs,
      () => {
        if (this.#lookAtMembers()) members.ask()
      },
    )
    const pauseMs = (tookMs: number): number => Math.max(problemsMs, problemsShare * tookMs)
    this.#looks = [
      new Throttle(
        clock,
        () => importMs,
        () => this.#lookAtImport(),
      ),
      members,
      new Throttle(clock, pauseMs, () => this.#lookAtProblems()),
    ]
  }

  /** Open streams. */
  get count(): number {
    return this.#streams.count
  }

  /** For the HTTP server, on `/events`. */
  async open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#isWanted = true
    // What is there when the stream opens is no news to whoever reads the lists after it.
    if (this.#told === null) await this.#begin()
    this.#streams.open(request, response)
  }

  /** The node lives anew. */
  follow(node: StockNode): void {
    this.#unsubscribe()
    const undo = [
      node.ledger.subscribe((committed) => this.#hear(committed)),
      node.onStates((keys) => this.#hearKeys(keys)),
    ]
    this.#unsubscribe = () => {
      for (const one of undo) one()
    }
    this.#node = node
    this.#told = null
    this.#keys.clear()
    if (this.#isWanted) void this.#begin()
  }

  /** Something beside the stock may have changed. */
  changed(): void {
    if (this.#told === null) return
    for (const look of this.#looks) look.ask()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe()
    this.#stop()
    this.#streams.close()
    await this.#beginning
  }

  /** Takes what is there as known, and notes from here on. */
  #begin(): Promise<void> {
    this.#beginning = this.#beginning.then(() => this.#learn())
    return this.#beginning
  }

  async #learn(): Promise<void> {
    while (this.#told === null && this.#node !== null) {
      const node = this.#node
      const told: Told = { members: new ToldMembers(), problems: new ToldProblems(), import: new ToldImport() }
      const problems = await node.problems.all().catch(() => null)
      // Another life began meanwhile, and this one is nothing to start from.
      if (node !== this.#node) continue
      // It is ending: the next one begins here again.
      if (problems === null) return
      told.problems.news(problems.map(({ item }) => item))
      told.members.news(membersOf(node), this.#clock.now())
      told.import.news(node.shop.importer.answer())
      this.#told = told
      this.#window.forget()
      this.#streams.notify()
    }
  }

  #hear({ keys, lines }: Committed): void {
    if (this.#told === null) return
    for (const line of lines) this.#window.append({ event: 'log', data: logItem(line) })
    this.#hearKeys(keys)
  }

  #hearKeys(keys: Iterable<SkuKey>): void {
    if (this.#told === null) return
    for (const key of keys) this.#keys.add(key)
    this.#stock.ask()
  }

  #flush(): void {
    for (const key of this.#keys) this.#window.append({ event: 'stock', key })
    this.#keys.clear()
    this.#streams.notify()
    const missed = this.#window.last - this.#streams.leftAt
    if (this.#streams.count === 0 && missed > eventsKeptMax) this.#rest()
  }

  #lookAtImport(): void {
    if (this.#told === null || this.#node === null) return
    const data = this.#told.import.news(this.#node.shop.importer.answer())
    if (data !== null) this.#tell([{ event: 'import', data }])
  }

  /** Whether it should look again. */
  #lookAtMembers(): boolean {
    if (this.#told === null || this.#node === null) return false
    const { items, withheld } = this.#told.members.news(membersOf(this.#node), this.#clock.now())
    this.#tell(items.map((data) => ({ event: 'member', data })))
    return withheld
  }

  async #lookAtProblems(): Promise<void> {
    const told = this.#told
    if (told === null || this.#node === null) return
    // A life that ends answers nothing; the next one begins with what is there then.
    const problems = await this.#node.problems.all().catch(() => null)
    if (problems === null || told !== this.#told) return
    const items = told.problems.news(problems.map(({ item }) => item))
    this.#tell(items.map((data) => ({ event: 'problem', data })))
  }

  #tell(events: readonly Exclude<EventItem, { readonly event: 'stock' | 'reset' }>[]): void {
    if (events.length === 0) return
    for (const event of events) this.#window.append(event)
    this.#streams.notify()
  }

  /** Nobody reads, and whoever comes back has a gap in any case. */
  #rest(): void {
    this.#isWanted = false
    this.#stop()
    this.#window.forget()
  }

  #stop(): void {
    this.#told = null
    this.#keys.clear()
    for (const one of [this.#stock, ...this.#looks]) one.stop()
  }
}

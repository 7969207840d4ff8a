/**
 * Carries the planned faults out on a running network: cuts that heal by themselves after their time, and kills that
 * wait until enough orders are on their way. Links that two cuts share stay cut until both are over.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Member, Network } from '../harness/network.ts'
import type { Cut, Kill } from './fault-plan.ts'

export interface KillMade {
  /** "node Two". */
  readonly program: string
  readonly ordersInFlight: number
}

export class Faults {
  readonly #network: Network
  readonly #ordersInFlightMin: number
  readonly #say: (line: string) => void
  readonly #due: Kill[] = []
  readonly #made: KillMade[] = []
  readonly #down = new Set<string>()
  readonly #cutBy = new Map<string, number>()
  /** Restarts and healings under way. */
  readonly #repairs: Promise<void>[] = []

  constructor(network: Network, ordersInFlightMin: number, say: (line: string) => void) {
    this.#network = network
    this.#ordersInFlightMin = ordersInFlightMin
    this.#say = say
  }

  get killsMade(): readonly KillMade[] {
    return this.#made
  }

  /** Kills that found no moment with enough orders in flight. */
  get killsDue(): number {
    return this.#due.length
  }

  plan(kill: Kill): void {
    this.#due.push(kill)
  }

  /** Called as orders are answered: makes the next kill as soon as its moment has come. */
  strike(answeredShare: number, ordersInFlight: number): void {
    const kill = this.#due[0]
    if (kill === undefined || answeredShare < kill.after || ordersInFlight < this.#ordersInFlightMin) return
    const member = this.#memberAt(kill.member)
    const program = kill.what === 'node' ? member.node : member.shop
    if (this.#down.has(program.name)) return
    this.#due.shift()
    this.#down.add(program.name)
    this.#made.push({ program: program.name, ordersInFlight })
    this.#say(`kill -9 ${program.name}, ${ordersInFlight} orders in flight, back in ${kill.downMs} ms`)
    this.#repair(async () => {
      await program.kill()
      await pause(kill.downMs)
      await program.start()
      this.#down.delete(program.name)
    })
  }

  async cut({ links, shop, lastsMs }: Cut): Promise<void> {
    const pairs = links.map(([one, other]) => [this.#memberAt(one).name, this.#memberAt(other).name] as const)
    const shopOf = shop === null ? null : this.#memberAt(shop)
    const names = [...pairs.map((pair) => pair.join(' | ')), ...(shopOf === null ? [] : [`${shopOf.name} | its shop`])]
    this.#say(`cut ${names.join(', ')} for ${lastsMs} ms`)
    for (const [one, other] of pairs) {
      this.#enter(linkName(one, other))
      this.#network.cut(one, other)
    }
    if (shopOf !== null) {
      this.#enter(shopOf.name)
      shopOf.shopLink.cut()
    }
    this.#repair(async () => {
      await pause(lastsMs)
      for (const [one, other] of pairs) {
        if (this.#exit(linkName(one, other))) this.#network.mend(one, other)
      }
      if (shopOf !== null && this.#exit(shopOf.name)) shopOf.shopLink.heal()
    })
  }

  /** Resolves when every killed process runs again and every cut is over. */
  async over(): Promise<void> {
    await Promise.all(this.#repairs)
    this.#network.heal()
  }

  /** Begins at once; a failure is thrown by `over`. */
  #repair(work: () => Promise<void>): void {
    const repair = work()
    repair.catch(() => {})
    this.#repairs.push(repair)
  }

  #memberAt(index: number): Member {
    const member = this.#network.members[index]
    if (member === undefined) throw new Error(`There is no member ${index}.`)
    return member
  }

  #enter(link: string): void {
    this.#cutBy.set(link, (this.#cutBy.get(link) ?? 0) + 1)
  }

  /** Whether no other cut holds this link. */
  #exit(link: string): boolean {
    const others = (this.#cutBy.get(link) ?? 1) - 1
    this.#cutBy.set(link, others)
    return others === 0
  }
}

function linkName(one: string, other: string): string {
  return [one, other].sort().join(' | ')
}

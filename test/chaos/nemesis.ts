/**
 * Carries planned faults out on a ground. Lines under several faults keep the worst of each until every one is over.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Fault, type Line, lineUnder, type PlannedFault } from './faults.ts'
import type { Ground } from './ground.ts'
import { slowDisk } from './slow-disk.ts'

export class Nemesis {
  readonly #ground: Ground
  readonly #tell: (phase: 'begins' | 'ends', fault: PlannedFault) => void
  readonly #active = new Set<Fault>()
  /** Of the flapping lines: those that drop at the moment. */
  readonly #dropping = new Set<Fault>()
  /** The last fault of each program: the next one begins when the program runs again, however long it took to start. */
  readonly #turns = new Map<string, Promise<void>>()

  constructor(ground: Ground, tell: (phase: 'begins' | 'ends', fault: PlannedFault) => void) {
    this.#ground = ground
    this.#tell = tell
  }

  /** Resolves when all of them are over, and every program runs and every line is clear again. */
  async carryOut(faults: readonly PlannedFault[]): Promise<void> {
    const from = performance.now()
    const outcomes = await Promise.allSettled(
      faults.map(async (planned) => {
        await pause(Math.max(0, from + planned.atMs - performance.now()))
        await this.#inTurn(planned)
      }),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  async #inTurn(planned: PlannedFault): Promise<void> {
    const { fault } = planned
    const make = async (): Promise<void> => {
      this.#tell('begins', planned)
      await this.#make(planned)
      this.#tell('ends', planned)
    }
    if (fault.kind !== 'kill' && fault.kind !== 'pause') return await make()
    const name = `${fault.program} ${fault.member}`
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(make)
    this.#turns.set(name, turn)
    await turn
  }

  async #make({ fault, lastsMs }: PlannedFault): Promise<void> {
    switch (fault.kind) {
      case 'kill': {
        const program = this.#program(fault)
        await program.kill()
        await pause(lastsMs)
        await program.start()
        return
      }
      case 'pause': {
        const program = this.#program(fault)
        program.suspend()
        await pause(lastsMs)
        program.resume()
        return
      }
      case 'disk': {
        const { pid } = this.#program(fault)
        const lift = pid === null ? null : slowDisk(pid, fault.writesPerSecond)
        await pause(lastsMs)
        lift?.()
        return
      }
      case 'flap': {
        const until = performance.now() + lastsMs
        for (let drops = true; performance.now() < until; drops = !drops) {
          if (drops) this.#dropping.add(fault)
          else this.#dropping.delete(fault)
          this.#lay(fault, fault.lines)
          await pause(fault.everyMs)
        }
        this.#dropping.delete(fault)
        this.#lift(fault, fault.lines)
        return
      }
      case 'drop':
      case 'slow':
        this.#lay(fault, fault.lines)
        await pause(lastsMs)
        this.#lift(fault, fault.lines)
    }
  }

  #program({ program, member }: Extract<Fault, { program: unknown }>): Ground['members'][number]['node'] {
    const found = this.#ground.members[member]?.[program]
    if (found === undefined) throw new Error(`There is no ${program} ${member}.`)
    return found
  }

  #lay(fault: Fault, lines: readonly Line[]): void {
    this.#active.add(fault)
    this.#settle(lines)
  }

  #lift(fault: Fault, lines: readonly Line[]): void {
    this.#active.delete(fault)
    this.#settle(lines)
  }

  #settle(lines: readonly Line[]): void {
    const dropsNow = (fault: Fault): boolean => this.#dropping.has(fault)
    this.#ground.set(lines.map((line) => ({ line, state: lineUnder(line, this.#active, dropsNow) })))
  }
}

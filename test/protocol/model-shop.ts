/**
 * One SKU at one shop, as small as it can be told: the shop lives on by itself, the node's durable state is what
 * survives a crash, and every durable step is a method of its own so that a crash fits between any two of them.
 */
import { decide, observe, type Situation, shownLevel } from '../../packages/protocol/src/reconcile.ts'

export interface Intent {
  readonly opId: number
  readonly delta: number
}

export class ModelShop {
  /** The real number in the shop, and the sum of what really moved there. */
  stock: number
  moved = 0
  readonly #applied = new Map<number, number>()
  /** Durable at the node. */
  shadow: number
  published: number[] = []
  intent: Intent | null = null
  foreign = 0
  calls = 0
  readonly #start: number
  readonly #rules: Pick<Situation, 'buffer' | 'floor'>
  #operations = 0

  /** Starts in step: the shop shows what the network's level allows. */
  constructor(level: number, rules: Pick<Situation, 'buffer' | 'floor'> = { buffer: 0, floor: 0 }) {
    this.#start = level
    this.#rules = rules
    this.stock = shownLevel({ ...rules, ceiling: null, withheld: 0, offset: 0, level })
    this.shadow = this.stock
  }

  get level(): number {
    return this.#start + this.foreign + this.published.reduce((sum, delta) => sum + delta, 0)
  }

  get shown(): number {
    return shownLevel({ ...this.#rules, ceiling: null, withheld: 0, offset: 0, level: this.level })
  }

  /** Something real happens in the shop; a shop that stops at 0 sells no more than it has. */
  move(delta: number): void {
    const real = this.#rules.floor === null ? delta : Math.max(delta, -this.stock)
    this.stock += real
    this.moved += real
  }

  /** A fresh reading against the shadow level. */
  observe(): void {
    const reaction = observe({
      reading: this.stock,
      shadow: this.shadow,
      intentOpen: this.intent !== null,
      doubtful: false,
      recentValue: false,
      stoodMs: 0,
      readLagMs: 0,
    })
    if (reaction.type !== 'count') return
    this.published.push(reaction.delta)
    this.shadow = this.stock
  }

  /** Notes an adjustment durably, if one is due. */
  decide(): void {
    const decision = decide({
      rows: 1,
      shadow: this.shadow,
      fault: null,
      offset: 0,
      ceiling: null,
      withheld: 0,
      intentOpen: this.intent !== null,
      level: this.level,
      elsewhere: 'known',
      dropped: false,
      leftOut: false,
      writable: true,
      ...this.#rules,
    })
    if (decision.type !== 'adjust') return
    this.#operations += 1
    this.intent = { opId: this.#operations, delta: decision.delta }
  }

  /** The call reaches the shop; the answer may be lost on its way back. The same operation is applied once. */
  call(): number {
    if (this.intent === null) throw new Error('no intent is open')
    this.calls += 1
    const { opId, delta } = this.intent
    const before = this.#applied.get(opId)
    if (before !== undefined) return before
    const applied = this.#rules.floor === null ? delta : Math.max(delta, -this.stock)
    this.stock += applied
    this.#applied.set(opId, applied)
    return applied
  }

  /** The answer arrives: the shadow moves by what the shop applied, and the intent is closed. */
  close(applied: number): void {
    this.shadow += applied
    this.intent = null
  }

  /** What a node does after a start, and whenever it has time: first the open intent, then the rest. */
  settle(): void {
    for (let round = 0; round < 20; round += 1) {
      if (this.intent !== null) this.close(this.call())
      this.observe()
      this.decide()
      if (this.intent === null && this.stock === this.shadow) return
    }
    throw new Error('the shop does not come to rest')
  }
}

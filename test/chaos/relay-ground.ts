/**
 * Programs on loopback with a relay in front of each node, each shop towards its node, and each shop towards its
 * buyers. Either of two nodes may be the dialer, so a line between nodes is one way of two relays.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodeClient } from '../harness/client.ts'
import { dialerEnvironment, identifyDialer } from '../harness/dialer.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { type End, faultNames, type Line, type LineState } from './faults.ts'
import { type Ground, type Member, nodeArguments } from './ground.ts'
import { Relay } from './relay.ts'

interface Placed {
  readonly member: Member
  readonly link: Relay
  readonly shopLink: Relay
  readonly buyerLink: Relay
}

export class RelayGround implements Ground {
  readonly kind = 'relays'
  readonly says =
    'TCP relays that stop forwarding without closing; what is dropped arrives when the line is clear again'
  readonly possible = faultNames
  readonly #placed: readonly Placed[]
  readonly #owned: Owned

  private constructor(placed: readonly Placed[], owned: Owned) {
    this.#placed = placed
    this.#owned = owned
  }

  /** `chance`: from 0 below 1, for the jitter. */
  static async open(names: readonly string[], chance: () => number): Promise<RelayGround> {
    const owned = new Owned()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'stockmesh-chaos-'))
      owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
      const placed: Placed[] = []
      for (const name of names) placed.push(await place(name, folder, chance, owned))
      return new RelayGround(placed, owned)
    } catch (error) {
      await owned[Symbol.asyncDispose]()
      throw error
    }
  }

  get members(): readonly Member[] {
    return this.#placed.map(({ member }) => member)
  }

  set(states: readonly { readonly line: Line; readonly state: LineState }[]): void {
    for (const { line, state } of states) this.#set(line, state)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }

  #set({ from, to }: Line, state: LineState): void {
    const [source, target] = [this.#at(from), this.#at(to)]
    if (source === null) throw new Error('What buyers send is not held up.')
    if (target === null) source.buyerLink.set('out', state)
    else if (source !== target) {
      target.link.set('in', state, source.member.name)
      source.link.set('out', state, target.member.name)
    } else source.shopLink.set(from.startsWith('node') ? 'in' : 'out', state)
  }

  #at(end: End): Placed | null {
    if (end === 'buyers') return null
    const placed = this.#placed[Number(end.split(' ')[1])]
    if (placed === undefined) throw new Error(`There is no ${end}.`)
    return placed
  }
}

async function place(name: string, folder: string, chance: () => number, owned: Owned): Promise<Placed> {
  const [shopPort, nodePort] = [await pickPort(), await pickPort()]
  const shop = owned.use(
    await Program.start({ name: `shop ${name}`, args: ['shop'], folder: join(folder, `shop-${name}`), port: shopPort }),
  )
  const shopLink = owned.use(await Relay.open({ target: shopPort, chance }))
  const buyerLink = owned.use(await Relay.open({ target: shopPort, chance }))
  const link = owned.use(await Relay.open({ target: nodePort, identify: identifyDialer, chance }))
  const node = owned.use(
    await Program.start({
      name: `node ${name}`,
      args: nodeArguments(name, link.url, shopLink.url),
      folder: join(folder, `node-${name}`),
      port: nodePort,
      env: dialerEnvironment(name),
    }),
  )
  const api = createNodeClient(node.url, adminToken)
  return {
    member: { name, node, shop, api, address: link.url, storefront: buyerLink.url },
    link,
    shopLink,
    buyerLink,
  }
}

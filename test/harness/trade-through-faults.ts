/**
 * Shops of different platforms on one stock: customers buy in all of them while nodes and shops are killed and lines are
 * cut, each in turn. In the end not one unit is wrong, anywhere, and each shop has published what was bought in it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { foundNetwork, untilAgreed } from './agreement.ts'
import { eventually } from './eventually.ts'
import type { Owned } from './owned.ts'
import { openMember, type PlatformMember, type PlatformShop } from './platform-shop.ts'

/** The pace of one shop's customers, in milliseconds, and of those who are ahead of the slowest shop's. */
const betweenSalesMs = 20
const aheadMs = 1_000

/** Every shop has them, with as much stock. */
const skus = ['MIX-1', 'MIX-2', 'MIX-3']
const stock = 5_000

interface Trade {
  /** By the names of their members. */
  readonly shops: Readonly<Record<string, PlatformShop>>
  /** Sales of each shop in each of its faults, at least. */
  readonly salesPerFault: number
  readonly folder: string
  readonly owned: Owned
}

export async function tradeThroughFaults({ shops, salesPerFault, folder, owned }: Trade): Promise<void> {
  const members: PlatformMember[] = []
  for (const [name, shop] of Object.entries(shops)) {
    for (const sku of skus) await shop.create(sku, stock)
    members.push(await openMember(name, shop, folder, owned))
  }
  await foundNetwork(members)
  const customers = members.map((member) => new Customers(member))
  /** Goes on once so many more were sold everywhere: what is switched is switched under load. */
  const traded = async (): Promise<void> => {
    for (const each of customers) each.goal = each.sales + salesPerFault
    const failure = Promise.race(customers.map(({ failed }) => failed))
    const areReached = (): boolean => customers.every(({ sales, goal }) => sales >= goal)
    await Promise.race([eventually('customers go on buying', areReached, { deadlineMs: 60_000 }), failure])
  }
  for (const member of members) {
    const { node, shop } = member
    await traded()
    await node.kill()
    await traded()
    await node.start()
    // What is under way is broken off, and nothing new comes through.
    shop.line.cut()
    shop.line.reset()
    await traded()
    shop.line.heal()
    await shop.restart?.()
  }
  await Promise.all(members.slice(1).map(({ node }) => node.kill()))
  await traded()
  await Promise.all(members.slice(1).map(({ node }) => node.start()))
  await traded()
  const sold = await Promise.all(customers.map((each) => each.leave()))

  for (const sku of skus) {
    const level = stock - sold.reduce((units, bySku) => units + (bySku.get(sku) ?? 0), 0)
    await eventually(
      `${sku} is ${level} in every node and shop`,
      async () => {
        const seen = await Promise.all(
          members.map(async ({ api, shop }) => [(await api.stockOf(sku))?.level, await shop.stockOf(sku)]),
        )
        if (seen.flat().every((number) => number === level)) return true
        throw new Error(`nodes and shops show ${JSON.stringify(seen)}`)
      },
      { deadlineMs: 90_000, every: 200 },
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)} ${await accountOf(sku, members, sold)}`, { cause: error })
    })
  }
  await untilAgreed(members)
  for (const [index, { api, name }] of members.entries()) {
    const { node } = await api.status()
    expect(await api.problems(), name).toEqual([])
    for (const sku of skus) {
      for (const witness of members) {
        const own = (await witness.api.stockOf(sku))?.byShop.find((shop) => shop.member === node.id)
        expect((own?.removed ?? 0) - (own?.added ?? 0), `${sku} of ${name}`).toBe(sold[index]?.get(sku) ?? 0)
      }
    }
  }
}

/** What was bought in each shop, what its own orders have of that, and what it told. */
async function accountOf(
  sku: string,
  members: readonly PlatformMember[],
  sold: readonly ReadonlyMap<string, number>[],
): Promise<string> {
  const accounts = members.map(async ({ api, name, shop }, index) => {
    const { node } = await api.status()
    const own = (await api.stockOf(sku))?.byShop.find(({ member }) => member === node.id)
    const changes = (await api.movements(sku)).filter(({ member, cause }) => member === node.id && cause !== 'sale')
    const told = `told -${own?.removed} +${own?.added}, not as sales ${JSON.stringify(changes)}`
    const bought = await shop.boughtOf?.(sku)
    const orders = bought === undefined ? '' : `, its orders have ${bought}`
    return `In ${name} (${shop.platform}) ${sold[index]?.get(sku)} were bought${orders}, and it ${told}.`
  })
  return (await Promise.all(accounts)).join(' ')
}

/** They buy one thing after the other in one shop. */
class Customers {
  readonly #member: PlatformMember
  readonly #sold = new Map<string, number>()
  readonly #buying: Promise<void>
  /** Rejects where they cannot buy, and never resolves. */
  readonly failed: Promise<never>
  #hasEnough = false
  sales = 0
  goal = 0

  constructor(member: PlatformMember) {
    this.#member = member
    this.#buying = this.#buy()
    this.failed = new Promise((_, reject) => void this.#buying.catch(reject))
    // Who waits for them hears of it, as does who sees them off.
    this.failed.catch(() => undefined)
  }

  async leave(): Promise<ReadonlyMap<string, number>> {
    this.#hasEnough = true
    await this.#buying
    return this.#sold
  }

  async #buy(): Promise<void> {
    while (!this.#hasEnough) {
      const sku = skus[this.sales % skus.length] ?? ''
      const units = 1 + (this.sales % 3)
      await this.#member.shop.sell(sku, units)
      this.#sold.set(sku, (this.#sold.get(sku) ?? 0) + units)
      this.sales += 1
      await pause(this.sales >= this.goal ? aheadMs : betweenSalesMs)
    }
  }
}

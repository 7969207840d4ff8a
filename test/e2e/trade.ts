/**
 * What a scenario does in a shop: sell, take back, type a number, create. By SKU, as people do.
 */
import { skuKey } from '@stockmesh/protocol'
import { expect } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { Member, Network } from '../harness/network.ts'

export async function sell(member: Member, sku: string, quantity: number, allowBackorder = false): Promise<string> {
  const order = await member.shopApi.placeOrder({ lines: [{ sku, quantity }], allowBackorder })
  return order.id
}

/** Types a number over the one that the shop shows. */
export async function type(member: Member, sku: string, stock: number): Promise<void> {
  await member.shopApi.changeProduct(await productId(member, sku), { stock })
}

/** Goods came in: so many more. */
export async function add(member: Member, sku: string, units: number): Promise<void> {
  await member.shopApi.changeProduct(await productId(member, sku), { stockChange: units })
}

export async function create(member: Member, sku: string, stock: number): Promise<void> {
  await member.shopApi.createProduct({ sku, name: `Vare ${sku}`, stock })
}

/** Whether a member's node shows this level. */
export async function showsLevel(member: Member, sku: string, level: number): Promise<true> {
  const seen = (await member.api.stockOf(sku))?.level ?? null
  if (seen !== level) throw new Error(`${member.name} shows ${seen}`)
  return true
}

/**
 * Waits until the network is in step and every node tells of these movements of a SKU and no other, in any order; every
 * node and shop then shows what they come to.
 */
export async function untilMoved(
  network: Network,
  sku: string,
  from: number,
  deltas: readonly number[],
): Promise<void> {
  const level = deltas.reduce((sum, delta) => sum + delta, from)
  await network.untilEverywhere(sku, level)
  await network.untilAgreed()
  for (const { name, api } of network.members) {
    const seen = (await api.movements(sku)).map(({ delta }) => delta)
    expect(seen.toSorted(ascending), name).toEqual(deltas.toSorted(ascending))
  }
  expect(new Set(await network.shopStocks(sku))).toEqual(new Set([level]))
}

/** Waits until the shops of a network of two show these numbers, which need not be alike. */
export async function untilShown(network: Network, sku: string, inM: number, inE: number): Promise<void> {
  await eventually(`${sku} is ${inM} in M and ${inE} in E`, async () => {
    const seen = await network.shopStocks(sku)
    if (seen[0] === inM && seen[1] === inE) return true
    throw new Error(`the shops show ${seen.join(' and ')}`)
  })
}

/** What a member itself added and removed, as another one holds it. */
export async function publishedBy(
  member: Member,
  witness: Member,
  sku: string,
): Promise<{ readonly added: number; readonly removed: number }> {
  const { node } = await member.api.status()
  const own = (await witness.api.stockOf(sku))?.byShop.find((shop) => shop.member === node.id)
  return { added: own?.added ?? 0, removed: own?.removed ?? 0 }
}

function ascending(one: number, other: number): number {
  return one - other
}

async function productId(member: Member, sku: string): Promise<string> {
  const products = await member.shopApi.products()
  const found = products.find((product) => product.sku !== null && skuKey(product.sku) === skuKey(sku))
  if (found === undefined) throw new Error(`${member.name} has no ${sku}.`)
  return found.id
}

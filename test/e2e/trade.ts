/**
 * What a scenario does in a shop: sell, take back, type a number, create. By SKU, as people do.
 */
import { skuKey } from '@stockmesh/protocol'
import type { Member } from '../harness/network.ts'

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

async function productId(member: Member, sku: string): Promise<string> {
  const products = await member.shopApi.products()
  const found = products.find((product) => product.sku !== null && skuKey(product.sku) === skuKey(sku))
  if (found === undefined) throw new Error(`${member.name} has no ${sku}.`)
  return found.id
}

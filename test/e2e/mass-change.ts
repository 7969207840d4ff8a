/** What a mass change is made with and looked at: a spreadsheet that is uploaded, what is held, levels by the hundred. */
import type { ProblemItem } from '@stockmesh/protocol'
import { eventually } from '../harness/eventually.ts'
import type { Member, Network } from '../harness/network.ts'

/** A spreadsheet with one number for all of them, eight rows at a time. */
export async function upload(member: Member, skus: readonly string[], stock: number): Promise<void> {
  const products = await member.shopApi.products()
  const queue = products.filter(({ sku }) => sku !== null && skus.includes(sku)).values()
  async function changeFromQueue(): Promise<void> {
    for (const { id } of queue) await member.shopApi.changeProduct(id, { stock })
  }
  await Promise.all(Array.from({ length: 8 }, changeFromQueue))
}

export async function heldAt(member: Member, count: number): Promise<ProblemItem> {
  return await eventually(`${count} SKUs are held`, async () => {
    const problem = (await member.api.problems()).find(({ kind }) => kind === 'held')
    if (problem?.count === count) return problem
    throw new Error(`${problem?.count ?? 'none'} are held`)
  })
}

export async function levelsAt(member: Member, skus: readonly string[]): Promise<ReadonlySet<number | null>> {
  const items = (await member.api.stock()).filter(({ sku }) => skus.includes(sku))
  return new Set(items.map(({ level }) => level))
}

/** All members have the levels of these SKUs, and nothing is on its way. */
export async function untilLevels(network: Network, skus: readonly string[], level: number): Promise<void> {
  await eventually(`all of them are at ${level}`, async () => {
    const seen = await Promise.all(network.members.map(async (member) => [...(await levelsAt(member, skus))]))
    if (seen.every((levels) => levels.length === 1 && levels[0] === level)) return true
    throw new Error(JSON.stringify(seen))
  })
}
